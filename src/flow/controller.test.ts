import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { controlStep, initialStep, startController } from './controller.ts';

describe('step-size controller', () => {
  it('rejects what is not finite, and what is beyond the tolerance, with a smaller step', () => {
    for (const error of [Number.NaN, Number.POSITIVE_INFINITY, 1e300, 2, 1 + 1e-12]) {
      const next = controlStep(startController(0.1), 0.1, error, 4);
      expect(next.rejected).toBe(true);
      expect(next.step).toBeLessThan(0.1);
      expect(next.step).toBeGreaterThanOrEqual(0.1 * 0.2 - 1e-15);
    }
  });

  it('changes the step by a bounded factor, and does not let it grow right after a rejection', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.double({ min: 1e-4, max: 1, noNaN: true }),
        fc.boolean(),
        (error, previousError, rejected) => {
          const next = controlStep({ step: 1, previousError, rejected }, 1, error, 4);
          expect(next.rejected).toBe(false);
          expect(next.step).toBeGreaterThanOrEqual(0.2);
          expect(next.step).toBeLessThanOrEqual(rejected ? 1 : 10);
        },
      ),
      { seed: 5, numRuns: 300 },
    );
  });

  it('settles at the step whose error is near the tolerance when error = (h / H)^5', () => {
    let state = startController(1e-3);
    for (let i = 0; i < 60; i++) state = controlStep(state, state.step, (state.step / 0.25) ** 5, 4);
    const error = (state.step / 0.25) ** 5;
    expect(error).toBeGreaterThan(0.2);
    expect(error).toBeLessThan(1);
    const next = controlStep(state, state.step, error, 4);
    expect(next.step).toBeCloseTo(state.step, 6);
  });

  it('starts at a positive finite step, whatever the norms', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0 }),
        fc.double({ min: 0 }),
        fc.double({ min: 0 }),
        (state, slope, change) => {
          const step = initialStep(state, slope, () => change, 4);
          expect(step > 0 && Number.isFinite(step)).toBe(true);
        },
      ),
      { seed: 6, numRuns: 300 },
    );
  });
});
