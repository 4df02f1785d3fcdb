import { createRandom } from '../../model/random.ts';
import { addMultiple, dot, norm, unit } from '../../model/vector.ts';
import type { LieAlgebra } from '../group-action.ts';

/**
 * kappa of the curve s -> exp(sM) . theta at s = 0 (math.md E3): sqrt(|g'|^2 |g''|^2 - (g' . g'')^2)/|g'|^3. 0 where M
 * moves nothing.
 */
export function orbitCurvature(algebra: LieAlgebra, theta: Float64Array, generator: Float64Array): number {
  const velocity = new Float64Array(theta.length);
  const acceleration = new Float64Array(theta.length);
  algebra.infinitesimal(theta, generator, velocity);
  algebra.acceleration(theta, generator, acceleration);
  const square = dot(velocity, velocity);
  if (square === 0) return 0;
  // |g''| without its part along g', which is the same with less cancellation.
  addMultiple(acceleration, -dot(velocity, acceleration) / square, velocity);
  return norm(acceleration) / square;
}

/** Seeded random generators M of unit length, with independent normal coordinates. */
export function randomGenerators(dimension: number, count: number, seed: number): Float64Array[] {
  const random = createRandom(seed, 'generators');
  return Array.from({ length: count }, () =>
    unit(Float64Array.from({ length: dimension }, () => random.normal())),
  );
}
