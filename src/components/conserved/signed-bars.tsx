import { conservedColour } from '../../view/colour.ts';
import { useInterface } from '../session-context.ts';

interface SignedBarsProps {
  readonly values: ArrayLike<number>;
  /** Size of the picture that they fill, in its own units. */
  readonly width: number;
  readonly height: number;
}

const WIDEST = 16;

/** Numbers as bars up and down from zero, in the colours of Q: the content of an SVG picture. */
export function SignedBars({ values, width, height }: SignedBarsProps) {
  const theme = useInterface((state) => state.theme);
  const reach = Array.from(values).reduce((most, value) => Math.max(most, Math.abs(value)), Number.MIN_VALUE);
  const pitch = width / values.length;
  const thickness = Math.min(pitch > 3 ? pitch - 1 : pitch, WIDEST);
  const middle = height / 2;
  return (
    <>
      <line x1={0} x2={width} y1={middle} y2={middle} />
      {Array.from(values, (value, k) => {
        const length = Math.max(0.5, (Math.abs(value) / reach) * (middle - 1));
        return (
          <rect
            // biome-ignore lint/suspicious/noArrayIndexKey: a bar is its place in the row.
            key={k}
            x={k * pitch}
            y={value > 0 ? middle - length : middle}
            width={thickness}
            height={length}
            fill={conservedColour(value, [-reach, reach], theme)}
          />
        );
      })}
    </>
  );
}
