import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Activation, activation, activationNames } from './activation.ts';
import { checks } from './testing/problems.ts';

/** int_a^b f by the 5-point Gauss-Legendre rule on 40 intervals. */
function quadrature(f: (x: number) => number, a: number, b: number): number {
  const inner = Math.sqrt(5 - 2 * Math.sqrt(10 / 7)) / 3;
  const outer = Math.sqrt(5 + 2 * Math.sqrt(10 / 7)) / 3;
  const innerWeight = (322 + 13 * Math.sqrt(70)) / 900;
  const outerWeight = (322 - 13 * Math.sqrt(70)) / 900;
  const half = (b - a) / 80;
  let sum = 0;
  for (let i = 0; i < 40; i++) {
    const middle = a + (2 * i + 1) * half;
    sum += (128 / 225) * f(middle);
    sum += innerWeight * (f(middle - inner * half) + f(middle + inner * half));
    sum += outerWeight * (f(middle - outer * half) + f(middle + outer * half));
  }
  return sum * half;
}

/** Central difference of fourth order. */
const difference = (f: (x: number) => number, x: number, h = 1e-3): number =>
  (8 * (f(x + h) - f(x - h)) - (f(x + 2 * h) - f(x - 2 * h))) / (12 * h);

/** Points away from the kink at zero. */
const points = fc
  .tuple(fc.double({ min: 0.01, max: 4, noNaN: true }), fc.boolean())
  .map(([x, negative]) => (negative ? -x : x));

describe.each(activationNames)('%s', (name) => {
  const sigma: Activation = activation(name);

  it('has the derivatives of its value', () => {
    fc.assert(
      fc.property(points, (x) => {
        expect(sigma.derivative(x)).toBeCloseTo(difference(sigma.value, x), 9);
        expect(sigma.secondDerivative(x)).toBeCloseTo(difference(sigma.derivative, x), 9);
      }),
      checks,
    );
  });

  it('has S = int sigma/sigma, with S(0) = 0', () => {
    expect(sigma.integral(0)).toBe(0);
    fc.assert(
      fc.property(points, (x) => {
        if (name === 'relu' && x < 0) {
          expect(sigma.integral(x)).toBe(0);
          return;
        }
        const expected = quadrature((t) => sigma.value(t) / sigma.derivative(t), 0, x);
        expect(Math.abs(sigma.integral(x) - expected)).toBeLessThan(1e-12 * Math.max(1, Math.abs(expected)));
      }),
      checks,
    );
  });

  it('fills arrays with the same numbers', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: -30, max: 30, noNaN: true })), (list) => {
        const x = Float64Array.from(list);
        const [value, first, second] = [x.slice(), x.slice(), x.slice()];
        sigma.fill(x, value, first, second);
        x.forEach((xi, i) => {
          expect(value[i]).toBeCloseTo(sigma.value(xi), 14);
          expect(first[i]).toBeCloseTo(sigma.derivative(xi), 14);
          expect(second[i]).toBeCloseTo(sigma.secondDerivative(xi), 14);
        });
      }),
      checks,
    );
  });

  it('lets NaN through, so that divergence is seen', () => {
    const x = Float64Array.of(Number.NaN);
    const value = new Float64Array(1);
    sigma.fill(x, value, new Float64Array(1), new Float64Array(1));
    expect(value[0]).toBeNaN();
    expect(sigma.value(Number.NaN)).toBeNaN();
  });

  it('is homogeneous of the stated degree, or of none', () => {
    const degree = sigma.homogeneity;
    if (degree === null) {
      for (const a of [-1, 0, 1, 2]) {
        expect(Math.abs(sigma.value(2) - 2 ** a * sigma.value(1))).toBeGreaterThan(0.01);
      }
      return;
    }
    fc.assert(
      fc.property(points, fc.double({ min: 0.1, max: 10, noNaN: true }), (x, c) => {
        expect(sigma.value(c * x)).toBeCloseTo(c ** degree * sigma.value(x), 12);
      }),
      checks,
    );
  });
});
