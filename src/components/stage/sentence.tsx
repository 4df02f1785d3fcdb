import { isMlpExperiment } from '../../experiment/experiment.ts';
import type { RunSummary } from '../../workers/protocol.ts';
import { useExperiment, usePreferences, useRun } from '../session-context.ts';
import { type ChartName, chartNames } from './chart-names.ts';

/** What is seen, in a line: how to read the chart, and what this experiment is about. */
export function Sentence() {
  const chosen = usePreferences((state) => state.chart);
  const shown = useRun((run) => run.chart?.kind);
  const description = useExperiment((experiment) => experiment.description);
  const summary = useRun((run) => run.summary);
  return (
    <p className="sentence">
      {sentenceOf(chartNames[shown ?? chosen], summary)}
      {description ? <span className="muted"> {description}</span> : null}
    </p>
  );
}

/** The sentence that is true of a run: of a function, of data or weight decay that break the conservation of Q, of flows that jump. */
function sentenceOf(name: ChartName, summary: RunSummary | null): string {
  const { sentence, sentenceFunction, sentenceUnkept, sentenceDecaying, sentenceJumping } = name;
  if (!summary) return sentence;
  if (!isMlpExperiment(summary.experiment)) return sentenceFunction ?? sentence;
  if (summary.conserved.some(({ condition }) => !condition.holds)) return sentenceUnkept ?? sentence;
  if (summary.experiment.flow.weightDecay) return sentenceDecaying ?? sentence;
  return (summary.teleportation?.teleports && sentenceJumping) || sentence;
}
