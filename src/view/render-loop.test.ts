import { describe, expect, it } from 'vitest';
import { createRenderLoop } from './render-loop.ts';

/** A clock that ticks when told to. */
function manualClock() {
  let waiting: ((now: number) => void) | null = null;
  return {
    clock: {
      request: (callback: (now: number) => void) => {
        waiting = callback;
        return 1;
      },
      cancel: () => {
        waiting = null;
      },
    },
    tick(now: number): boolean {
      const callback = waiting;
      waiting = null;
      callback?.(now);
      return callback !== null;
    },
  };
}

describe('createRenderLoop', () => {
  it('draws once per request, however often it is asked before the frame', () => {
    const { clock, tick } = manualClock();
    let drawn = 0;
    const loop = createRenderLoop(() => {
      drawn++;
      return false;
    }, clock);
    expect(tick(0)).toBe(false);
    loop.invalidate();
    loop.invalidate();
    expect(tick(1)).toBe(true);
    expect(tick(2)).toBe(false);
    expect(drawn).toBe(1);
  });

  it('goes on while something moves, then sleeps', () => {
    const { clock, tick } = manualClock();
    const loop = createRenderLoop((now) => now < 3, clock);
    loop.invalidate();
    expect([0, 1, 2, 3, 4].map(tick)).toEqual([true, true, true, true, false]);
  });

  it('draws nothing while paused or after it was disposed of', () => {
    const { clock, tick } = manualClock();
    const loop = createRenderLoop(() => false, clock);
    loop.invalidate();
    loop.pause();
    loop.invalidate();
    expect(tick(0)).toBe(false);
    loop.resume();
    expect(tick(1)).toBe(true);
    loop.dispose();
    loop.invalidate();
    expect(tick(2)).toBe(false);
  });
});
