import { formatInteger, formatNumber } from '../format.ts';
import { flowTitle, readFlow } from '../readings.ts';
import { steeredFlow } from '../run-colours.ts';
import { useShared } from '../session-context.ts';
import { useSampled } from '../use-sampled.ts';

/** The numbers of one flow at the cursor: the one pointed at, else the steered one. */
export function CursorReading() {
  const { session, ui } = useShared();
  const reading = useSampled(() => {
    const run = session.run.getState();
    const flow = ui.getState().highlight ?? (run.summary ? steeredFlow(run.summary) : null) ?? 0;
    return readFlow(run, flow, session.playback.getState().cursor);
  });
  const rows: readonly (readonly [string, string])[] = [
    ['Step', Number.isNaN(reading?.step ?? Number.NaN) ? '–' : formatInteger(reading!.step)],
    ['Time', formatNumber(reading?.time, 4)],
    ['Loss', formatNumber(reading?.loss, 4)],
    ['Q', formatNumber(reading?.q, 6)],
    ['Drift of Q', formatNumber(reading?.drift, 2)],
    ['Gradient norm', formatNumber(reading?.gradientNorm, 3)],
    ['Off the chart', formatNumber(reading?.offChart, 2)],
  ];
  return (
    <section className="reading" aria-label="At the cursor">
      <h2 className="panel-heading">
        At the cursor
        <span className="reading-flow">{reading ? flowTitle(reading) : 'no flow yet'}</span>
      </h2>
      <dl className="reading-list">
        {rows.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
