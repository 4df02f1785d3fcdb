import { expect } from 'vitest';
import { createLoss } from '../../model/network.ts';
import type { Problem } from '../../model/problem.ts';
import type { GroupAction, GroupElement } from '../group-action.ts';
import { normals } from './problems.ts';

/** Greatest difference of two arrays, relative to the greatest entry of the second where that is above 1. */
export function difference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let [gap, size] = [a.length === b.length ? 0 : Number.POSITIVE_INFINITY, 1];
  for (let i = 0; i < b.length; i++) {
    const d = Math.abs(a[i]! - b[i]!);
    gap = Number.isNaN(d) ? d : Math.max(gap, d);
    size = Math.max(size, Math.abs(b[i]!));
  }
  return gap / size;
}

/** The greatest `difference` of two group elements' matrices. */
export const elementDifference = (a: GroupElement, b: GroupElement): number =>
  Math.max(...b.map((matrix, k) => difference(a[k]!, matrix)));

/** |L(to) - L(from)| / L(from). */
export function lossChange(problem: Problem, from: Float64Array, to: Float64Array): number {
  const { loss } = createLoss(problem);
  const before = loss(from);
  return Math.abs(loss(to) - before) / before;
}

/** |grad L|. */
export function gradientNorm(problem: Problem, theta: Float64Array): number {
  const gradient = new Float64Array(theta.length);
  createLoss(problem).gradient(theta, gradient);
  return Math.hypot(...gradient);
}

/**
 * The Lie algebra of an action at theta against its definition: xi and the acceleration are the derivatives of the flow
 * (central differences with Richardson's extrapolation, errors of order step^4 and rounding), the flow acts by exp, the
 * pairing is the adjoint of xi. `reach` is how far from the identity the action is compared.
 */
export function expectLieAlgebra(action: GroupAction, theta: Float64Array, seed: number, reach = 1): void {
  const algebra = action.algebra!;
  const c = normals(algebra.dimension, seed);
  const size = Math.hypot(...c);
  for (let k = 0; k < c.length; k++) c[k]! /= size;
  const at = (s: number) =>
    algebra.flow(
      c.map((x) => s * x),
      theta,
    );
  const extrapolated = (rule: (step: number) => Float64Array, step: number): Float64Array => {
    const [coarse, fine] = [rule(step), rule(step / 2)];
    return fine.map((x, i) => (4 * x - coarse[i]!) / 3);
  };
  const first = extrapolated((step) => {
    const [ahead, behind] = [at(step), at(-step)];
    return ahead.map((x, i) => (x - behind[i]!) / (2 * step));
  }, 2e-3);
  const second = extrapolated((step) => {
    const [ahead, behind] = [at(step), at(-step)];
    return ahead.map((x, i) => (x - 2 * theta[i]! + behind[i]!) / (step * step));
  }, 1e-2);

  const velocity = new Float64Array(theta.length);
  algebra.infinitesimal(theta, c, velocity);
  expect(Math.hypot(...velocity)).toBeGreaterThan(1e-6);
  expect(difference(first, velocity)).toBeLessThan(1e-8);

  const acceleration = new Float64Array(theta.length);
  algebra.acceleration(theta, c, acceleration);
  expect(difference(second, acceleration)).toBeLessThan(1e-5);

  const far = c.map((x) => reach * x);
  expect(difference(at(reach), action.act(algebra.exponential(far), theta))).toBeLessThan(1e-12);

  const covector = normals(theta.length, seed + 1);
  const paired = new Float64Array(algebra.dimension);
  algebra.pairing(theta, covector, paired);
  const along = velocity.reduce((sum, x, i) => sum + x * covector[i]!, 0);
  const inAlgebra = paired.reduce((sum, x, k) => sum + x * c[k]!, 0);
  expect(Math.abs(along - inAlgebra)).toBeLessThan(1e-12 * Math.hypot(...velocity) * Math.hypot(...covector));
}

/** Composition, inverse and identity of an action at theta, to `tolerance`. */
export function expectGroupLaws(
  action: GroupAction,
  theta: Float64Array,
  [first, second]: readonly [GroupElement, GroupElement],
  tolerance: number,
): void {
  const once = action.act(first, theta);
  expect(difference(action.act(second, once), action.act(action.compose(second, first), theta))).toBeLessThan(
    tolerance,
  );
  expect(difference(action.act(action.inverse(first), once), theta)).toBeLessThan(tolerance);
  expect(difference(action.act(action.identity(), theta), theta)).toBeLessThan(tolerance);
  expect(elementDifference(action.compose(action.inverse(second), second), action.identity())).toBeLessThan(
    tolerance,
  );
}
