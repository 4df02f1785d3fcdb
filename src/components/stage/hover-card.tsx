import { formatInteger, formatNumber } from '../format.ts';
import { flowTitle, readFlow } from '../readings.ts';
import { useInterface, useRun } from '../session-context.ts';

/** The numbers under the pointer. Stays inside the frame: to the left of the pointer in the right half, above in the lower. */
export function HoverCard() {
  const hover = useInterface((state) => state.hover);
  const run = useRun((state) => state);
  const reading = hover ? readFlow(run, hover.flow, hover.frame) : null;
  if (!hover || !reading) return null;
  const rows: readonly (readonly [string, string])[] = [
    ['Flow', flowTitle(reading)],
    ['Step, time', `${formatInteger(reading.step)}, ${formatNumber(reading.time, 4)}`],
    ['Loss', formatNumber(reading.loss)],
    ['Q', formatNumber(reading.q, 5)],
    ['Off the chart', formatNumber(reading.offChart, 2)],
  ];
  return (
    <dl
      className="hover-card"
      style={{
        left: hover.x,
        top: hover.y,
        translate: `${hover.x > 280 ? 'calc(-100% - 16px)' : '16px'} ${hover.y > 200 ? 'calc(-100% - 16px)' : '16px'}`,
      }}
    >
      {rows.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}
