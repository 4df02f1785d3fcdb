import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type PointwiseName, pointwiseActivations, pointwiseNames } from './pointwise.ts';
import { type RadialName, radialActivations } from './radial.ts';
import { analytic, pointwiseSeries, powerSeries, radialSeries, type Series } from './taylor.ts';

const PROPERTY = { numRuns: 60, seed: 20261 } as const;
const ORDER = 24;
const radialNames = Object.keys(radialActivations) as RadialName[];

/** sum_k c_k d^k. */
const sum = (coefficients: Float64Array, d: number): number =>
  coefficients.reduceRight((rest, c) => rest * d + c, 0);

/** A point away from kinks and a step that stays on its side of them, well inside every radius of convergence. */
const points = fc
  .tuple(
    fc.double({ min: 0.05, max: 3, noNaN: true }),
    fc.boolean(),
    fc.double({ min: -0.2, max: 0.2, noNaN: true }),
  )
  .map(([x, negative, step]) => ({ x: negative ? -x : x, d: step * x }));

const agree = (a: number, b: number) => Math.abs(a - b) <= 1e-13 * (1 + Math.abs(b));

function expectsSeries(series: Series, value: (x: number) => number, x: number, d: number): void {
  const coefficients = series(x, ORDER);
  expect(coefficients).toHaveLength(ORDER + 1);
  expect(agree(sum(coefficients, d), value(x + d))).toBe(true);
}

describe.each(pointwiseNames)('%s', (name: PointwiseName) => {
  const { value, derivative, secondDerivative } = pointwiseActivations[name];

  test('the series at x gives the function beside x, and begins with the derivatives of the table', () => {
    fc.assert(
      fc.property(points, ({ x, d }) => {
        expectsSeries(pointwiseSeries[name], value, x, d);
        const [c0, c1, c2] = pointwiseSeries[name](x, 2);
        expect(agree(c0!, value(x))).toBe(true);
        expect(agree(c1!, derivative(x))).toBe(true);
        expect(agree(2 * c2!, secondDerivative(x))).toBe(true);
      }),
      PROPERTY,
    );
  });
});

describe.each(radialNames)('lambda of %s', (name: RadialName) => {
  const { lambda, slope, bend } = radialActivations[name];
  const kinks = [0.5, 1];

  test('the series at r gives the function beside r, and begins with the derivatives of the table', () => {
    fc.assert(
      fc.property(points, ({ x, d }) => {
        const r = Math.abs(x);
        fc.pre(kinks.every((kink) => kink < r === kink < r + d));
        expectsSeries(radialSeries[name], lambda, r, d);
        const [c0, c1, c2] = radialSeries[name](r, 2);
        expect(agree(c0!, lambda(r))).toBe(true);
        expect(agree(c1! / r, slope(r))).toBe(true);
        expect(agree((2 * c2! - c1! / r) / (r * r), bend(r))).toBe(true);
      }),
      PROPERTY,
    );
  });
});

test.each([-1, 0.5, 2, -1.5])('powers: x^%d', (exponent) => {
  fc.assert(
    fc.property(points, ({ x, d }) => {
      const sign = Number.isInteger(exponent) ? Math.sign(x) : 1;
      expectsSeries(powerSeries(exponent), (y) => y ** exponent, sign * Math.abs(x), sign * Math.sign(x) * d);
    }),
    PROPERTY,
  );
});

test('analytic: the series from one side of zero gives the function on the other, where it says so', () => {
  for (const name of pointwiseNames) {
    const continued = sum(pointwiseSeries[name](0.05, ORDER), -0.1);
    expect(agree(continued, pointwiseActivations[name].value(-0.05))).toBe(analytic[name]);
  }
});

test('a wrong coefficient is seen: the tests can fail', () => {
  for (const name of pointwiseNames) {
    const wrong: Series = (x, order) =>
      pointwiseSeries[name](x, order).map((c, k) => (k === 9 ? c + 1e-3 : c));
    expect(agree(sum(wrong(1.5, ORDER), 0.25), pointwiseActivations[name].value(1.75))).toBe(false);
  }
});
