import { useRef } from 'react';
import { conservedColour } from '../../view/colour.ts';
import { formatShort } from '../format.ts';
import { useInterface } from '../session-context.ts';
import { useWidth } from '../use-width.ts';
import { type Interval, spread, type Tick } from './slider-scale.ts';

interface QTicksProps {
  readonly ticks: readonly Tick[];
  readonly interval: Interval;
  readonly onChoose: (value: number) => void;
}

/** Half the thumb: how far the ends of the scale are from the ends of the slider. What a character of a label takes. */
const THUMB = 11;
const CHARACTER = 6.6;
const LEADER = 14;

/** Marks under the slider at the values worth going to, with labels that keep apart and lines that lead to them. */
export function QTicks({ ticks, interval, onChoose }: QTicksProps) {
  const container = useRef<HTMLDivElement>(null);
  const width = useWidth(container, 256);
  const theme = useInterface((state) => state.theme);
  const { minimum, maximum } = interval;
  const ends: Tick[] = [
    { value: minimum, label: formatShort(minimum, 3), name: 'Least Q of the slider' },
    { value: maximum, label: formatShort(maximum, 3), name: 'Greatest Q of the slider' },
  ];
  const inner = ticks.filter(({ value }) => value > minimum && value < maximum);
  const all = [ends[0]!, ...inner, ends[1]!];
  const wanted = all.map(
    ({ value }) => THUMB + ((value - minimum) / (maximum - minimum || 1)) * (width - 2 * THUMB),
  );
  const widths = all.map(({ label }) => label.length * CHARACTER + 6);
  const centres = spread(wanted, widths, width);
  const range: [number, number] = [minimum, maximum];
  return (
    <div className="q-ticks" ref={container}>
      <svg width={width} height={LEADER} aria-hidden="true">
        {inner.map(({ label, value }, i) => (
          <path
            key={`${label} ${value}`}
            d={`M${wanted[i + 1]} 0V4L${centres[i + 1]} ${LEADER}`}
            stroke={conservedColour(value, range, theme)}
          />
        ))}
      </svg>
      {all.map(({ label, value, name }, i) => (
        <button
          key={`${label} ${value}`}
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
