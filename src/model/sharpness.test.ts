import { EigenvalueDecomposition, Matrix, SingularValueDecomposition } from 'ml-matrix';
import { describe, expect, test } from 'vitest';
import { normals, randomProblem, randomTheta } from '../symmetry/testing/problems.ts';
import { activationNames } from './activation.ts';
import { whitenedDataset } from './data.ts';
import { createNetwork, type Network } from './network.ts';
import type { MlpProblem } from './problem.ts';
import { sharpness, topEigenpair } from './sharpness.ts';

function denseTop(network: Network, theta: Float64Array): number {
  const size = network.size;
  const hessian = Matrix.zeros(size, size);
  const column = new Float64Array(size);
  for (let i = 0; i < size; i++) {
    const axis = new Float64Array(size);
    axis[i] = 1;
    network.hessianVectorProduct(theta, axis, column);
    hessian.setColumn(i, Array.from(column));
  }
  const symmetric = Matrix.add(hessian, hessian.transpose()).mul(0.5);
  return Math.max(...new EigenvalueDecomposition(symmetric, { assumeSymmetric: true }).realEigenvalues);
}

describe('the top Hessian eigenvalue', () => {
  test.each(activationNames)('of %s networks is that of the dense matrix', (activation) => {
    for (const seed of [1, 2, 3]) {
      const problem = randomProblem({
        widths: [3, 5, 4, 2],
        activation,
        bias: seed > 1,
        loss: seed === 3 ? 'cross-entropy' : 'mean-squared-error',
        seed,
      });
      const network = createNetwork(problem);
      const theta = randomTheta(problem.architecture, seed);
      const dense = denseTop(network, theta);
      expect(sharpness(network, theta, { tolerance: 1e-10, iterations: network.size })).toBeCloseTo(dense, 8);
      expect(Math.abs(sharpness(network, theta) / dense - 1)).toBeLessThan(1e-3);
    }
  });

  test('at a zero-loss point of a linear network is the Kronecker closed form 2 (s_1(U)^2 + s_1(V)^2) (math.md B9)', () => {
    const [n, h, m] = [6, 9, 4];
    const v = new Matrix([...chunks(normals(h * n, 1), n)]);
    const u = new Matrix([...chunks(normals(m * h, 2), h)]);
    const theta = Float64Array.from([...v.to1DArray(), ...u.to1DArray()]);
    const top = (w: Matrix) => new SingularValueDecomposition(w, { autoTranspose: true }).diagonal[0]!;
    const closedForm = 2 * (top(u) ** 2 + top(v) ** 2);
    const dataset = whitenedDataset(n, m, 1, 'squared-error');
    // Targets are rows: the sample i is the i-th unit vector, its output column i of U V.
    const targets = Float64Array.from(u.mmul(v).transpose().to1DArray());
    for (const [loss, factor] of [
      ['squared-error', 1],
      ['mean-squared-error', 1 / (m * n)],
    ] as const) {
      const problem: MlpProblem = {
        architecture: { kind: 'mlp', widths: [n, h, m], activation: 'linear', bias: false },
        dataset: { ...dataset, targets },
        loss,
      };
      const network = createNetwork(problem);
      expect(network.loss(theta)).toBeLessThan(1e-24);
      expect(sharpness(network, theta, { tolerance: 1e-9 })).toBeCloseTo(closedForm * factor, 8);
    }
  });

  test('comes with its eigenvector, from any start', () => {
    const problem = randomProblem({
      widths: [3, 5, 2],
      activation: 'tanh',
      bias: true,
      loss: 'squared-error',
      seed: 4,
    });
    const network = createNetwork(problem);
    const theta = randomTheta(problem.architecture, 4);
    const image = new Float64Array(network.size);
    const cold = topEigenpair(network, theta, { tolerance: 1e-9 });
    for (const start of [cold.vector, normals(network.size, 3)]) {
      const { value, vector } = topEigenpair(network, theta, { tolerance: 1e-9, start });
      expect(value).toBeCloseTo(cold.value, 8);
      network.hessianVectorProduct(theta, vector, image);
      expect(Math.hypot(...vector)).toBeCloseTo(1, 10);
      expect(Math.hypot(...image.map((x, i) => x - value * vector[i]!))).toBeLessThan(1e-8 * value);
    }
  });

  test('is the same number every time, and 0 where the loss is flat', () => {
    const problem = randomProblem({
      widths: [3, 4, 2],
      activation: 'relu',
      bias: true,
      loss: 'squared-error',
      seed: 1,
    });
    const network = createNetwork(problem);
    const theta = randomTheta(problem.architecture, 1);
    expect(sharpness(network, theta)).toBe(sharpness(network, theta));
    const flat = randomProblem({
      widths: [2, 2, 1],
      activation: 'linear',
      bias: false,
      loss: 'cross-entropy',
      seed: 1,
    });
    expect(sharpness(createNetwork(flat), randomTheta(flat.architecture, 1))).toBe(0);
  });

  test('of parameters that are not finite is NaN', () => {
    const problem = randomProblem({
      widths: [2, 2, 1],
      activation: 'tanh',
      bias: false,
      loss: 'squared-error',
      seed: 1,
    });
    expect(sharpness(createNetwork(problem), new Float64Array(6).fill(Number.NaN))).toBeNaN();
  });
});

function* chunks(values: Float64Array, width: number): Generator<number[]> {
  for (let i = 0; i < values.length; i += width) yield Array.from(values.subarray(i, i + width));
}
