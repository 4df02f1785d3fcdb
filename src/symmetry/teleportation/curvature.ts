import { createRandom } from '../../model/random.ts';
import { addMultiple, dot, norm, unit } from '../../model/vector.ts';
import type { LieAlgebra } from '../group-action.ts';

/** Generators over which the curvature is averaged. */
const GENERATORS = 8;
/** Step of the central differences in the group. */
const DIFFERENCE = 1e-4;

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

/**
 * log psi(theta), psi the mean of kappa over random generators. Its slope is taken in the span of these generators, by
 * central differences along an orthonormal basis of it: two evaluations for each, whatever the dimension of the group, and
 * no gradient of the loss. Where the group has no more dimensions than there are generators the slope is the whole one.
 */
export function logMeanCurvature(
  algebra: LieAlgebra,
  seed: number,
): (theta: Float64Array, slope: Float64Array) => number {
  const generators = randomGenerators(algebra.dimension, GENERATORS, seed);
  const basis = orthonormalised(generators);
  const value = (theta: Float64Array): number =>
    Math.log(generators.reduce((sum, m) => sum + orbitCurvature(algebra, theta, m), 0) / GENERATORS);
  return (theta, slope) => {
    slope.fill(0);
    for (const direction of basis) {
      const along = (step: number) =>
        value(
          algebra.flow(
            direction.map((x) => step * x),
            theta,
          ),
        );
      addMultiple(slope, (along(DIFFERENCE) - along(-DIFFERENCE)) / (2 * DIFFERENCE), direction);
    }
    return value(theta);
  };
}

/** An orthonormal basis of the span of unit vectors, by Gram-Schmidt, twice; what depends on the ones before falls away. */
function orthonormalised(vectors: readonly Float64Array[]): Float64Array[] {
  const basis: Float64Array[] = [];
  for (const vector of vectors) {
    const rest = vector.slice();
    for (let pass = 0; pass < 2; pass++) {
      for (const other of basis) addMultiple(rest, -dot(rest, other), other);
    }
    if (norm(rest) > 1e-8) basis.push(unit(rest));
  }
  return basis;
}
