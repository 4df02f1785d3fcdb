import { useExperiment, usePreferences, useRun } from '../session-context.ts';
import { chartNames } from './chart-names.ts';

/** What is seen, in a line: how to read the chart, and what this experiment is about. */
export function Sentence() {
  const chosen = usePreferences((state) => state.chart);
  const shown = useRun((run) => run.chart?.kind);
  const notes = useRun((run) => run.chart?.notes);
  const description = useExperiment((experiment) => experiment.description);
  const chart = shown ?? chosen;
  return (
    <div className="sentence">
      <p>
        {chartNames[chart].sentence}
        {description ? <span className="muted"> {description}</span> : null}
      </p>
      <p className="muted">{notes?.join(' ')}</p>
    </div>
  );
}
