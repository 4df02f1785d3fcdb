import type { MlpProblem } from '../../model/problem.ts';
import type { Random } from '../../model/random.ts';
import { analytic } from '../../model/taylor.ts';
import { type FieldSource, lieClosure } from './lie-closure.ts';
import { randomParameters } from './random-fields.ts';

/** Draws of theta for a piecewise activation; all of them only where the first eight differ. */
const DRAWS = 48;
const FIRST_DRAWS = 8;

/**
 * A random theta for any data. Where the activation is analytic the fields span the same almost everywhere: the first draw.
 * Else, of several the one at which they span most: in some regions a ReLU network has units that are dead, or active for
 * every input, and laws that do not hold elsewhere. Eight points are compared, and 40 more if these differ.
 */
export function* genericParameters(
  sampled: MlpProblem,
  fields: FieldSource,
  random: Random,
): Generator<readonly number[], Float64Array> {
  let best = randomParameters(sampled, random);
  if (analytic[sampled.architecture.activation]) return best;
  let most = 0;
  let least = Number.POSITIVE_INFINITY;
  let theta = best;
  for (let draw = 0; draw < (most === least ? FIRST_DRAWS : DRAWS); draw++) {
    const { dimension } = yield* lieClosure(fields, theta, 1);
    if (dimension > most) [most, best] = [dimension, theta];
    least = Math.min(least, dimension);
    theta = randomParameters(sampled, random);
  }
  return best;
}
