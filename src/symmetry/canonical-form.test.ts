import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ActivationName } from '../model/activation.ts';
import { createNetwork } from '../model/network.ts';
import type { MlpProblem } from '../model/problem.ts';
import { createRandom } from '../model/random.ts';
import { align, barrier, segmentLosses } from './canonical-form.ts';
import { conservedQuantities } from './conserved-quantities.ts';
import type { GroupName } from './group-action.ts';
import { groups } from './groups.ts';
import { PROPERTY, randomProblem, randomTheta, seeds } from './testing/problems.ts';

const problemOf = (activation: ActivationName, widths: readonly number[], bias: boolean): MlpProblem =>
  randomProblem({ widths, activation, bias, loss: 'squared-error', seed: 3 });

/** theta moved by a random element of every group named. */
const scrambled = (problem: MlpProblem, theta: Float64Array, names: readonly GroupName[], seed: number) => {
  const random = createRandom(seed, 'scramble');
  return names.reduce((at, name) => {
    const action = groups[name].create(problem);
    return action.act(action.random(random, 0.5), at);
  }, theta);
};

describe('the canonical form', () => {
  it.each([
    ['relu', ['permutation', 'rescaling']],
    ['leaky-relu', ['permutation', 'rescaling']],
    ['tanh', ['permutation', 'sign']],
    ['sigmoid', ['permutation']],
    ['squash', ['orthogonal']],
    ['linear', ['permutation', 'rescaling']],
  ] as const)('%s: a network and itself moved by %j become one again', (activation, names) => {
    fc.assert(
      fc.property(seeds, fc.boolean(), (seed, bias) => {
        const problem = problemOf(activation, [3, 5, 2], bias);
        const a = randomTheta(problem.architecture, seed);
        const b = scrambled(problem, a, names, seed);
        const { reference, aligned, distance } = align(problem, a, b);
        expect(distance.after).toBeLessThan(1e-6);
        const loss = createNetwork(problem);
        expect(barrier(segmentLosses(loss, reference, aligned, 11))).toBeLessThan(1e-9);
      }),
      PROPERTY,
    );
  });

  it('keeps the loss of both networks', () => {
    for (const activation of ['relu', 'tanh', 'squash', 'linear', 'sigmoid', 'row-inversion'] as const) {
      const problem = problemOf(activation, [3, 4, 2], true);
      const loss = createNetwork(problem);
      const [a, b] = [randomTheta(problem.architecture, 1), randomTheta(problem.architecture, 2)];
      const { reference, aligned, distance } = align(problem, a, b);
      expect(loss.loss(reference)).toBeCloseTo(loss.loss(a), 10);
      expect(loss.loss(aligned)).toBeCloseTo(loss.loss(b), 10);
      expect(Number.isFinite(distance.after)).toBe(true);
    }
  });

  it('balances homogeneous units: q = 0 in every layer', () => {
    const problem = problemOf('relu', [3, 4, 5, 2], true);
    const { reference } = align(
      problem,
      randomTheta(problem.architecture, 1),
      randomTheta(problem.architecture, 2),
    );
    for (const quantity of conservedQuantities(problem)) {
      for (const q of quantity.perUnit(reference)) expect(Math.abs(q)).toBeLessThan(1e-9);
    }
  });

  it('brings deeper networks nearer, and counts what moved', () => {
    const problem = problemOf('tanh', [3, 5, 4, 2], true);
    const a = randomTheta(problem.architecture, 1);
    const b = scrambled(problem, a, ['permutation', 'sign'], 7);
    const { distance, moved, flipped } = align(problem, a, b);
    expect(distance.after).toBeLessThan(distance.before);
    expect(moved).toBeGreaterThan(0);
    expect(flipped).toBeGreaterThan(0);
  });

  it('counts nothing for a network and itself', () => {
    const problem = problemOf('tanh', [3, 5, 2], false);
    const a = randomTheta(problem.architecture, 1);
    expect(align(problem, a, a)).toMatchObject({ moved: 0, flipped: 0, distance: { before: 0, after: 0 } });
  });
});

describe('the barrier', () => {
  it('is the rise above the straight line between the ends', () => {
    expect(barrier(Float64Array.of(0, 3, 2))).toBe(2);
    expect(barrier(Float64Array.of(1, 0, 1))).toBe(0);
  });

  it('shows on the segment between a network and its permuted self', () => {
    const problem = problemOf('tanh', [3, 6, 2], false);
    const a = randomTheta(problem.architecture, 5);
    const b = scrambled(problem, a, ['permutation', 'sign'], 5);
    const loss = createNetwork(problem);
    const losses = segmentLosses(loss, a, b, 21);
    expect(losses[0]).toBe(loss.loss(a));
    expect(losses[20]).toBe(loss.loss(b));
    expect(Math.max(...losses) - Math.min(...losses)).toBeGreaterThan(1e-3);
  });
});
