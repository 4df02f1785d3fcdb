import { describe, expect, it } from 'vitest';
import type { ActivationName } from '../model/activation.ts';
import { whitenedDataset } from '../model/data.ts';
import { createLoss } from '../model/network.ts';
import type { MlpProblem, Problem } from '../model/problem.ts';
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
    ['radial-square', [3, 4, 2], 1, 1],
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
