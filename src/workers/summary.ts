import type { ResolvedExperiment } from '../experiment/resolved-experiment.ts';
import { conservedLaw } from '../flow/weight-decay.ts';
import type { ParametersKnown } from '../landscape/chart-input.ts';
import { fittingCharts } from '../landscape/charts.ts';
import { parameterCount } from '../model/parameters.ts';
import { sampleCount } from '../model/problem.ts';
import { noConservedQuantity } from '../symmetry/conserved-quantities.ts';
import { groups } from '../symmetry/groups.ts';
import type { FlowSummary, RunSummary } from './protocol.ts';

/** The layer pair whose Q is shown: the one that the experiment sets, else the first; null where there is no Q. */
export const shownLayerPair = ({ experiment, conserved }: ResolvedExperiment): number | null =>
  conserved.length === 0 ? null : (experiment.conservedQuantity?.layerPair ?? 0);

/** What the page is told when a run starts. */
export function summarise(
  resolved: ResolvedExperiment,
  flows: readonly FlowSummary[],
  how: { readonly steer: boolean; readonly replay: boolean; readonly parameters: ParametersKnown },
): RunSummary {
  const { problem, experiment, setting, teleportation } = resolved;
  const context = { problem, layerPair: shownLayerPair(resolved), parameters: how.parameters };
  return {
    experiment,
    steer: how.steer,
    replay: how.replay,
    flows: flows.map(({ label, role, q }) => ({ label, role, q })),
    conserved: resolved.conserved.map(({ layerPair, units, formula, condition }) => ({
      layerPair,
      units,
      formula,
      condition,
      law: conservedLaw(formula, experiment.flow.weightDecay),
    })),
    setting,
    noConservedQuantity: noConservedQuantity(problem),
    teleportation: teleportation && {
      teleports: teleportation.plan !== null,
      group: teleportation.group,
      exact: teleportation.exact,
      message: teleportation.message,
    },
    groups: Object.values(groups)
      .filter(({ continuous }) => continuous)
      .map(({ name, label, symbol, applies }) => ({ name, label, symbol, refusal: applies(problem) ?? '' })),
    parameterCount: parameterCount(problem.architecture),
    samples: sampleCount(problem),
    charts: fittingCharts(context),
  };
}
