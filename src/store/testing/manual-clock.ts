import type { FrameClock } from '../playback-loop.ts';

/** Animation frames that come when the test says so. */
export interface ManualClock extends FrameClock {
  /** Lets `milliseconds` pass in frames of 20 ms. */
  advance(milliseconds: number): void;
  /** Lets `milliseconds` pass without a frame, then gives one. */
  jump(milliseconds: number): void;
  /** Number of frames asked for and not yet given. */
  readonly requested: number;
}

const FRAME = 20;

export function createManualClock(): ManualClock {
  let time = 0;
  let lastHandle = 0;
  let callbacks = new Map<number, (time: number) => void>();
  const frame = (milliseconds: number) => {
    time += milliseconds;
    const due = callbacks;
    callbacks = new Map();
    for (const callback of due.values()) callback(time);
  };
  return {
    request(callback) {
      callbacks.set(++lastHandle, callback);
      return lastHandle;
    },
    cancel: (handle) => callbacks.delete(handle),
    advance(milliseconds) {
      for (let passed = 0; passed < milliseconds; passed += FRAME) frame(FRAME);
    },
    jump: frame,
    get requested() {
      return callbacks.size;
    },
  };
}
