import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { MlpArchitecture } from '../model/architecture.ts';
import { whitenedDataset } from '../model/data.ts';
import { initialise } from '../model/initialisation.ts';
import { createNetwork } from '../model/network.ts';
import type { MlpProblem } from '../model/problem.ts';
import {
  conservedMatrix,
  independentConserved,
  rank,
  rotationConstraint,
  symmetricSpectrum,
} from './conserved-matrix.ts';
import { conservedQuantities } from './conserved-quantities.ts';

const problemOf = (architecture: MlpArchitecture): MlpProblem => ({
  architecture,
  dataset: whitenedDataset(architecture.widths[0]!, architecture.widths.at(-1)!, 3, 'squared-error'),
  loss: 'squared-error',
});

const network = (
  widths: readonly number[],
  activation: MlpArchitecture['activation'] = 'linear',
  bias = false,
): MlpProblem => problemOf({ kind: 'mlp', widths, activation, bias });

const thetaOf = ({ architecture }: MlpProblem, seed = 1) =>
  initialise(architecture, { kind: 'normal', std: architecture.widths.slice(1).map(() => 0.7) }, seed);

describe('the conserved matrix of linear networks', () => {
  const cases = [
    network([3, 4, 2]),
    network([3, 4, 2], 'linear', true),
    network([2, 3, 4, 2], 'linear', true),
  ];

  it('has the q_k on its diagonal and the total Q as trace', () => {
    for (const problem of cases) {
      const theta = thetaOf(problem);
      conservedQuantities(problem).forEach((quantity, pair) => {
        const matrix = conservedMatrix(problem.architecture, theta, pair);
        const h = quantity.units;
        quantity.perUnit(theta).forEach((q, k) => {
          expect(matrix[k * h + k]!).toBeCloseTo(q, 12);
        });
        const spectrum = symmetricSpectrum(matrix);
        expect(spectrum.reduce((sum, x) => sum + x, 0)).toBeCloseTo(quantity.total(theta), 10);
      });
    }
  });

  /** Largest |dQ/dt| along theta' = -grad L, by a central difference of the quadratic Q: exact up to rounding. */
  const rate = (problem: MlpProblem, pair: number, seed: number) => {
    const theta = thetaOf(problem, seed);
    const gradient = new Float64Array(theta.length);
    createNetwork(problem).gradient(theta, gradient);
    const at = (h: number) =>
      conservedMatrix(
        problem.architecture,
        theta.map((x, i) => x - h * gradient[i]!),
        pair,
      );
    const [ahead, behind] = [at(1e-3), at(-1e-3)];
    return Math.max(...ahead.map((q, i) => Math.abs(q - behind[i]!) / 2e-3));
  };

  it('has every entry conserved by gradient flow, and in ReLU networks only the diagonal', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1000 }), (seed) => {
        for (const problem of cases) {
          for (let pair = 0; pair < problem.architecture.widths.length - 2; pair++) {
            expect(rate(problem, pair, seed)).toBeLessThan(1e-9);
          }
        }
      }),
      { seed: 2, numRuns: 10 },
    );
    expect(rate(network([3, 4, 2], 'relu'), 0, 1)).toBeGreaterThan(1e-2);
  });

  it.each([
    [[10, 50, 5], false, 645],
    [[2, 2, 2], false, 3],
    [[2, 3, 2], false, 6],
    [[2, 3, 1], false, 6],
    [[3, 2, 2], true, 3],
    [[1, 5, 1], true, 12],
  ] as const)('has, in %j with biases %s, %i independent entries', (widths, bias, count) => {
    const problem = network(widths, 'linear', bias);
    expect(independentConserved(problem, thetaOf(problem), [widths[1]])).toBe(count);
  });

  it('counts what the gradients of its entries span', () => {
    for (const widths of [
      [2, 3, 2],
      [1, 4, 1],
      [1, 3, 2],
    ]) {
      const problem = network(widths);
      const theta = thetaOf(problem);
      const [h, n] = [widths[1]!, theta.length];
      const at = (x: Float64Array) => conservedMatrix(problem.architecture, x, 0);
      const columns = Array.from({ length: n }, (_, j) => {
        const moved = (step: number) => theta.map((x, i) => (i === j ? x + step : x));
        const [ahead, behind] = [at(moved(1)), at(moved(-1))];
        return ahead.map((q, i) => (q - behind[i]!) / 2);
      });
      expect(rank(columns)).toBe(independentConserved(problem, theta, [h]));
    }
  });

  it('has no more than the sum of its layers in deeper networks', () => {
    const problem = network([2, 2, 2, 2]);
    expect(independentConserved(problem, thetaOf(problem), [2, 2])).toBe(6);
  });
});

describe('the constraints of rotations', () => {
  const constraint = (problem: MlpProblem) => {
    const theta = thetaOf(problem);
    const velocity = new Float64Array(theta.length);
    createNetwork(problem).gradient(theta, velocity);
    for (let i = 0; i < velocity.length; i++) velocity[i] = -velocity[i]!;
    return Math.max(...rotationConstraint(problem.architecture, theta, velocity, 0).map(Math.abs));
  };

  it('are zero along gradient flow of radial and linear networks, with biases too', () => {
    for (const activation of ['squash', 'shifted-sigmoid', 'radial-square', 'linear'] as const) {
      expect(constraint(network([3, 4, 2], activation, true))).toBeLessThan(1e-12);
    }
  });

  it('are not zero in networks that are not invariant', () => {
    expect(constraint(network([3, 4, 2], 'tanh'))).toBeGreaterThan(1e-3);
  });
});
