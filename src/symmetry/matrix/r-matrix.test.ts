import fc from 'fast-check';
import { determinant, SVD } from 'ml-matrix';
import { describe, expect, test } from 'vitest';
import { difference } from '../testing/actions.ts';
import { normals, PROPERTY, seeds } from '../testing/problems.ts';
import { rMatrix, rMatrixAdjoint, rMatrixJet } from './r-matrix.ts';
import { solveRight, toMatrix } from './solve.ts';
import { entry, identityMatrix, multiply, rowMajor, square, transpose } from './view.ts';

const length = (z: ArrayLike<number>): number => Math.hypot(...Array.from(z));

function expectFrame(z: Float64Array): void {
  const r = rMatrix(z);
  const n = z.length;
  const size = length(z);
  for (let i = 0; i < n; i++) expect(entry(r, i, 0)).toBe(z[i]);
  const product = multiply(r, transpose(r)).data.map((x) => x / (size * size));
  expect(difference(product, identityMatrix(n))).toBeLessThan(1e-14);
  const volume = n === 1 ? z[0]! : size ** n;
  expect(Math.abs(determinant(toMatrix(r)) - volume)).toBeLessThan(1e-12 * Math.abs(volume));
  for (let i = 0; i < n; i++) for (let j = i + 2; j < n; j++) expect(entry(r, i, j)).toBe(0);
}

describe('the R matrix (math.md D1)', () => {
  test('has z as its first column, R R^T = |z|^2, det R = |z|^n, and is lower Hessenberg', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 9 }), seeds, (n, seed) => {
        expectFrame(normals(n, seed));
      }),
      PROPERTY,
    );
  });

  test('also for a negative last coordinate, on the axes, where a tail vanishes, for n = 1 and 2', () => {
    for (const z of [
      [1, 2, -0.5],
      [1, 0, 0],
      [-1, 0, 0],
      [0, 3, 0],
      [0, 0, -2],
      [0, 0, 2],
      [1, -1, 0, 0],
      [-2],
      [0.5],
      [3, -4],
      [0, -1],
    ]) {
      expectFrame(Float64Array.from(z));
    }
    expect(() => rMatrix(new Float64Array(3))).toThrow(RangeError);
  });

  test('carries derivatives, and its adjoint is that of the first', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 7 }), seeds, (n, seed) => {
        const [z, dz, ddz] = [0, 1, 2].map((k) => normals(n, seed + k)) as [
          Float64Array,
          Float64Array,
          Float64Array,
        ];
        const jet = rMatrixJet(z, dz, ddz);
        const at = (s: number) => rMatrix(z.map((x, i) => x + s * dz[i]! + (s * s * ddz[i]!) / 2)).data;
        const h = (1e-3 * Math.min(...z.map(Math.abs))) / Math.max(1, length(dz), length(ddz));
        const [ahead, here, behind] = [at(h), at(0), at(-h)];
        const scale = 1 + length(z.map((x) => 1 / x)) ** 2;
        expect(difference(here, jet.value.data)).toBe(0);
        const first = ahead.map((x, i) => (x - behind[i]!) / (2 * h));
        expect(difference(first, jet.first.data)).toBeLessThan(1e-5 * scale);
        const a = normals(n * n, seed + 3);
        const along = jet.first.data.reduce((sum, x, i) => sum + x * a[i]!, 0);
        const adjoint = rMatrixAdjoint(z, square(a, n)).reduce((sum, x, i) => sum + x * dz[i]!, 0);
        expect(Math.abs(along - adjoint)).toBeLessThan(1e-10 * scale);
      }),
      PROPERTY,
    );
  });
});

describe('the cocycle pi(g, z) = R(sigma(z)) R(sigma(gz))^-1 (math.md D2)', () => {
  const sigma = (z: Float64Array) => z.map((x) => 1 / (1 + Math.exp(-x)));
  const times = (g: Float64Array, z: Float64Array) =>
    multiply(square(g, z.length), { ...square(z, z.length), rows: z.length, columns: 1, rowStride: 1 }).data;
  const pi = (g: Float64Array, z: Float64Array) => solveRight(rMatrix(sigma(z)), rMatrix(sigma(times(g, z))));

  test('pi(g2 g1, z) = pi(g1, z) pi(g2, g1 z), pi(1, z) = 1, |pi| = |sigma(z)|/|sigma(gz)|', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 6 }), seeds, (n, seed) => {
        const [g1, g2] = [normals(n * n, seed), normals(n * n, seed + 1)];
        const z = normals(n, seed + 2);
        const both = multiply(square(g2, n), square(g1, n)).data;
        const split = multiply(pi(g1, z), pi(g2, times(g1, z)));
        expect(difference(pi(both, z).data, split.data)).toBeLessThan(1e-14);
        expect(difference(pi(identityMatrix(n), z).data, identityMatrix(n))).toBeLessThan(1e-14);
        const ratio = length(sigma(z)) / length(sigma(times(g1, z)));
        expect(Math.abs(new SVD(toMatrix(pi(g1, z))).norm2 / ratio - 1)).toBeLessThan(1e-13);
        expect(difference(times(rowMajor(pi(g1, z)), sigma(times(g1, z))), sigma(z))).toBeLessThan(1e-13);
      }),
      PROPERTY,
    );
  });
});
