import type { Engine } from '../engine.ts';
import { calibrate, type Probes } from './calibrate.ts';
import { browserCalibrationStore, type CalibrationStore } from './calibration-store.ts';
import type { Speed } from './speed.ts';

/** What tests may take into their own hands. */
export interface CalibratorOptions {
  /** Milliseconds on a clock that never goes back; default `performance.now`. */
  readonly now?: () => number;
  /** Default: that of this browser, or none. */
  readonly store?: CalibrationStore | null;
  /** What measures: speeds of another version or of another number of threads do not count. */
  readonly version?: string;
  readonly threads?: number;
  /** Keeps everything else on this thread still while `measure` runs; default: nothing else runs. */
  readonly exclusively?: <T>(measure: () => Promise<T>) => Promise<T>;
}

/** Knows how fast engines are on this machine. */
export interface Calibrator {
  /** The speed if it has been measured since the page was opened. */
  known(engine: Engine): Speed | null;
  /** The speed: known, kept from an earlier visit, or measured now. Rejects when the engine cannot run. */
  speedOf(engine: Engine, probes: Probes): Promise<Speed>;
}

/** Builds the calibrator: one measurement per engine and device, kept in memory and, when nothing disturbed it, between visits. */
export function createCalibrator(options: CalibratorOptions = {}): Calibrator {
  const {
    now = () => performance.now(),
    store = browserCalibrationStore(),
    version = '',
    threads = globalThis.navigator?.hardwareConcurrency ?? 1,
    exclusively = (measure) => measure(),
  } = options;
  const speeds = new Map<string, Speed>();
  const pending = new Map<string, Promise<Speed>>();
  const keyOf = ({ kind, precision, device }: Engine) =>
    [version, kind, precision, device, `${threads} threads`].join(', ');

  function remember(key: string, speed: Speed): Speed {
    speeds.set(key, speed);
    return speed;
  }

  async function obtain(key: string, engine: Engine, probes: Probes): Promise<Speed> {
    const kept = await store?.read(key);
    if (kept) return remember(key, kept);
    const { speed, undisturbed } = await exclusively(() => calibrate(engine, probes, now));
    if (undisturbed) void store?.write(key, speed);
    return remember(key, speed);
  }

  return {
    known: (engine) => speeds.get(keyOf(engine)) ?? null,
    speedOf(engine, probes) {
      const key = keyOf(engine);
      const speed = speeds.get(key);
      if (speed) return Promise.resolve(speed);
      const running = pending.get(key) ?? obtain(key, engine, probes).finally(() => pending.delete(key));
      pending.set(key, running);
      return running;
    },
  };
}
