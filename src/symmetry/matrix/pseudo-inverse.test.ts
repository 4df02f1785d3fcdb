import fc from 'fast-check';
import { expect, test } from 'vitest';
import { difference } from '../testing/actions.ts';
import { normals, PROPERTY, seeds } from '../testing/problems.ts';
import { independentColumns, pseudoInverse, pseudoInverseDerivative } from './pseudo-inverse.ts';
import { add, multiply, transpose, view } from './view.ts';

const size = fc.integer({ min: 1, max: 6 });

test('has the four properties of Penrose and the rank, also where rows or columns are dependent', () => {
  fc.assert(
    fc.property(size, size, size, seeds, (rows, columns, inner, seed) => {
      const m = multiply(
        view(rows, inner, normals(rows * inner, seed)),
        view(inner, columns, normals(inner * columns, seed + 1)),
      );
      const { matrix, rank, conditioning } = pseudoInverse(m);
      fc.pre(conditioning < 1e4);
      expect(rank).toBe(Math.min(rows, columns, inner));
      const [left, right] = [multiply(m, matrix), multiply(matrix, m)];
      expect(difference(multiply(left, m).data, m.data)).toBeLessThan(1e-10);
      expect(difference(multiply(right, matrix).data, matrix.data)).toBeLessThan(1e-10);
      expect(difference(multiply(left, left).data, left.data)).toBeLessThan(1e-10);
      for (const projection of [left, right]) {
        const t = transpose(projection);
        expect(difference(add(projection, t, -1).data, new Float64Array(projection.rows ** 2))).toBeLessThan(
          1e-10,
        );
      }
    }),
    PROPERTY,
  );
});

test('of zero is zero', () => {
  const { matrix, rank, conditioning } = pseudoInverse(view(2, 3));
  expect([matrix.rows, matrix.columns, rank, conditioning]).toEqual([3, 2, 0, 1]);
  expect(matrix.data.every((x) => x === 0)).toBe(true);
});

test('its derivative, for more rows, more columns and square matrices', () => {
  fc.assert(
    fc.property(size, size, seeds, (rows, columns, seed) => {
      const m = view(rows, columns, normals(rows * columns, seed));
      const dm = view(rows, columns, normals(rows * columns, seed + 1));
      const { matrix, conditioning } = pseudoInverse(m);
      fc.pre(conditioning < 30 && Math.hypot(...matrix.data) < 10);
      const at = (s: number) => pseudoInverse(add(m, dm, s)).matrix;
      const rule = (h: number) => add(at(h), at(-h), -1).data.map((x) => x / (2 * h));
      const [coarse, fine] = [rule(1e-4), rule(5e-5)];
      const numeric = fine.map((x, i) => (4 * x - coarse[i]!) / 3);
      expect(difference(numeric, pseudoInverseDerivative(m, matrix, dm).data)).toBeLessThan(1e-7);
    }),
    PROPERTY,
  );
});

test('more columns than rows are dependent, which is known of large matrices without computing', () => {
  const known = independentColumns(view(400, 401), () => {
    throw new Error('computed');
  });
  expect(known).toEqual({ independent: false, rank: 400, conditioning: Number.POSITIVE_INFINITY });
  expect(independentColumns(view(2, 3, normals(6, 1)))).toMatchObject({ independent: false, rank: 2 });
  expect(independentColumns(view(3, 2, normals(6, 1)))).toMatchObject({ independent: true, rank: 2 });
});
