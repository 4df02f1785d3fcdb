import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ConservedSetting } from '../../experiment/resolved-experiment.ts';
import { roundTo, sliderInterval, sliderTicks, spread, valueAt } from './slider-scale.ts';

const setting = (change: Partial<ConservedSetting> = {}): ConservedSetting => ({
  layerPair: 0,
  units: 2,
  method: 'orbit',
  interval: { minimum: null, maximum: null },
  unitIntervals: [],
  initial: { total: 1, perUnit: [1, 0] },
  steered: { total: 1, perUnit: [1, 0] },
  lossChange: 0,
  moments: { mean: 2, std: 0.5 },
  ...change,
});

const finite = fc.double({ min: -1e4, max: 1e4, noNaN: true });

describe('valueAt', () => {
  const interval = { minimum: -10, maximum: 30 };
  const slider = { left: 100, width: 216, thumb: 16 };
  it('has its ends where the middle of the thumb has them', () => {
    expect(valueAt(interval, 108, slider)).toBe(-10);
    expect(valueAt(interval, 208, slider)).toBe(10);
    expect(valueAt(interval, 308, slider)).toBe(30);
  });
  it('stays at an end beyond it', () => {
    expect(valueAt(interval, 0, slider)).toBe(-10);
    expect(valueAt(interval, 1000, slider)).toBe(30);
  });
});

describe('sliderInterval', () => {
  it('is the sweep where there is one', () =>
    expect(sliderInterval(setting(), { from: -120, to: 120 }, 3)).toEqual({ minimum: -120, maximum: 120 }));

  it('widens for a value that was typed', () =>
    expect(sliderInterval(setting(), { from: -1, to: 1 }, 3).maximum).toBe(3));

  it('stays within reach', () => {
    const limited = setting({ interval: { minimum: -4, maximum: null }, method: 'outer-scaling' });
    expect(sliderInterval(limited, { from: -120, to: 120 }, 0).minimum).toBe(-4);
  });

  it('holds the value and has a width, whatever the initialisation', () => {
    fc.assert(
      fc.property(finite, finite, fc.double({ min: 0, max: 100, noNaN: true }), (value, mean, std) => {
        const { minimum, maximum } = sliderInterval(setting({ moments: { mean, std } }), undefined, value);
        expect(minimum).toBeLessThan(maximum);
        expect(value).toBeGreaterThanOrEqual(minimum);
        expect(value).toBeLessThanOrEqual(maximum);
      }),
      { seed: 4 },
    );
  });
});

describe('roundTo', () => {
  it('gives short numbers near the hand', () => {
    fc.assert(
      fc.property(fc.double({ min: -120, max: 120, noNaN: true }), (value) => {
        const rounded = roundTo({ minimum: -120, maximum: 120 }, value);
        expect(Math.abs(rounded - value)).toBeLessThanOrEqual(0.0500001);
        expect(String(rounded).length).toBeLessThanOrEqual(6);
      }),
      { seed: 5 },
    );
  });
});

describe('sliderTicks', () => {
  const interval = { minimum: -10, maximum: 10 };
  it('marks balance, the mean and one standard deviation either way', () =>
    expect(sliderTicks(setting(), interval).map(({ value }) => value)).toEqual([0, 1.5, 2, 2.5]));
  it('says once what coincides', () => {
    const ticks = sliderTicks(setting({ moments: { mean: 0, std: 1 } }), interval);
    expect(ticks.map(({ label }) => label)).toEqual(['−1 std', '0, mean', '+1 std']);
  });
  it('leaves out what is not on the slider', () =>
    expect(sliderTicks(setting({ moments: { mean: 40, std: 1 } }), interval)).toHaveLength(1));
  it('knows no moments of explicit parameters', () =>
    expect(sliderTicks(setting({ moments: null }), interval)).toHaveLength(1));
});

describe('spread', () => {
  it('keeps labels apart and inside where they fit', () => {
    const widths = [30, 40, 20, 25, 30];
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: 0, max: 240, noNaN: true }), { minLength: 5, maxLength: 5 }),
        (at) => {
          const centres = spread(
            [...at].sort((a, b) => a - b),
            widths,
            240,
          );
          centres.forEach((centre, i) => {
            expect(centre - widths[i]! / 2).toBeGreaterThanOrEqual(-1e-9);
            expect(centre + widths[i]! / 2).toBeLessThanOrEqual(240 + 1e-9);
            if (i > 0)
              expect(centre - widths[i]! / 2).toBeGreaterThanOrEqual(
                centres[i - 1]! + widths[i - 1]! / 2 + 4 - 1e-9,
              );
          });
        },
      ),
      { seed: 6 },
    );
  });
  it('leaves labels alone that do not touch', () =>
    expect(spread([20, 120, 220], [20, 20, 20], 240)).toEqual([20, 120, 220]));
});
