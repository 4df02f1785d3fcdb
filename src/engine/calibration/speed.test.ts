import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { atWorst, fitSpeed, predict, type Speed, secondsPerStep } from './speed.ts';

const speed: Speed = { step: 2e-6, multiplyAdd: 5e-10, flowStep: 1e-7, flowMultiplyAdd: 1e-10 };

describe('the cost of a run', () => {
  it('is fitted exactly by four measurements of an engine that obeys it', () => {
    const part = fc.double({ min: 0, max: 1e-6, noNaN: true });
    const speeds = fc.record({ step: part, multiplyAdd: part, flowStep: part, flowMultiplyAdd: part });
    fc.assert(
      fc.property(speeds, (drawn) => {
        const truth: Speed = {
          ...drawn,
          step: Math.max(drawn.step, drawn.flowStep),
          multiplyAdd: Math.max(drawn.multiplyAdd, drawn.flowMultiplyAdd),
        };
        const work = [1e3, 1e6] as const;
        const at = (flows: number) =>
          work.map((amount) => secondsPerStep(truth, amount, flows)) as [number, number];
        const found = fitSpeed({ work, flows: 8, one: at(1), several: at(8) });
        for (const [amount, flows] of [
          [500, 1],
          [1e7, 3],
          [2e4, 100],
        ] as const) {
          const expected = secondsPerStep(truth, amount, flows);
          expect(Math.abs(secondsPerStep(found, amount, flows) - expected)).toBeLessThanOrEqual(
            1e-6 * expected + 1e-12,
          );
        }
      }),
    );
  });

  it('never comes out negative from measurements that contradict one another', () => {
    const found = fitSpeed({ work: [1e3, 1e6], flows: 4, one: [2e-3, 1e-3], several: [1e-3, 5e-3] });
    for (const part of Object.values(found)) expect(part).toBeGreaterThanOrEqual(0);
    expect(found.step).toBeGreaterThanOrEqual(found.flowStep);
    expect(found.multiplyAdd).toBeGreaterThanOrEqual(found.flowMultiplyAdd);
  });

  it('is not believed to be far slower than a known one', () => {
    const busy = { ...speed, step: 1, multiplyAdd: 0 };
    expect(atWorst(busy, 4, speed)).toEqual({ ...speed, step: 4 * speed.step, multiplyAdd: 0 });
    expect(atWorst(speed, 4, speed)).toEqual(speed);
  });

  it('grows with gradients, flows, work and recorded frames', () => {
    const load = { work: 1e4, gradients: 1000, flows: 33, frames: 200 };
    const seconds = predict(speed, load);
    for (const name of ['work', 'gradients', 'flows', 'frames'] as const) {
      expect(predict(speed, { ...load, [name]: 2 * load[name] })).toBeGreaterThan(seconds);
    }
    expect(predict(speed, { ...load, frames: 0, gradients: 2000 })).toBeCloseTo(
      2 * predict(speed, { ...load, frames: 0 }),
      12,
    );
  });
});
