import { conservedColour } from '../../view/colour.ts';
import { formatShort } from '../format.ts';
import { useInterface } from '../session-context.ts';
import { type Interval, spread, type Tick } from './slider-scale.ts';

interface QTicksProps {
  readonly ticks: readonly Tick[];
  readonly interval: Interval;
  readonly onChoose: (value: number) => void;
}

/** Width of the track between the centres of the thumb at its ends, and what a character of a label takes, in pixels. */
const TRACK = 232;
const CHARACTER = 6.6;
const LEADER = 14;

/** Marks under the slider at the values worth going to, with labels that keep apart and lines that lead to them. */
export function QTicks({ ticks, interval, onChoose }: QTicksProps) {
  const theme = useInterface((state) => state.theme);
  const { minimum, maximum } = interval;
  const ends: Tick[] = [
    { value: minimum, label: formatShort(minimum, 3), name: 'Least Q of the slider' },
    { value: maximum, label: formatShort(maximum, 3), name: 'Greatest Q of the slider' },
  ];
  const inner = ticks.filter(({ value }) => value > minimum && value < maximum);
  const all = [ends[0]!, ...inner, ends[1]!];
  const wanted = all.map(({ value }) => ((value - minimum) / (maximum - minimum || 1)) * TRACK);
  const widths = all.map(({ label }) => label.length * CHARACTER + 6);
  const overhang = 10;
  const centres = spread(
    wanted.map((x) => x + overhang),
    widths,
    TRACK + 2 * overhang,
  );
  const range: [number, number] = [minimum, maximum];
  return (
    <div className="q-ticks">
      <svg viewBox={`0 0 ${TRACK + 2 * overhang} ${LEADER}`} height={LEADER} aria-hidden="true">
        {all.map(({ label, value }, i) => (
          <path
            key={label}
            d={`M${wanted[i]! + overhang} 0V4L${centres[i]} ${LEADER}`}
            stroke={conservedColour(value, range, theme)}
          />
        ))}
      </svg>
      {all.map(({ label, value, name }, i) => (
        <button
          key={label}
          type="button"
          className="q-tick"
          style={{ left: centres[i], width: widths[i] }}
          title={`${name}: ${formatShort(value)}`}
          aria-label={`${name}: ${formatShort(value)}`}
          onClick={() => onChoose(value)}
        >
          {label}
        </button>
      ))}
    </div>
  );
}
