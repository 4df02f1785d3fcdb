import { conservedColour } from '../../view/colour.ts';
import { useInterface } from '../session-context.ts';

interface UnitBarsProps {
  readonly values: readonly number[];
  readonly onChoose: (unit: number) => void;
}

const WIDTH = 240;
const HEIGHT = 40;
const WIDEST = 16;

/** q_k of every unit as bars up and down from zero, in the colours of Q. A picture: the editor has the numbers. */
export function UnitBars({ values, onChoose }: UnitBarsProps) {
  const theme = useInterface((state) => state.theme);
  const reach = Math.max(...values.map(Math.abs), Number.MIN_VALUE);
  const pitch = WIDTH / values.length;
  const width = Math.min(pitch > 3 ? pitch - 1 : pitch, WIDEST);
  const middle = HEIGHT / 2;
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
      <line x1={0} x2={WIDTH} y1={middle} y2={middle} />
      {values.map((q, k) => {
        const length = Math.max(0.5, (Math.abs(q) / reach) * (middle - 1));
        return (
          <rect
            // biome-ignore lint/suspicious/noArrayIndexKey: a unit is its index.
            key={k}
            x={k * pitch}
            y={q > 0 ? middle - length : middle}
            width={width}
            height={length}
            fill={conservedColour(q, [-reach, reach], theme)}
          />
        );
      })}
    </svg>
  );
}
