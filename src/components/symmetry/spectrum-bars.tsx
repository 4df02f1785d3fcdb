import { conservedColour } from '../../view/colour.ts';
import { formatNumber } from '../format.ts';
import { useInterface } from '../session-context.ts';

interface SpectrumBarsProps {
  /** Eigenvalues, largest first. */
  readonly values: Float64Array;
}

const WIDTH = 300;
const HEIGHT = 56;

/** Eigenvalues as bars up and down from zero, in the colours of Q. */
export function SpectrumBars({ values }: SpectrumBarsProps) {
  const theme = useInterface((state) => state.theme);
  const reach = values.reduce((most, value) => Math.max(most, Math.abs(value)), Number.MIN_VALUE);
  const pitch = WIDTH / values.length;
  const width = Math.min(pitch > 3 ? pitch - 1 : pitch, 16);
  const middle = HEIGHT / 2;
  const [largest, smallest] = [formatNumber(values[0], 4), formatNumber(values.at(-1), 4)];
  return (
    <figure className="spectrum">
      <svg
        viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
        preserveAspectRatio="none"
        role="img"
        aria-label={`${values.length} eigenvalues of Q, from ${largest} to ${smallest}`}
      >
        <line x1={0} x2={WIDTH} y1={middle} y2={middle} />
        {Array.from(values, (value, k) => {
          const length = Math.max(0.5, (Math.abs(value) / reach) * (middle - 1));
          return (
            <rect
              // biome-ignore lint/suspicious/noArrayIndexKey: an eigenvalue is its place in the order.
              key={k}
              x={k * pitch}
              y={value > 0 ? middle - length : middle}
              width={width}
              height={length}
              fill={conservedColour(value, [-reach, reach], theme)}
            />
          );
        })}
      </svg>
      <figcaption className="spectrum-ends note">
        <span>Eigenvalues: {largest}</span>
        <span>{smallest}</span>
      </figcaption>
    </figure>
  );
}
