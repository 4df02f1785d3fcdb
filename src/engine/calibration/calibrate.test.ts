import { describe, expect, it } from 'vitest';
import { createTimedEngine } from '../testing/timed-engine.ts';
import { calibrate, type Probes } from './calibrate.ts';
import { checkedSpeed } from './calibration-store.ts';
import { createCalibrator } from './calibrator.ts';
import { type Speed, secondsPerStep } from './speed.ts';

const probes: Probes = { small: [[4, 8, 3], 8], large: [[16, 48, 8], 64], flows: 8, steps: 1 };
const processor: Speed = { step: 1e-6, multiplyAdd: 5e-10, flowStep: 1e-6, flowMultiplyAdd: 5e-10 };
const graphics: Speed = { step: 2e-5, multiplyAdd: 5e-11, flowStep: 0, flowMultiplyAdd: 1e-12 };

/** Milliseconds that a calibration took in all, and what it found. */
async function timed(speed: Speed, start = 0, steps = 1) {
  const clock = { time: 0 };
  const engine = createTimedEngine(clock, { speed, start });
  const { speed: found, undisturbed } = await calibrate(engine, { ...probes, steps }, () => clock.time);
  expect(undisturbed).toBe(true);
  return { found, milliseconds: clock.time };
}

describe('calibration', () => {
  it.each([
    ['a processor', processor, 0, 1],
    ['a graphics card with a latency of 2 ms per run', graphics, 0.002, 64],
    [
      'an engine of a tenth of a millisecond per step',
      { step: 1e-4, multiplyAdd: 2e-9, flowStep: 0, flowMultiplyAdd: 4e-10 },
      0.001,
      1,
    ],
  ])('finds the speed of %s', async (_, speed, start, steps) => {
    const { found } = await timed(speed, start, steps);
    for (const part of ['step', 'multiplyAdd', 'flowStep', 'flowMultiplyAdd'] as const) {
      expect(found[part]).toBeCloseTo(speed[part], 12);
    }
  });

  it('takes no longer than a tenth of a second and its warm-up, however slow the engine', async () => {
    const quick = await timed(processor);
    expect(quick.milliseconds).toBeLessThan(180);
    const slow = { step: 0.012, multiplyAdd: 1e-9, flowStep: 0.001, flowMultiplyAdd: 1e-9 };
    const { found, milliseconds } = await timed(slow);
    expect(milliseconds).toBeLessThan(180);
    expect(secondsPerStep(found, 1e5, 1)).toBeCloseTo(secondsPerStep(slow, 1e5, 1), 6);
    // One step of 0.2 s and what it warms up: the others are not tried, and batches are taken to gain nothing.
    const hopeless = await timed({ ...slow, step: 0.2 });
    expect(hopeless.milliseconds).toBeLessThan(450);
    expect(secondsPerStep(hopeless.found, 1e5, 9)).toBeGreaterThanOrEqual(9 * 0.2);
  });
});

describe('a calibrator', () => {
  const memory = () => {
    const kept = new Map<string, Speed>();
    return {
      kept,
      read: async (key: string) => kept.get(key) ?? null,
      write: async (key: string, speed: Speed) => void kept.set(key, speed),
    };
  };
  const about = { version: 'orbitscape 1', threads: 3 };

  it('measures an engine once, also between visits, and anew for another version, device or thread count', async () => {
    const clock = { time: 0 };
    const now = () => clock.time;
    const store = memory();
    const engine = createTimedEngine(clock, { speed: processor });
    const first = createCalibrator({ now, store, ...about });
    expect(first.known(engine)).toBeNull();
    const [speed, again] = await Promise.all([first.speedOf(engine, probes), first.speedOf(engine, probes)]);
    expect(again).toBe(speed);
    expect(first.known(engine)).toBe(speed);
    const { runs } = engine;
    expect(runs).toBeGreaterThan(4);

    const visit = createCalibrator({ now, store, ...about });
    expect(await visit.speedOf(engine, probes)).toEqual(speed);
    expect(engine.runs).toBe(runs);

    const other = createTimedEngine(clock, { speed: processor, device: 'another' });
    await visit.speedOf(other, probes);
    await createCalibrator({ now, store, ...about, threads: 4 }).speedOf(engine, probes);
    await createCalibrator({ now, store, ...about, version: 'orbitscape 2' }).speedOf(engine, probes);
    expect(store.kept.size).toBe(4);
    expect(other.runs).toBeGreaterThan(0);
  });

  it('keeps what a busy machine measured for this visit only', async () => {
    const clock = { time: 0 };
    const engine = createTimedEngine(clock, { speed: processor });
    let runs = 0;
    const disturbed: typeof engine = {
      ...engine,
      async *flow(...words) {
        // Every other run is put aside for a while.
        if (runs++ % 2 === 0) clock.time += 20;
        yield* engine.flow(...words);
      },
    };
    const store = memory();
    const calibrator = createCalibrator({ now: () => clock.time, store, ...about });
    const speed = await calibrator.speedOf(disturbed, probes);
    expect(calibrator.known(disturbed)).toBe(speed);
    expect(store.kept.size).toBe(0);
  });

  it('does without a store, and forgets a failure', async () => {
    const clock = { time: 0 };
    const engine = createTimedEngine(clock, { speed: processor });
    let broken = true;
    const flaky: typeof engine = {
      ...engine,
      flow(...words) {
        if (broken) throw new Error('lost');
        return engine.flow(...words);
      },
    };
    const calibrator = createCalibrator({ now: () => clock.time, store: null, ...about });
    await expect(calibrator.speedOf(flaky, probes)).rejects.toThrow('lost');
    broken = false;
    expect((await calibrator.speedOf(flaky, probes)).multiplyAdd).toBeGreaterThan(0);
  });

  it.each([null, 'fast', {}, { ...processor, step: -1 }, { ...processor, flowStep: Number.NaN }])(
    'does not trust %j that it finds in the store',
    (value) => expect(checkedSpeed(value)).toBeNull(),
  );
  it('trusts a speed', () => expect(checkedSpeed({ ...processor })).toEqual(processor));
});
