import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fittedExponent, growthWithin, median, range } from './statistics.ts';

const checks = { seed: 7, numRuns: 100 };
const figures = fc.array(fc.double({ min: 1e-3, max: 1e3, noNaN: true }), { minLength: 1, maxLength: 20 });

describe('median', () => {
  it('is the middle of an odd sample and the mean of the middle two of an even one', () => {
    expect(median([9, 1, 5])).toBe(5);
    expect(median([9, 1, 5, 6])).toBe(5.5);
    expect(median([])).toBeNaN();
  });

  it('has as many figures below as above, and leaves its sample alone', () => {
    fc.assert(
      fc.property(figures, (sample) => {
        const before = [...sample];
        const middle = median(sample);
        const below = sample.filter((value) => value < middle).length;
        const above = sample.filter((value) => value > middle).length;
        expect(Math.max(below, above)).toBeLessThanOrEqual(sample.length / 2);
        expect(sample).toEqual(before);
        const [low, high] = range(sample);
        expect(middle).toBeGreaterThanOrEqual(low);
        expect(middle).toBeLessThanOrEqual(high);
      }),
      checks,
    );
  });
});

describe('a fitted exponent', () => {
  const sizes = [1, 3, 10, 32, 100];

  it('is the exponent of a power, whatever its factor and the unit of its sizes', () => {
    fc.assert(
      fc.property(
        fc.double({ min: -3, max: 3, noNaN: true }),
        fc.double({ min: 1e-3, max: 1e3, noNaN: true }),
        fc.double({ min: 1e-2, max: 1e2, noNaN: true }),
        (exponent, factor, unit) => {
          const at = sizes.map((size) => unit * size);
          const values = at.map((size) => factor * size ** exponent);
          expect(fittedExponent(at, values)).toBeCloseTo(exponent, 9);
        },
      ),
      checks,
    );
  });

  it('is below 1 with a constant cost beside linear growth, above 1 with a quadratic part', () => {
    expect(
      fittedExponent(
        sizes,
        sizes.map((n) => 5 + n),
      ),
    ).toBeLessThan(0.9);
    expect(
      fittedExponent(
        sizes,
        sizes.map((n) => n + 0.05 * n * n),
      ),
    ).toBeGreaterThan(1.1);
  });

  it('is least squares: residuals are orthogonal to log size', () => {
    const values = [2, 7, 9, 50, 70];
    const slope = fittedExponent(sizes, values);
    const x = sizes.map(Math.log);
    const y = values.map(Math.log);
    const mean = (sample: number[]) => sample.reduce((sum, value) => sum + value, 0) / sample.length;
    const residuals = x.map((value, i) => y[i]! - mean(y) - slope * (value - mean(x)));
    expect(residuals.reduce((sum, residual, i) => sum + residual * x[i]!, 0)).toBeCloseTo(0, 9);
    expect(residuals.some((residual) => Math.abs(residual) > 0.01)).toBe(true);
  });
});

describe('growth within samples', () => {
  const noisy = (slope: number) =>
    Array.from({ length: 60 }, (_, i) => 100 * (1 + (slope * i) / 60) + (i % 7 === 3 ? 40 : i % 2));

  it('is nothing for what is flat, however it fills at first and whatever peaks it has', () => {
    expect(Math.abs(growthWithin([1, 20, 60, 90, 95, 99, ...noisy(0)]))).toBeLessThan(0.01);
  });

  it('sees a leak of a few percent', () => {
    expect(growthWithin(noisy(0.05))).toBeGreaterThan(0.03);
    expect(growthWithin(noisy(-0.05))).toBeLessThan(-0.03);
  });

  it('is not a number of too few samples', () => {
    expect(growthWithin([1, 2, 3])).toBeNaN();
  });
});
