import fc from 'fast-check';
import { beforeEach, describe, expect, test } from 'vitest';
import { createPlaybackStore } from './playback.ts';
import { createPlaybackLoop, type PlaybackLoop } from './playback-loop.ts';
import { createManualClock, type ManualClock } from './testing/manual-clock.ts';

let clock: ManualClock;
let store: ReturnType<typeof createPlaybackStore>;
let loop: PlaybackLoop;

beforeEach(() => {
  clock = createManualClock();
  store = createPlaybackStore();
  loop = createPlaybackLoop(store, clock);
});

const cursor = () => store.getState().cursor;

describe('playing', () => {
  test('one pass takes 8 seconds at speed 1', () => {
    loop.recorded(100, 100, true);
    clock.advance(4020);
    expect(cursor()).toBeCloseTo(50, 0);
    clock.advance(4020);
    expect(cursor()).toBe(100);
  });

  test('twice the speed takes half the time', () => {
    loop.setSpeed(2);
    loop.recorded(100, 100, true);
    clock.advance(2020);
    expect(cursor()).toBeCloseTo(50, 0);
  });

  test('rests at the end, then begins again', () => {
    loop.recorded(100, 100, true);
    clock.advance(8100);
    expect(cursor()).toBe(100);
    clock.advance(1500);
    expect(cursor()).toBe(100);
    clock.advance(1000);
    expect(cursor()).toBeGreaterThan(0);
    expect(cursor()).toBeLessThan(20);
  });

  test('waits for frames that are not recorded yet, and asks for no animation frames meanwhile', () => {
    loop.recorded(10, 100, false);
    clock.advance(8000);
    expect(cursor()).toBe(10);
    expect(clock.requested).toBe(0);
    loop.recorded(20, 100, false);
    expect(clock.requested).toBe(1);
    clock.advance(400);
    expect(cursor()).toBeGreaterThan(10);
  });

  test('a hidden tab does not skip ahead', () => {
    loop.recorded(100, 100, true);
    clock.advance(40);
    const before = cursor();
    clock.jump(60_000);
    expect(cursor() - before).toBeLessThan(2);
  });
});

describe('standing still', () => {
  test('paused, stepping and scrubbing ask for no animation frames', () => {
    loop.recorded(100, 100, true);
    clock.advance(1000);
    loop.pause();
    expect(clock.requested).toBe(0);
    const place = cursor();
    loop.step();
    expect(cursor()).toBe(Math.floor(place) + 1);
    loop.seek(70.5);
    expect(cursor()).toBe(70.5);
    expect(store.getState().playing).toBe(false);
    expect(clock.requested).toBe(0);
  });

  test('play at the end begins again', () => {
    loop.recorded(100, 100, true);
    loop.seek(100);
    loop.play();
    expect(cursor()).toBe(0);
    expect(clock.requested).toBe(1);
  });

  test('a place beyond the end is the end', () => {
    loop.recorded(10, 10, true);
    loop.seek(50);
    expect(cursor()).toBe(10);
  });
});

describe('a new run', () => {
  test('starts over when playing', () => {
    loop.recorded(100, 100, true);
    clock.advance(4000);
    loop.restart();
    expect(cursor()).toBe(0);
    loop.recorded(100, 100, false);
    expect(cursor()).toBe(0);
    clock.advance(400);
    expect(cursor()).toBeGreaterThan(0);
  });

  test('comes back to its place when paused', () => {
    loop.recorded(100, 100, true);
    loop.seek(60);
    loop.restart();
    loop.recorded(30, 100, false);
    expect(cursor()).toBe(30);
    loop.recorded(100, 100, true);
    expect(cursor()).toBe(60);
  });

  test('frames that are computed anew leave the cursor at its place', () => {
    loop.recorded(100, 100, true);
    clock.advance(4000);
    const place = cursor();
    loop.recorded(0, 100, false);
    loop.recorded(100, 100, true);
    expect(cursor()).toBe(place);
  });
});

test('under reduced motion nothing moves by itself and the end is shown', () => {
  const still = createPlaybackStore();
  const stillLoop = createPlaybackLoop(still, clock, true);
  stillLoop.recorded(10, 100, false);
  stillLoop.recorded(100, 100, true);
  expect(still.getState()).toMatchObject({ cursor: 100, playing: false });
  expect(clock.requested).toBe(0);
});

test('the cursor never runs ahead of what is recorded, whatever happens', () => {
  const action = fc.oneof(
    fc.record({ kind: fc.constant('advance' as const), by: fc.integer({ min: 0, max: 3000 }) }),
    fc.record({
      kind: fc.constant('recorded' as const),
      by: fc.integer({ min: 0, max: 200 }),
      done: fc.boolean(),
    }),
    fc.record({ kind: fc.constant('seek' as const), by: fc.integer({ min: -5, max: 300 }) }),
    fc.record({ kind: fc.constantFrom('play', 'pause', 'step', 'restart') }),
  );
  fc.assert(
    fc.property(fc.array(action, { maxLength: 30 }), (actions) => {
      const manual = createManualClock();
      const state = createPlaybackStore();
      const playback = createPlaybackLoop(state, manual);
      state.subscribe(({ cursor: at, last }) => {
        expect(at).toBeGreaterThanOrEqual(0);
        expect(at).toBeLessThanOrEqual(last);
      });
      for (const step of actions) {
        if (!('by' in step)) playback[step.kind as 'play']();
        else if (step.kind === 'advance') manual.advance(step.by);
        else if (step.kind === 'seek') playback.seek(step.by);
        else playback.recorded(step.by, 200, 'done' in step && step.done);
      }
    }),
    { seed: 1, numRuns: 200 },
  );
});
