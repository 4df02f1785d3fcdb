import type { Problem } from '../model/problem.ts';
import { applicableGroups, automaticGroup, groups } from '../symmetry/groups.ts';
import { DocumentError } from './document-error.ts';
import type { Experiment } from './experiment.ts';
import type { ResolvedTeleportation } from './resolved-experiment.ts';
import { teleportationPlan } from './teleportations.ts';

/** Said where 'auto' finds a group that acts, but none that keeps the loss. */
const NONE_EXACT =
  'No group keeps the loss exactly on these data, so nothing jumps: use at most as many samples as inputs, or choose a group by name to jump all the same.';

/**
 * How the flows of an experiment teleport. What 'auto' means is decided once, at `theta`, for all flows and jumps. Nothing jumps
 * where 'auto' finds no group that keeps the loss. Throws DocumentError where the group does not act on the parameters.
 */
export function resolveTeleportation(
  experiment: Experiment,
  problem: Problem,
  theta: Float64Array,
): ResolvedTeleportation | null {
  const { teleportations } = experiment;
  if (!teleportations) return null;
  const asked = teleportations.group;
  const group = asked === 'auto' ? automaticGroup(problem, theta) : asked;
  const inexact = group ?? applicableGroups(problem).find(({ continuous }) => continuous)?.name;
  const objection = inexact
    ? groups[inexact].applies(problem)
    : 'No continuous group acts on these parameters: choose another activation, or remove the teleportations.';
  if (!inexact || objection !== null) {
    throw new DocumentError('teleportations.group', `teleportations.group: ${objection}`);
  }
  if (group === null) return { plan: null, group: inexact, exact: false, message: NONE_EXACT };
  const { exact, message } = groups[group].create(problem).exactness(theta);
  return { plan: teleportationPlan(experiment, group), group, exact, message };
}
