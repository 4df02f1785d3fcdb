import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type PointwiseActivation, pointwiseActivations, pointwiseNames } from './pointwise.ts';
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

const always = (body: (x: number) => void) =>
  fc.assert(
    fc.property(points, (x) => {
      body(x);
    }),
    checks,
  );

describe.each(pointwiseNames)('%s', (name) => {
  const sigma: PointwiseActivation = pointwiseActivations[name];

  it('has the derivatives of its value', () => {
    always((x) => {
      expect(sigma.derivative(x)).toBeCloseTo(difference(sigma.value, x), 9);
      expect(sigma.secondDerivative(x)).toBeCloseTo(difference(sigma.derivative, x), 9);
    });
  });

  it("has S' = sigma/sigma', and S its integral from 0", () => {
    expect(sigma.integral(0)).toBe(0);
    always((x) => {
      // Where relu is constant, 0/0 counts as 0.
      const ratio = (t: number) => (sigma.value(t) === 0 ? 0 : sigma.value(t) / sigma.derivative(t));
      expect(Math.abs(sigma.ratio(x) - ratio(x))).toBeLessThanOrEqual(1e-12 * Math.abs(ratio(x)));
      const expected = quadrature(ratio, 0, x);
      expect(Math.abs(sigma.integral(x) - expected)).toBeLessThan(1e-12 * Math.max(1, Math.abs(expected)));
    });
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
        const defect = (x: number) => Math.abs(sigma.value(2 * x) - 2 ** a * sigma.value(x));
        expect(Math.max(defect(1), defect(-1))).toBeGreaterThan(0.01);
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

  it('is odd if it says so, and only then', () => {
    if (sigma.odd) always((x) => expect(sigma.value(-x)).toBe(-sigma.value(x)));
    else expect(Math.abs(sigma.value(-1) + sigma.value(1))).toBeGreaterThan(0.1);
  });

  it('has the inverse of its value, on its range alone', () => {
    const { inverse } = sigma;
    if (!inverse) {
      // Not one to one.
      expect(sigma.value(-1)).toBe(sigma.value(-2));
      return;
    }
    const [low, high] = inverse.range;
    always((x) => {
      const y = sigma.value(x);
      expect(y).toBeGreaterThan(low);
      expect(y).toBeLessThan(high);
      expect(Math.abs(inverse.value(y) / x - 1)).toBeLessThan(1e-11);
    });
    // The ends of the range are approached, and not passed.
    for (const [far, end] of [
      [-1e6, low],
      [1e6, high],
    ] as const) {
      const reached = sigma.value(far);
      if (Number.isFinite(end)) expect(Math.abs(reached - end)).toBeLessThan(2e-6);
      else expect(Math.abs(reached)).toBeGreaterThan(1e3);
    }
  });
});
