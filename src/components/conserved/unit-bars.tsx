import { SignedBars } from './signed-bars.tsx';

interface UnitBarsProps {
  readonly values: readonly number[];
  readonly onChoose: (unit: number) => void;
}

const WIDTH = 240;
const HEIGHT = 40;

/** q_k of every unit as bars up and down from zero, in the colours of Q. A picture: the editor has the numbers. */
export function UnitBars({ values, onChoose }: UnitBarsProps) {
  return (
    <svg
      className="unit-bars"
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      preserveAspectRatio="none"
      aria-hidden="true"
      onClick={(event) => {
        const { left, width: shown } = event.currentTarget.getBoundingClientRect();
        event.preventDefault();
        onChoose(Math.min(values.length - 1, Math.floor(((event.clientX - left) / shown) * values.length)));
      }}
    >
      <SignedBars values={values} width={WIDTH} height={HEIGHT} />
    </svg>
  );
}
