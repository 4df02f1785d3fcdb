import type { Problem } from '../model/problem.ts';
import { applicableGroups, automaticGroup, groups } from '../symmetry/groups.ts';
import { DocumentError } from './document-error.ts';
import type { Experiment } from './experiment.ts';
import type { ResolvedTeleportation } from './resolved-experiment.ts';
import { teleportationPlan } from './teleportations.ts';

/** Why 'auto' finds nothing. */
const noneExact = (problem: Problem): string =>
  applicableGroups(problem).some(({ continuous }) => continuous)
    ? 'No group keeps the loss exactly on these data: use at most as many samples as inputs, choose a group by name to jump all the same, or remove the teleportations.'
    : 'No continuous group acts on these parameters: choose another activation, or remove the teleportations.';

/**
 * How the flows of an experiment teleport. What 'auto' means is decided once, at `theta`, for all flows and jumps. Throws
 * DocumentError where the group does not act on the parameters.
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
  const objection = group === null ? noneExact(problem) : groups[group].applies(problem);
  if (group === null || objection !== null) {
    throw new DocumentError('teleportations.group', `teleportations.group: ${objection}`);
  }
  const { exact, message } = groups[group].create(problem).exactness(theta);
  return { plan: teleportationPlan(experiment, group), group, exact, message };
}
