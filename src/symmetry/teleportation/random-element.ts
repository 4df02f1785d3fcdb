import type { LossFunction } from '../../model/loss-function.ts';
import { createRandom } from '../../model/random.ts';
import { unit } from '../../model/vector.ts';
import type { GroupAction } from '../group-action.ts';
import { type Landing, stay } from './landing.ts';
import type { TeleportationOptions } from './options.ts';
import { defined } from './orbit-function.ts';

/** How often a random element is shortened to half until its action is defined and the loss finite. */
const HALVINGS = 20;

/**
 * Applies one seeded random element: exp(X) with X of length `maximumDistance` in a uniformly random direction, shorter
 * where that is not defined; of a discrete group any element.
 */
export function applyRandom(
  action: GroupAction,
  loss: LossFunction,
  theta: Float64Array,
  { seed = 0, maximumDistance }: TeleportationOptions,
): Landing {
  const random = createRandom(seed, 'group element');
  const { algebra } = action;
  if (algebra === null) {
    const moved = action.act(action.random(random, maximumDistance), theta);
    return { theta: moved, distance: 0, iterations: 1, message: 'One random element was applied' };
  }
  const direction = unit(Float64Array.from({ length: algebra.dimension }, () => random.normal()));
  for (let i = 0, distance = maximumDistance; i <= HALVINGS; i++, distance /= 2) {
    const moved = defined(() =>
      algebra.flow(
        direction.map((x) => distance * x),
        theta,
      ),
    );
    if (moved && Number.isFinite(loss.loss(moved))) {
      const shorter = i > 0 ? ', shortened until the loss was finite' : '';
      return { theta: moved, distance, iterations: 1, message: `One random element was applied${shorter}` };
    }
  }
  return stay(theta, 'No random element of this length or shorter is defined here, so nothing moved');
}
