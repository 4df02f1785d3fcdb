import { describe, expect, test } from 'vitest';
import type { ActivationName } from '../../model/activation.ts';
import { createLoss } from '../../model/network.ts';
import type { Problem } from '../../model/problem.ts';
import { dot, norm, unit } from '../../model/vector.ts';
import { conservedQuantities } from '../conserved-quantities.ts';
import type { LieAlgebra } from '../group-action.ts';
import { applicableGroups, groups } from '../groups.ts';
import { normals, randomProblem, randomTheta } from '../testing/problems.ts';
import { randomGenerators } from './curvature.ts';
import { objectives } from './objectives.ts';
import type { TeleportationOptions } from './options.ts';
import { TeleportationError } from './teleportation-error.ts';

const options: TeleportationOptions = {
  group: 'auto',
  objective: 'gradient-norm',
  direction: 'increase',
  target: 0.3,
  iterations: 1,
  maximumDistance: 1,
};

type Name = keyof typeof objectives;
const names = Object.keys(objectives) as Name[];

interface Case {
  readonly problem: Problem;
  readonly theta: Float64Array;
}

const net = (
  widths: number[],
  activation: ActivationName,
  bias: boolean,
  seed: number,
  samples = 3,
): Case => {
  const problem = randomProblem({ widths, activation, bias, loss: 'squared-error', seed, samples });
  return { problem, theta: randomTheta(problem.architecture, seed) };
};

/** Networks on which, between them, every group acts. */
const cases: Record<string, Case> = {
  'linear 3-4-2': net([3, 4, 2], 'linear', true, 1),
  'linear 2-3-3-2': net([2, 3, 3, 2], 'linear', false, 2),
  'relu 3-5-4-2': net([3, 5, 4, 2], 'relu', true, 3),
  'leaky-relu 4-5-2': net([4, 5, 2], 'leaky-relu', false, 4),
  'row-inversion 3-4-2': net([3, 4, 2], 'row-inversion', false, 5),
  'radial-square 3-4-2': net([3, 4, 2], 'radial-square', true, 6),
  'squash 3-4-2': net([3, 4, 2], 'squash', true, 7),
  'tanh 4-5-2': net([4, 5, 2], 'tanh', false, 8),
  booth: {
    problem: { architecture: { kind: 'test-function', name: 'booth' } },
    theta: Float64Array.of(5, -4),
  },
  rosenbrock: {
    problem: { architecture: { kind: 'test-function', name: 'rosenbrock' } },
    theta: Float64Array.of(-1, -1),
  },
};

/** Disagreement of <slope, X>, of order one, with the central difference of f(exp(sX) . theta), by Richardson. */
function disagreement(algebra: LieAlgebra, { problem, theta }: Case, name: Name, x: Float64Array): number {
  const input = { loss: createLoss(problem), algebra, conserved: conservedQuantities(problem), options };
  const objective = objectives[name].create(input);
  const slope = new Float64Array(algebra.dimension);
  objective.evaluate(theta, slope);
  const claimed = dot(slope, x);
  const aside = new Float64Array(algebra.dimension);
  const at = (s: number) =>
    objective.evaluate(
      algebra.flow(
        x.map((c) => s * c),
        theta,
      ),
      aside,
    );
  const difference = (s: number) => (at(s) - at(-s)) / (2 * s);
  const measured = (4 * difference(5e-4) - difference(1e-3)) / 3;
  return Math.abs(claimed - measured) / (1 + norm(slope));
}

/** A direction along which the claim is made: any, but one of its generators for the curvature of actions that are not linear. */
const directionFor = (name: Name, algebra: LieAlgebra, seed: number): Float64Array =>
  name === 'curvature' && algebra.generators === 'nonlinear'
    ? randomGenerators(algebra.dimension, 3, 0)[2]!
    : unit(normals(algebra.dimension, seed));

const pairs = Object.entries(cases).flatMap(([label, one]) =>
  applicableGroups(one.problem)
    .filter(({ continuous }) => continuous)
    .map((group) => ({ label, one, group })),
);

describe.each(names)('the slope of the objective %s', (name) => {
  const withObjective = pairs.filter(({ one, group }) => {
    if (name === 'conserved-quantity') return conservedQuantities(one.problem).length > 0;
    // The first-order action moves along straight lines: no curvature to speak of.
    return name !== 'curvature' || group.invariant !== 'first-order';
  });

  test.each(withObjective)(
    'on $label under $group.symbol is the derivative along the orbit',
    ({ one, group }) => {
      const algebra = group.create(one.problem).algebra!;
      const x = directionFor(name, algebra, 11);
      expect(disagreement(algebra, one, name, x)).toBeLessThan(1e-5);
    },
  );
});

test('a pairing with the wrong sign on the outer weights is found out', () => {
  const one = cases['linear 3-4-2']!;
  const right = groups['general-linear'].create(one.problem).algebra!;
  const outerWeights = 4 * 2 + 2;
  const wrong: LieAlgebra = {
    ...right,
    pairing: (theta, covector, out) =>
      right.pairing(
        theta,
        covector.map((c, i) => (i < covector.length - outerWeights ? c : -c)),
        out,
      ),
  };
  for (const name of ['gradient-norm', 'sharpness', 'conserved-quantity'] as const) {
    const worst = (algebra: LieAlgebra) =>
      Math.max(
        ...[1, 2, 3, 4].map((seed) => disagreement(algebra, one, name, directionFor(name, right, seed))),
      );
    expect(worst(right)).toBeLessThan(1e-5);
    expect(worst(wrong)).toBeGreaterThan(1e-2);
  }
});

test('a Q to go to is needed, and a network that has one', () => {
  const linear = cases['linear 3-4-2']!.problem;
  const squash = cases['squash 3-4-2']!.problem;
  const create = (problem: Problem, target: number | undefined) => () =>
    objectives['conserved-quantity'].create({
      loss: createLoss(problem),
      algebra: applicableGroups(problem)[0]!.create(problem).algebra!,
      conserved: conservedQuantities(problem),
      options: { ...options, target: target as number },
    });
  expect(create(linear, 1)).not.toThrow();
  expect(create(linear, Number.NaN)).toThrow('set target to a finite number');
  expect(create(squash, 1)).toThrow(TeleportationError);
  expect(create(squash, 1)).toThrow('no known conserved quantity');
});
