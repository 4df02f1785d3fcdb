import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { difference } from '../testing/actions.ts';
import { normals, PROPERTY, seeds } from '../testing/problems.ts';
import { applyExponential, exponential } from './exponential.ts';
import { solve, solveRight } from './solve.ts';
import { copy, identityMatrix, multiply, scale, square, transpose, view } from './view.ts';

const exp = (entries: readonly number[]) => exponential(square(Float64Array.from(entries))).data;

/** Greatest error relative to the greatest entry. */
const relative = (a: Float64Array, b: ArrayLike<number>): number => {
  const size = Math.max(...Array.from(b, Math.abs));
  return difference(
    a.map((x) => x / size),
    Array.from(b, (x) => x / size),
  );
};

describe('the matrix exponential', () => {
  test('of diagonal, nilpotent, skew and non-normal matrices with known ones', () => {
    expect(exp([0, 0, 0, 0])).toEqual(identityMatrix(2));
    expect(relative(exp([1, 0, 0, -2]), [Math.E, 0, 0, Math.exp(-2)])).toBeLessThan(1e-15);
    // exp of a nilpotent N is 1 + N + N^2/2.
    expect(relative(exp([0, 3, 5, 0, 0, 7, 0, 0, 0]), [1, 3, 15.5, 0, 1, 7, 0, 0, 1])).toBeLessThan(1e-14);
    expect(relative(exp([0, -2, 2, 0]), [Math.cos(2), -Math.sin(2), Math.sin(2), Math.cos(2)])).toBeLessThan(
      1e-15,
    );
    // [[a, b], [0, c]] -> [[e^a, b (e^a - e^c)/(a - c)], [0, e^c]].
    const off = (1000 * (Math.exp(0.5) - Math.exp(-1))) / 1.5;
    expect(relative(exp([0.5, 1000, 0, -1]), [Math.exp(0.5), off, 0, Math.exp(-1)])).toBeLessThan(1e-13);
  });

  test('of large norm: Moler and Van Loan’s example, and angles of many turns', () => {
    // [[-49, 24], [-64, 31]] has eigenvalues -1 and -17: exp from its eigenvectors (1, 2) and (3, 4).
    const [a, b] = [Math.exp(-1), Math.exp(-17)];
    const known = [-2 * a + 3 * b, 1.5 * (a - b), -4 * (a - b), 3 * a - 2 * b];
    expect(relative(exp([-49, 24, -64, 31]), known)).toBeLessThan(1e-12);
    const turns = 2 * Math.PI * 50 + 1;
    expect(
      relative(exp([0, -turns, turns, 0]), [Math.cos(1), -Math.sin(1), Math.sin(1), Math.cos(1)]),
    ).toBeLessThan(1e-12);
  });

  test('exp(sX) exp(tX) = exp((s + t)X), det exp(X) = exp(tr X) for 2 x 2, and exp(-X) is the inverse', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 8 }), seeds, (n, seed) => {
        const x = square(normals(n * n, seed), n);
        const [whole, part, rest] = [1, 0.3, 0.7].map((s) => exponential(scale(x, s)));
        expect(relative(multiply(part!, rest!).data, whole!.data)).toBeLessThan(1e-12);
        const one = multiply(whole!, exponential(scale(x, -1)));
        expect(difference(one.data, identityMatrix(n))).toBeLessThan(1e-10);
      }),
      PROPERTY,
    );
  });

  test('applied to a block without forming it, at small and large norms, from either side', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 8 }),
        fc.integer({ min: 1, max: 5 }),
        fc.constantFrom(0, 1e-6, 0.1, 1, 4, 30),
        seeds,
        (n, columns, norm, seed) => {
          const entries = normals(n * n, seed);
          const size = Math.hypot(...entries);
          const x = square(
            entries.map((v) => (norm * v) / size),
            n,
          );
          const block = view(n, columns, normals(n * columns, seed + 1));
          const left = copy(block);
          applyExponential(x, left);
          expect(relative(left.data, multiply(exponential(x), block).data)).toBeLessThan(1e-12);
          const right = copy(transpose(block));
          applyExponential(transpose(x), transpose(right));
          expect(relative(right.data, multiply(transpose(block), exponential(x)).data)).toBeLessThan(1e-12);
        },
      ),
      PROPERTY,
    );
  });
});

test('solving from either side, and a singular matrix', () => {
  const a = square(normals(16, 1), 4);
  const b = view(4, 3, normals(12, 2));
  expect(difference(multiply(a, solve(a, b)).data, b.data)).toBeLessThan(1e-13);
  const c = view(3, 4, normals(12, 3));
  expect(difference(multiply(solveRight(c, a), a).data, c.data)).toBeLessThan(1e-13);
  expect(() => solve(view(2, 2, Float64Array.of(1, 2, 2, 4)), view(2, 1))).toThrow('has no inverse');
});
