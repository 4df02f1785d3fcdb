import type { LossFunction } from '../model/loss-function.ts';
import type { Problem } from '../model/problem.ts';
import { automaticGroup, groups } from './groups.ts';
import { finish, type Steps } from './steps.ts';
import { jump } from './teleportation/jump.ts';
import type { Jump, TeleportationOptions } from './teleportation/options.ts';
import { TeleportationError } from './teleportation/teleportation-error.ts';

/**
 * Teleports theta (length P) along its orbit (Zhao, Dehmamy, Walters, Yu 2022; math.md E): ascends the objective in the Lie
 * algebra of the group with exact group elements, never past `maximumDistance` and never to a worse point. `loss` is that
 * of the problem. Neither theta nor anything else is changed; the same input gives the same jump. Throws
 * TeleportationError, one sentence, where the group or the objective does not apply to the problem.
 */
export const teleport = (
  problem: Problem,
  loss: LossFunction,
  theta: Float64Array,
  options: TeleportationOptions,
): Jump => finish(teleportSteps(problem, loss, theta, options));

/** The same in pieces of a few evaluations of the objective; `loss` is used by nobody else until the last. */
export function* teleportSteps(
  problem: Problem,
  loss: LossFunction,
  theta: Float64Array,
  options: TeleportationOptions,
): Steps<Jump> {
  const { iterations, maximumDistance } = options;
  if (!(Number.isInteger(iterations) && iterations > 0)) {
    throw new TeleportationError('The iterations of a teleportation must be a whole number from 1 up.');
  }
  if (!(maximumDistance > 0 && Number.isFinite(maximumDistance))) {
    throw new TeleportationError('The maximum distance of a teleportation must be a positive number.');
  }
  const name = options.group === 'auto' ? automaticGroup(problem, theta) : options.group;
  if (name === null) {
    throw new TeleportationError(
      'No continuous group keeps the loss exactly here: use at most as many samples as inputs, or choose the group by name.',
    );
  }
  const reason = groups[name].applies(problem);
  if (reason !== null) throw new TeleportationError(reason);
  return yield* jump(groups[name].create(problem), problem, loss, theta, options);
}
