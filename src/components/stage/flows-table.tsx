import { conservedColour } from '../../view/colour.ts';
import { ABSENT, formatInteger, formatNumber } from '../format.ts';
import { type FlowReading, readFlows } from '../readings.ts';
import { flowColourRange } from '../run-colours.ts';
import { useInterface, useShared } from '../session-context.ts';
import { useSampled } from '../use-sampled.ts';

type Column = readonly [name: string, read: (reading: FlowReading) => string];

const numeric: readonly Column[] = [
  ['Q', ({ q }) => formatNumber(q, 6)],
  ['Step', ({ step }) => (Number.isNaN(step) ? ABSENT : formatInteger(step))],
  ['Time', ({ time }) => formatNumber(time, 4)],
  ['Loss', ({ loss }) => formatNumber(loss, 4)],
  ['Drift of Q', ({ drift }) => formatNumber(drift, 3)],
  ['Off the chart', ({ offChart }) => formatNumber(offChart, 3)],
];

/** The picture in numbers: a row per flow at the cursor. Always there for screen readers, in sight on request. */
export function FlowsTable() {
  const { session, ui } = useShared();
  const open = useInterface((state) => state.tableOpen);
  const theme = useInterface((state) => state.theme);
  const highlight = useInterface((state) => state.highlight);
  const rows = useSampled(
    () => readFlows(session.run.getState(), session.playback.getState().cursor),
    open ? 10 : 4,
  );
  const range = flowColourRange(session.run.getState());
  return (
    // A scrollable region must be reachable by keyboard; off screen there is nothing to scroll.
    <div
      className={open ? 'flows' : 'flows sr-only'}
      {...(open ? { tabIndex: 0, role: 'group', 'aria-label': 'All flows' } : {})}
    >
      <table aria-label="Flows" className="flows-table">
        <thead>
          <tr>
            <th scope="col">Label</th>
            {numeric.map(([name]) => (
              <th key={name} scope="col" className="number">
                {name}
              </th>
            ))}
            <th scope="col">Outcome</th>
          </tr>
        </thead>
        <tbody onPointerLeave={() => ui.setState({ highlight: null })}>
          {rows.map((reading) => (
            <tr
              key={reading.flow}
              data-steered={reading.steered}
              data-highlight={reading.flow === highlight}
              onPointerEnter={() => ui.setState({ highlight: reading.flow })}
            >
              <th scope="row">
                <span
                  className="flow-mark"
                  data-dashed={reading.twin}
                  style={{ color: conservedColour(reading.startQ, range, theme) }}
                  aria-hidden="true"
                />
                {reading.steered ? `${reading.label} (steered)` : reading.label}
              </th>
              {numeric.map(([name, read]) => (
                <td key={name} className="number">
                  {read(reading)}
                </td>
              ))}
              <td title={reading.advice || undefined}>{reading.outcome || ABSENT}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
