import { useExperiment, usePreferences, useRun } from '../session-context.ts';
import { chartNames } from './chart-names.ts';

/** What is seen, in a line: how to read the chart, and what this experiment is about. */
export function Sentence() {
  const chosen = usePreferences((state) => state.chart);
  const shown = useRun((run) => run.chart?.kind);
  const description = useExperiment((experiment) => experiment.description);
  const kept = useRun((run) => run.summary?.conserved.every(({ condition }) => condition.holds) ?? true);
  const { sentence, sentenceUnkept } = chartNames[shown ?? chosen];
  return (
    <p className="sentence">
      {kept ? sentence : (sentenceUnkept ?? sentence)}
      {description ? <span className="muted"> {description}</span> : null}
    </p>
  );
}
