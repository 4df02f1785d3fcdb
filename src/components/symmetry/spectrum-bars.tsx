import { SignedBars } from '../conserved/signed-bars.tsx';
import { formatNumber } from '../format.ts';

interface SpectrumBarsProps {
  /** Eigenvalues, largest first. */
  readonly values: Float64Array;
}

const WIDTH = 300;
const HEIGHT = 56;

/** Eigenvalues as bars up and down from zero, in the colours of Q. */
export function SpectrumBars({ values }: SpectrumBarsProps) {
  const [largest, smallest] = [formatNumber(values[0], 4), formatNumber(values.at(-1), 4)];
  return (
    <figure className="spectrum">
      <svg
        viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
        preserveAspectRatio="none"
        role="img"
        aria-label={`${values.length} eigenvalues of Q, from ${largest} to ${smallest}`}
      >
        <SignedBars values={values} width={WIDTH} height={HEIGHT} />
      </svg>
      <figcaption className="spectrum-ends note">
        <span>Eigenvalues: {largest}</span>
        <span>{smallest}</span>
      </figcaption>
    </figure>
  );
}
