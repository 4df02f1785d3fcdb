import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { explicitSchedule, stepSchedule, timeSchedule } from './record.ts';

const seed = { seed: 4, numRuns: 300 };
const spacing = fc.constantFrom('linear' as const, 'log' as const);
const ascending = (at: Float64Array) => at.every((value, i) => i === 0 || value > at[i - 1]!);

describe('record schedules', () => {
  it('explicit steps are sorted and unique', () => {
    expect(explicitSchedule([100, 0, 5, 5])).toEqual({ by: 'step', at: Float64Array.of(0, 5, 100) });
  });

  it('whole steps: as many as asked, different, with both ends', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 1_000_000 }),
        fc.integer({ min: 2, max: 300 }),
        spacing,
        (steps, count, spacing) => {
          const { by, at } = stepSchedule(steps, count, spacing);
          expect(by).toBe('step');
          expect(at).toHaveLength(Math.min(count, steps + 1));
          expect(at.every(Number.isInteger)).toBe(true);
          expect([at[0], at.at(-1)]).toEqual([0, steps]);
          expect(ascending(at)).toBe(true);
        },
      ),
      seed,
    );
  });

  it('times: as many as asked, ascending, with both ends exactly', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 1e-6, max: 1e6, noNaN: true }),
        fc.integer({ min: 2, max: 300 }),
        spacing,
        (time, count, spacing) => {
          const { by, at } = timeSchedule(time, count, spacing);
          expect(by).toBe('time');
          expect(at).toHaveLength(count);
          expect([at[0], at.at(-1)]).toEqual([0, time]);
          expect(ascending(at)).toBe(true);
        },
      ),
      seed,
    );
  });

  it('log spacing has steady ratios once whole numbers allow it', () => {
    const { at } = stepSchedule(1_000_000, 50, 'log');
    const ratios = Array.from(at.slice(-20), (value, i) => value / at[at.length - 21 + i]!);
    for (const ratio of ratios) expect(ratio).toBeCloseTo(ratios[0]!, 2);
    const times = timeSchedule(200, 50, 'log').at;
    expect(times[1]!).toBeCloseTo(0.02, 10);
    expect(times[20]! / times[19]!).toBeCloseTo(times[30]! / times[29]!, 10);
  });

  it('a flow of no length has one record point; a count below two still has both ends', () => {
    expect(stepSchedule(0, 10, 'log').at).toEqual(Float64Array.of(0));
    expect(timeSchedule(0, 10, 'linear').at).toEqual(Float64Array.of(0));
    expect(stepSchedule(7, 1, 'log').at).toEqual(Float64Array.of(0, 7));
    expect(timeSchedule(7, 1, 'log').at).toEqual(Float64Array.of(0, 7));
  });
});
