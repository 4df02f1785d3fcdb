import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { firstDue, kernelSchedule, recordsWithin, split } from './schedule.ts';

const fixed = { kind: 'fixed-step', integrator: 'rk4', stepSize: 0.1, steps: 100, stop: {} } as const;
const adaptive = {
  kind: 'adaptive',
  integrator: 'dormand-prince',
  tolerance: 1e-6,
  time: 3,
  stop: {},
} as const;

describe('schedules for the device', () => {
  it('keep whole steps within the plan, ascending, without the start', () => {
    const record = { by: 'step', at: Float64Array.of(0, 5, 5, 100, 101) } as const;
    const { by, at, data } = kernelSchedule({ ...fixed, record });
    expect([by, ...at]).toEqual(['step', 5, 100]);
    expect([...new Uint32Array(data)]).toEqual([5, 100]);
  });

  it('turn times of fixed steps into the nearest steps', () => {
    const record = { by: 'time', at: Float64Array.of(0, 0.26, 0.31, 9.99) } as const;
    expect([...kernelSchedule({ ...fixed, record }).at]).toEqual([3, 100]);
  });

  it('end with the end of an adaptive plan', () => {
    const record = { by: 'time', at: Float64Array.of(0, 1, 2, 7) } as const;
    expect([...kernelSchedule({ ...adaptive, record }).at]).toEqual([1, 2, 3]);
  });

  it('find the first entry that is still due', () => {
    expect([0, 1, 1.5, 3, 9].map((reached) => firstDue(Float64Array.of(1, 2, 3), reached))).toEqual([
      0, 1, 1, 3, 3,
    ]);
  });

  it('bound the records ahead: exactly by step, by what can be met by time', () => {
    const steps = kernelSchedule({ ...fixed, record: { by: 'step', at: Float64Array.of(5, 6, 50) } });
    expect([1, 5, 6, 49, 50].map((ahead) => recordsWithin(steps, 0, 0, ahead))).toEqual([0, 1, 2, 2, 3]);
    expect(recordsWithin(steps, 1, 5, 1)).toBe(1);
    const times = kernelSchedule({ ...adaptive, record: { by: 'time', at: Float64Array.of(1, 2) } });
    expect([1, 2, 9].map((ahead) => recordsWithin(times, 1, 0, ahead))).toEqual([1, 2, 2]);
  });

  it('keep 48 bits of a number', () => {
    fc.assert(
      fc.property(fc.double({ min: -1e6, max: 1e6, noNaN: true }), (value) => {
        const [high, low] = split(value);
        return Math.abs(high + low - value) <= Math.abs(value) * 2 ** -47 + 1e-40;
      }),
      { seed: 1 },
    );
  });
});
