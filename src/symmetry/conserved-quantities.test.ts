import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { ActivationName } from '../model/activation.ts';
import { whitenedDataset } from '../model/data.ts';
import { createNetwork } from '../model/network.ts';
import { parameterLayout } from '../model/parameters.ts';
import type { MlpProblem } from '../model/problem.ts';
import { conservedQuantities, noConservedQuantity } from './conserved-quantities.ts';
import type { ConservedQuantity } from './conserved-quantity.ts';
import { conservedFormulas, outerContribution } from './formulas.ts';
import {
  datasetOf,
  lossName,
  normals,
  orthonormalSamples,
  PROPERTY,
  randomProblem,
  randomTheta,
  seeds,
  twoLayerWidths,
  widths,
} from './testing/problems.ts';

const homogeneous = fc.constantFrom<ActivationName>('linear', 'relu', 'leaky-relu');
const elementwise = fc.constantFrom<ActivationName>('tanh', 'sigmoid');

/** |<grad q_k, grad L>| / |grad L| for every k, by central differences of q along the gradient: no formula for grad q is needed. */
function relativeRates(
  problem: MlpProblem,
  perUnit: ConservedQuantity['perUnit'],
  theta: Float64Array,
): number[] {
  const gradient = new Float64Array(theta.length);
  createNetwork(problem).gradient(theta, gradient);
  const speed = Math.hypot(...gradient);
  if (speed === 0) return [0];
  // Richardson: the error of the difference is of order step^4, its rounding of order 1e-16/step.
  const difference = (step: number) => {
    const at = (s: number) => perUnit(theta.map((x, i) => x - (s / speed) * gradient[i]!));
    const ahead = at(step);
    const behind = at(-step);
    return ahead.map((q, k) => (q - behind[k]!) / (2 * step));
  };
  const coarse = difference(2e-3);
  const fine = difference(1e-3);
  return Array.from(fine, (f, k) => Math.abs((4 * f - coarse[k]!) / 3));
}

describe('homogeneous activations', () => {
  test('every q_k is constant along gradient flow: any depth, width, bias, data and loss', () => {
    fc.assert(
      fc.property(widths, homogeneous, fc.boolean(), lossName, seeds, (w, activation, bias, loss, seed) => {
        const problem = randomProblem({ widths: w, activation, bias, loss, seed });
        const theta = randomTheta(problem.architecture, seed + 2);
        const quantities = conservedQuantities(problem);
        expect(quantities.map((q) => q.layerPair)).toEqual(w.slice(2).map((_, i) => i));
        for (const { perUnit, condition } of quantities) {
          expect(condition.holds).toBe(true);
          expect(Math.max(...relativeRates(problem, perUnit, theta))).toBeLessThan(1e-10);
        }
      }),
      PROPERTY,
    );
  });

  test('the version of ReLU that counts positive pre-activations only is not conserved on generic data (math.md H12)', () => {
    const problem = randomProblem({
      widths: [4, 6, 3],
      activation: 'relu',
      bias: false,
      loss: 'squared-error',
      seed: 5,
    });
    const theta = randomTheta(problem.architecture, 6);
    const [inner, outer] = parameterLayout(problem.architecture).layers;
    const positivePart = (t: Float64Array) => {
      const q = new Float64Array(inner!.rows);
      for (let k = 0; k < inner!.rows; k++) {
        for (let i = 0; i < outer!.rows; i++) q[k]! += t[outer!.weight + i * outer!.columns + k]! ** 2 / 2;
        for (let j = 0; j < inner!.columns; j++) {
          q[k]! -= Math.max(t[inner!.weight + k * inner!.columns + j]!, 0) ** 2 / 2;
        }
      }
      return q;
    };
    expect(Math.max(...relativeRates(problem, positivePart, theta))).toBeGreaterThan(1e-2);
  });
});

describe('smooth activations', () => {
  test('every q_k is constant when samples are orthonormal up to a factor, fewer samples than inputs, with and without biases', () => {
    fc.assert(
      fc.property(
        twoLayerWidths,
        elementwise,
        fc.boolean(),
        lossName,
        fc.double({ min: 0.3, max: 3, noNaN: true }),
        seeds,
        (w, activation, bias, loss, factor, seed) => {
          const samples = 1 + (seed % w[0]);
          const c = bias ? samples + factor : factor;
          const inputs = orthonormalSamples(samples, w[0], c, bias, seed);
          const problem: MlpProblem = {
            architecture: { kind: 'mlp', widths: w, activation, bias },
            dataset: datasetOf(inputs, samples, w[2], seed + 1),
            loss,
          };
          const theta = randomTheta(problem.architecture, seed + 2).map((x) => x / 2);
          const [quantity] = conservedQuantities(problem);
          expect(quantity!.condition).toMatchObject({ requires: 'orthonormal-samples', holds: true });
          expect(Math.max(...relativeRates(problem, quantity!.perUnit, theta))).toBeLessThan(1e-10);
        },
      ),
      PROPERTY,
    );
  });

  test.each([
    ['tanh', false],
    ['sigmoid', false],
    ['tanh', true],
    ['sigmoid', true],
  ] as const)('on generic data %s (bias: %s) drifts, and the condition says so', (activation, bias) => {
    const problem = randomProblem({ widths: [4, 6, 3], activation, bias, loss: 'squared-error', seed: 8 });
    const [quantity] = conservedQuantities(problem);
    expect(quantity!.condition.holds).toBe(false);
    expect(quantity!.condition.message).toMatch(/^Not conserved: .* \d+ % away/);
    const theta = randomTheta(problem.architecture, 9);
    expect(Math.max(...relativeRates(problem, quantity!.perUnit, theta))).toBeGreaterThan(1e-2);
  });

  test('whitened inputs with more samples than inputs are not enough (math.md B6)', () => {
    const rows = orthonormalSamples(3, 9, 1, false, 4);
    // The columns of the 3 x 9 matrix with orthonormal rows: nine samples with X X^T = I.
    const inputs = Float64Array.from({ length: 27 }, (_, i) => rows[(i % 3) * 9 + Math.floor(i / 3)]!);
    const problem: MlpProblem = {
      architecture: { kind: 'mlp', widths: [3, 5, 2], activation: 'tanh', bias: false },
      dataset: datasetOf(inputs, 9, 2, 1),
      loss: 'half-squared-error',
    };
    const [quantity] = conservedQuantities(problem);
    expect(quantity!.condition.holds).toBe(false);
    expect(
      Math.max(...relativeRates(problem, quantity!.perUnit, randomTheta(problem.architecture, 2))),
    ).toBeGreaterThan(1e-3);
  });

  test('the identity as inputs is orthonormal without biases and not with them', () => {
    const problem = (bias: boolean): MlpProblem => ({
      architecture: { kind: 'mlp', widths: [5, 4, 2], activation: 'tanh', bias },
      dataset: whitenedDataset(5, 2, 1, 'mean-squared-error'),
      loss: 'mean-squared-error',
    });
    expect(conservedQuantities(problem(false))[0]!.condition.holds).toBe(true);
    expect(conservedQuantities(problem(true))[0]!.condition.holds).toBe(false);
  });

  test('the two ways to measure the deviation agree', () => {
    // One sample more than inputs takes the short cut; a further zero input makes the same Gram matrix the other way.
    const inputs = normals(12, 3);
    const padded = Float64Array.from({ length: 16 }, (_, i) =>
      i % 4 < 3 ? inputs[3 * (i >> 2) + (i % 4)]! : 0,
    );
    const message = (rows: Float64Array) =>
      conservedQuantities({
        architecture: { kind: 'mlp', widths: [rows.length / 4, 2, 1], activation: 'tanh', bias: false },
        dataset: datasetOf(rows, 4, 1, 1),
        loss: 'squared-error',
      })[0]!.condition.message;
    expect(message(inputs)).toBe(message(padded));
  });

  test('inputs that are all zero give finite values and no conservation', () => {
    const [quantity] = conservedQuantities({
      architecture: { kind: 'mlp', widths: [2, 3, 1], activation: 'sigmoid', bias: false },
      dataset: datasetOf(new Float64Array(4), 2, 1, 1),
      loss: 'squared-error',
    });
    expect(quantity!.condition.holds).toBe(false);
    expect(Number.isFinite(quantity!.total(new Float64Array(9).fill(1)))).toBe(true);
  });

  test('deeper networks have them for the first hidden layer, whatever follows, and not for the next', () => {
    fc.assert(
      fc.property(widths, elementwise, lossName, seeds, (w, activation, loss, seed) => {
        const samples = 1 + (seed % w[0]!);
        const problem: MlpProblem = {
          architecture: { kind: 'mlp', widths: w, activation, bias: false },
          dataset: datasetOf(
            orthonormalSamples(samples, w[0]!, 1, false, seed),
            samples,
            w.at(-1)!,
            seed + 1,
          ),
          loss,
        };
        const theta = randomTheta(problem.architecture, seed + 2).map((x) => x / 2);
        const quantities = conservedQuantities(problem);
        expect(quantities.map(({ layerPair }) => layerPair)).toEqual([0]);
        expect(Math.max(...relativeRates(problem, quantities[0]!.perUnit, theta))).toBeLessThan(1e-10);
      }),
      PROPERTY,
    );
    const deep: MlpProblem = {
      architecture: { kind: 'mlp', widths: [3, 4, 4, 2], activation: 'tanh', bias: false },
      dataset: whitenedDataset(3, 2, 1, 'squared-error'),
      loss: 'squared-error',
    };
    const second = conservedFormulas.elementwise.inner(deep, 1);
    const perUnit = (theta: Float64Array) => {
      const inner = second(theta);
      return outerContribution(deep.architecture, theta, 1).map((q, k) => q - inner[k]!);
    };
    expect(Math.max(...relativeRates(deep, perUnit, randomTheta(deep.architecture, 3)))).toBeGreaterThan(
      1e-2,
    );
  });

  test('radial networks that are not homogeneous have none, and a sentence says why', () => {
    const radial = randomProblem({
      widths: [3, 4, 2],
      activation: 'squash',
      bias: false,
      loss: 'squared-error',
      seed: 1,
    });
    expect(conservedQuantities(radial)).toEqual([]);
    expect(noConservedQuantity(radial)).toContain('antisymmetric');
    const relu = { ...radial, architecture: { ...radial.architecture, activation: 'relu' as const } };
    expect(noConservedQuantity(relu)).toBe('');
  });
});

test('one normalisation: Q = 1/2 |U|^2 - 1/2 |V|^2 - 1/2 |b|^2, and S(0) = 0', () => {
  const architecture = { kind: 'mlp', widths: [1, 1, 1], activation: 'linear', bias: true } as const;
  const problem: MlpProblem = {
    architecture,
    dataset: datasetOf(Float64Array.of(1), 1, 1, 1),
    loss: 'squared-error',
  };
  // Packing: V, b, U, output bias.
  expect(conservedQuantities(problem)[0]!.total(Float64Array.of(2, 3, 5, 7))).toBe((25 - 4 - 9) / 2);
  const tanh: MlpProblem = { ...problem, architecture: { ...architecture, activation: 'tanh', bias: false } };
  expect(conservedQuantities(tanh)[0]!.total(Float64Array.of(1, 2))).toBeCloseTo(
    2 - Math.sinh(1) ** 2 / 2,
    14,
  );
  const sigmoid: MlpProblem = {
    ...problem,
    architecture: { ...architecture, activation: 'sigmoid', bias: false },
  };
  expect(conservedQuantities(sigmoid)[0]!.total(Float64Array.of(1, 2))).toBeCloseTo(2 - Math.E, 14);
});
