import { EigenvalueDecomposition, Matrix, SVD } from 'ml-matrix';
import { describe, expect, test } from 'vitest';
import { explicitDataset } from '../model/data.ts';
import { createLoss } from '../model/network.ts';
import type { MlpProblem } from '../model/problem.ts';
import { normals } from '../symmetry/testing/problems.ts';
import { hessianSpectrum, MOST_PARAMETERS } from './spectrum.ts';
import { symmetricEigenvalues } from './symmetric-eigenvalues.ts';

/** A linear network at zero loss |Y - U V|^2 on X = I: theta = (V, U), U m x h, V h x n. */
function atMinimum(m: number, n: number, h: number) {
  const v = new Matrix(h, n);
  const u = new Matrix(m, h);
  v.to2DArray().forEach((row, i) => {
    row.forEach((_, j) => {
      v.set(i, j, normals(h * n, 1)[i * n + j]!);
    });
  });
  u.to2DArray().forEach((row, i) => {
    row.forEach((_, j) => {
      u.set(i, j, normals(m * h, 2)[i * h + j]!);
    });
  });
  const identity = Matrix.eye(n).to2DArray();
  const problem: MlpProblem = {
    architecture: { kind: 'mlp', widths: [n, h, m], activation: 'linear', bias: false },
    dataset: explicitDataset(identity, u.mmul(v).transpose().to2DArray()),
    loss: 'squared-error',
  };
  return {
    u,
    v,
    network: createLoss(problem),
    theta: Float64Array.from([...v.to1DArray(), ...u.to1DArray()]),
  };
}

describe('the spectrum of the Hessian at a minimum of a linear network', () => {
  test.each([
    [2, 3, 4],
    [3, 3, 3],
    [1, 4, 5],
  ])(
    'is the Kronecker sum of the squared singular values and zeros (math.md B9): m %i, n %i, h %i',
    async (m, n, h) => {
      const { u, v, network, theta } = atMinimum(m, n, h);
      expect(network.loss(theta)).toBeLessThan(1e-24);
      const { eigenvalues, zeros, gap } = await hessianSpectrum(network, theta);
      const squares = (matrix: Matrix) => new SVD(matrix, { autoTranspose: true }).diagonal.map((s) => s * s);
      const expected = squares(u).flatMap((a) => squares(v).map((b) => 2 * (a + b)));
      const known = [...expected, ...new Array(h * (m + n) - m * n).fill(0)].sort((a, b) => a - b);
      eigenvalues.forEach((value, i) => {
        expect(Math.abs(value - known[i]!)).toBeLessThan(1e-10 * known.at(-1)!);
      });
      expect(zeros).toBe(h * (m + n) - m * n);
      expect(gap).toBeGreaterThan(1e6);
    },
  );
});

test('away from the minimum no direction is flat by accident', async () => {
  const { network, theta } = atMinimum(2, 2, 2);
  const { zeros } = await hessianSpectrum(
    network,
    theta.map((x, i) => x + Math.sin(3 * i + 1)),
  );
  expect(zeros).toBeLessThan(4);
});

test('pauses, tells how far it is and stops when it is aborted', async () => {
  const { network, theta } = atMinimum(2, 3, 4);
  const told: number[] = [];
  let pauses = 0;
  await hessianSpectrum(network, theta, {
    told: (fraction) => told.push(fraction),
    async pause() {
      pauses++;
    },
  });
  expect(told).toHaveLength(theta.length);
  expect(pauses).toBeGreaterThanOrEqual(told.length);
  const stop = new Error('stop');
  const signal = {
    throwIfAborted() {
      throw stop;
    },
  };
  await expect(hessianSpectrum(network, theta, { signal })).rejects.toBe(stop);
});

test('eigenvalues of symmetric matrices, those with equal ones and zeros included', async () => {
  for (const matrix of [
    Matrix.zeros(3, 3),
    Matrix.eye(4),
    Matrix.diag([3, -2, 0, 3]),
    new Matrix([[5]]),
    Matrix.checkMatrix(Array.from({ length: 12 }, (_, i) => Array.from(normals(12, i)))),
  ]) {
    const symmetric = Matrix.add(matrix, matrix.transpose());
    const { realEigenvalues } = new EigenvalueDecomposition(symmetric, { assumeSymmetric: true });
    const known = realEigenvalues.sort((a, b) => a - b);
    const found = await symmetricEigenvalues(symmetric.to2DArray().map((row) => Float64Array.from(row)));
    found.forEach((value, i) => {
      expect(value).toBeCloseTo(known[i]!, 11);
    });
  }
});

test('refuses what is too large with one sentence', async () => {
  const { network } = atMinimum(2, 3, 4);
  const large = { ...network, size: MOST_PARAMETERS + 1 };
  await expect(hessianSpectrum(large, new Float64Array(large.size))).rejects.toThrow(/at most 800 .* 801/);
});
