import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { powerSeries } from '../../model/taylor.ts';
import { normals, PROPERTY, seeds } from '../testing/problems.ts';
import { addProduct, compose, extend, type Jets, lengthOf, minus, part, reals, times, zeros } from './jet.ts';

const sizes = fc.integer({ min: 0, max: 5 }).map((n) => 2 ** n);

/** One number with N(0, 1) coefficients and the real part 1.5. */
function number(size: number, seed: number): Jets {
  const coefficients = normals(size, seed);
  coefficients[0] = 1.5;
  return { coefficients, size };
}

const product = (a: Jets, b: Jets): Jets => {
  const out = zeros(1, Math.max(a.size, b.size));
  addProduct(out, 0, a, 0, b, 0);
  return out;
};

/** The product by its definition: sets of eps that do not meet. */
function productOfSets(a: Jets, b: Jets): Jets {
  const out = zeros(1, a.size);
  for (let s = 0; s < a.size; s++) {
    for (let t = 0; t < a.size; t++) {
      if ((s & t) === 0) out.coefficients[s | t]! += a.coefficients[s]! * b.coefficients[t]!;
    }
  }
  return out;
}

const distance = (a: Jets, b: Jets): number => Math.max(...minus(a, b).coefficients.map(Math.abs));

describe('the algebra', () => {
  test('the product is that of sets of eps, whatever the number of them, and takes reals', () => {
    fc.assert(
      fc.property(sizes, seeds, (size, seed) => {
        const [a, b] = [number(size, seed), number(size, seed + 1)];
        expect(distance(product(a, b), productOfSets(a, b))).toBeLessThan(1e-13);
        const two = zeros(1, size);
        two.coefficients[0] = 2;
        expect(product(reals(Float64Array.of(2)), a)).toEqual(product(two, a));
        expect(product(a, reals(Float64Array.of(2)))).toEqual(product(a, two));
      }),
      PROPERTY,
    );
  });

  test('functions: z^2 = z z, z^-1 z = 1, and their derivatives', () => {
    fc.assert(
      fc.property(sizes, seeds, (size, seed) => {
        const z = number(size, seed);
        const one = zeros(1, size);
        one.coefficients[0] = 1;
        const square = compose(powerSeries(2), z);
        expect(distance(square.value, product(z, z))).toBeLessThan(1e-12);
        expect(distance(square.derivative, product(reals(Float64Array.of(2)), z))).toBeLessThan(1e-12);
        const inverse = compose(powerSeries(-1), z);
        const scale = Math.max(...inverse.derivative.coefficients.map(Math.abs));
        expect(distance(product(inverse.value, z), one)).toBeLessThan(1e-12 * scale);
        const slope = minus(zeros(1, size), product(inverse.value, inverse.value));
        expect(distance(inverse.derivative, slope)).toBeLessThan(1e-12 * scale);
      }),
      PROPERTY,
    );
  });

  test('a vector of a + b eps gives a and b back', () => {
    const a = { coefficients: normals(12, 1), size: 4 };
    const b = { coefficients: normals(12, 2), size: 4 };
    const both = extend(a, b);
    expect(lengthOf(both)).toBe(3);
    expect(part('value', both)).toEqual(a);
    expect(part('derivative', both)).toEqual(b);
    expect(times(reals(Float64Array.of(3)), both)).toEqual(
      extend(times(reals(Float64Array.of(3)), a), times(reals(Float64Array.of(3)), b)),
    );
  });
});
