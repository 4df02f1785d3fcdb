import { describe, expect, it } from 'vitest';
import type { ActivationName } from '../model/activation.ts';
import { whitenedDataset } from '../model/data.ts';
import { createLoss } from '../model/network.ts';
import type { MlpProblem, Problem } from '../model/problem.ts';
import { rank } from './conserved-matrix.ts';
import { groups } from './groups.ts';
import { symmetrySummary } from './summary.ts';
import { randomProblem, randomTheta } from './testing/problems.ts';

const whitened = (widths: readonly number[], activation: ActivationName): MlpProblem => ({
  architecture: { kind: 'mlp', widths, activation, bias: false },
  dataset: whitenedDataset(widths[0]!, widths.at(-1)!, 1, 'squared-error'),
  loss: 'squared-error',
});

const summaryOf = (problem: MlpProblem) => symmetrySummary(problem, randomTheta(problem.architecture, 2));

describe('the summary of symmetries', () => {
  it('counts the published linear network: 645 laws, an orbit and a valley of 700 dimensions among 750', () => {
    const { parameters, orbitDimension, conserved, conservedHolds, flatDirections } = summaryOf(
      whitened([10, 50, 5], 'linear'),
    );
    expect({ parameters, orbitDimension, conserved, conservedHolds, flatDirections }).toEqual({
      parameters: 750,
      orbitDimension: 700,
      conserved: 645,
      conservedHolds: true,
      flatDirections: 700,
    });
  });

  it.each([
    ['linear', [2, 3, 2], 8, 6],
    ['relu', [2, 3, 2], 3, 3],
    ['tanh', [2, 3, 2], 0, 3],
    ['squash', [3, 4, 2], 6, 0],
    ['squash', [2, 5, 1], 9, 0],
    ['radial-square', [3, 4, 2], 7, 1],
    ['row-inversion', [3, 4, 2], 4, 4],
  ] as const)('%s %j: an orbit of %i dimensions and %i laws', (activation, widths, orbit, laws) => {
    const summary = summaryOf(whitened(widths, activation));
    expect([summary.orbitDimension, summary.conserved]).toEqual([orbit, laws]);
  });

  it('finds by singular values the orbit dimension that the closed form gives', () => {
    // Three layers have no closed form here: each hidden layer acts freely where it is no wider than its neighbours.
    expect(summaryOf(whitened([3, 2, 2, 3], 'linear')).orbitDimension).toBe(8);
    const rescaled = summaryOf(whitened([3, 4, 2], 'linear')).groups.find(({ name }) => name === 'rescaling');
    expect(rescaled?.orbitDimension).toBe(4);
  });

  it.each([
    ['general-linear', 'linear'],
    ['orthogonal', 'squash'],
  ] as const)('knows the dimension of orbits of %s that its generators span', (name, activation) => {
    for (const widths of [
      [2, 5, 1],
      [3, 4, 2],
      [1, 4, 1],
    ]) {
      const problem = whitened(widths, activation);
      const theta = randomTheta(problem.architecture, 3);
      const algebra = groups[name].create(problem).algebra!;
      const velocities = Array.from({ length: algebra.dimension }, (_, k) => {
        const out = new Float64Array(theta.length);
        algebra.infinitesimal(theta, new Float64Array(algebra.dimension).fill(1, k, k + 1), out);
        return out;
      });
      const found = symmetrySummary(problem, theta).groups.find((group) => group.name === name);
      expect(found?.orbitDimension).toBe(rank(velocities));
    }
  });

  it('says what does not apply and why, and what the data break', () => {
    const problem = randomProblem({
      widths: [3, 4, 2],
      activation: 'tanh',
      bias: false,
      loss: 'squared-error',
      seed: 1,
      samples: 9,
    });
    const { groups, conservedHolds } = symmetrySummary(problem, randomTheta(problem.architecture, 1));
    const refusals = groups.filter(({ refusal }) => refusal);
    expect(refusals.map(({ name }) => name)).toContain('general-linear');
    for (const { refusal } of refusals) expect(refusal).toMatch(/\.$/);
    expect(conservedHolds).toBe(false);
    const after = groups.find(({ name }) => name === 'after-activation');
    expect(after?.exactness?.exact).toBe(false);
  });

  it('knows test functions: one rotation, no law', () => {
    const problem: Problem = { architecture: { kind: 'test-function', name: 'booth' } };
    const summary = symmetrySummary(problem, Float64Array.of(5, -5));
    expect([summary.orbitDimension, summary.conserved, summary.flatDirections]).toEqual([1, 0, 0]);
    expect(createLoss(problem).size).toBe(summary.parameters);
  });
});
