import { addMultiple, dot, norm, unit } from '../../model/vector.ts';
import type { LieAlgebra } from '../group-action.ts';
import { orbitCurvature, randomGenerators } from './curvature.ts';

/** Generators over which the curvature is averaged. */
const GENERATORS = 4;
/** Step of differences in the group: curvatures are exact to rounding, so it is small and one-sided. */
const DIFFERENCE = 1e-7;

/** A function of theta that writes its slope in coordinates at the identity (objectives.ts). */
type Evaluate = (theta: Float64Array, slope: Float64Array) => number;

/** log psi(theta), psi the mean of the curvatures kappa of the orbit along seeded random generators (math.md E3). */
export function logMeanCurvature(algebra: LieAlgebra, seed: number): Evaluate {
  const generators = randomGenerators(algebra.dimension, GENERATORS, seed);
  const adjoint = adjoints[algebra.generators];
  return adjoint
    ? byAdjoints(
        algebra,
        generators,
        generators.map((m) => adjoint(algebra, m)),
      )
    : byDifferences(algebra, generators);
}

/** The generator whose field is the transpose of the field of M, for actions that are linear in theta; null for the others. */
const adjoints: Record<
  LieAlgebra['generators'],
  ((algebra: LieAlgebra, m: Float64Array) => Float64Array) | null
> = {
  symmetric: (_, m) => m,
  antisymmetric: (_, m) => m.map((x) => -x),
  // gl(n), whose coordinates are the entries of the matrices.
  mixed: ({ matrices }, m) => Float64Array.from(matrices(m).flatMap((x) => transposed(x))),
  nonlinear: null,
};

function transposed(square: Float64Array): number[] {
  const n = Math.sqrt(square.length);
  return Array.from(square, (_, i) => square[(i % n) * n + Math.floor(i / n)]!);
}

/**
 * The slope of actions that are linear in theta. With v = M theta, a = M v, n the unit vector of the part a' of a across v,
 * kappa = |a'|/|v|^2 has the derivatives n/|v|^2 in a and -((v . a) n + 2 |a'| v)/|v|^4 in v, which the transpose of M
 * takes back to theta.
 */
function byAdjoints(
  algebra: LieAlgebra,
  generators: readonly Float64Array[],
  transposes: readonly Float64Array[],
): Evaluate {
  return (theta, slope) => {
    const covector = new Float64Array(theta.length);
    const [v, a, moved] = [theta.slice(), theta.slice(), theta.slice()];
    let sum = 0;
    generators.forEach((m, k) => {
      algebra.infinitesimal(theta, m, v);
      algebra.infinitesimal(v, m, a);
      const square = dot(v, v);
      const along = dot(v, a);
      if (square === 0) return;
      addMultiple(a, -along / square, v);
      const across = norm(a);
      if (across === 0) return;
      sum += across / square;
      // In turn d kappa/da, its transport by M^T plus d kappa/dv, and that transported.
      const n = unit(a);
      algebra.infinitesimal(n, transposes[k]!, moved);
      for (let i = 0; i < moved.length; i++) {
        moved[i] = moved[i]! / square - (along * n[i]! + 2 * across * v[i]!) / square ** 2;
      }
      algebra.infinitesimal(moved, transposes[k]!, a);
      addMultiple(covector, 1, a);
    });
    algebra.pairing(theta, covector, slope);
    for (let k = 0; k < slope.length; k++) slope[k]! /= sum;
    return Math.log(sum / generators.length);
  };
}

/**
 * The slope in the span of the generators, by differences along an orthonormal basis of it: one evaluation of psi for each,
 * whatever the dimension of the group. It is the whole slope where the group has no more dimensions than there are generators.
 */
function byDifferences(algebra: LieAlgebra, generators: readonly Float64Array[]): Evaluate {
  const basis = orthonormalised(generators);
  const value = (theta: Float64Array): number =>
    Math.log(generators.reduce((sum, m) => sum + orbitCurvature(algebra, theta, m), 0) / generators.length);
  return (theta, slope) => {
    const here = value(theta);
    slope.fill(0);
    for (const direction of basis) {
      const step = direction.map((x) => DIFFERENCE * x);
      addMultiple(slope, (value(algebra.flow(step, theta)) - here) / DIFFERENCE, direction);
    }
    return here;
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
