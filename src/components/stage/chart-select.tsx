import { useId } from 'react';
import type { ChartKind } from '../../landscape/chart.ts';
import { usePreferences, useRun, useSession } from '../session-context.ts';
import { chartNames } from './chart-names.ts';

/** The chart of parameter space. Those that do not fit the present network stay in the menu, disabled. */
export function ChartSelect() {
  const session = useSession();
  const id = useId();
  const chosen = usePreferences((state) => state.chart);
  const shown = useRun((run) => run.chart?.kind);
  const fitting = useRun((run) => run.summary?.charts);
  const value = fitting && !fitting.includes(chosen) ? (shown ?? fitting[0] ?? chosen) : chosen;
  return (
    <div className="chart-select" title="Which chart of parameter space is drawn">
      <label htmlFor={id}>Chart</label>
      <select
        id={id}
        className="select select-prominent"
        value={value}
        onChange={(event) => session.selectChart(event.target.value as ChartKind)}
      >
        {(Object.keys(chartNames) as ChartKind[]).map((kind) => (
          <option key={kind} value={kind} disabled={fitting ? !fitting.includes(kind) : false}>
            {chartNames[kind].label}
          </option>
        ))}
      </select>
    </div>
  );
}
