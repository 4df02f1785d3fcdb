import type { StoreApi } from 'zustand/vanilla';
import type { PlaybackState } from './playback.ts';

/** Where animation frames come from: the browser's, or a test's manual clock. `time` is in milliseconds. */
export interface FrameClock {
  request(callback: (time: number) => void): number;
  cancel(handle: number): void;
}

/** Seconds that one pass over the frames takes at speed 1. */
const PASS_SECONDS = 8;
/** Seconds to rest at the end before the next pass. */
const HOLD_SECONDS = 2;
/** A longer gap between two frames (a hidden tab) counts as this much, in milliseconds. */
const LONGEST_GAP = 100;

/** Moves the cursor of the playback store. */
export interface PlaybackLoop {
  play(): void;
  pause(): void;
  /** One frame on, and stays there. */
  step(): void;
  /** Goes to a fractional frame index, and stays there. */
  seek(cursor: number): void;
  setSpeed(speed: number): void;
  /** A new run begins: playing starts over; a paused cursor returns to its place as the frames arrive. */
  restart(): void;
  /** Frames up to index `last` are recorded, of about `expected` (an index too) in all; `done`: no more will come. */
  recorded(last: number, expected: number, done: boolean): void;
  dispose(): void;
}

/**
 * Plays one pass over the frames in about 8 seconds at speed 1, at an even pace in frame-index space, rests at the end and
 * begins again. The cursor never passes the last recorded frame: it waits there, also for frames that are being computed
 * anew. Asks for animation frames only while the cursor can move.
 *
 * With `reducedMotion` nothing plays by itself and the cursor stays at the latest frame until someone moves it.
 */
export function createPlaybackLoop(
  store: StoreApi<PlaybackState>,
  clock: FrameClock,
  reducedMotion = false,
): PlaybackLoop {
  let handle: number | null = null;
  let before: number | null = null;
  let rested = 0;
  let expected = 0;
  let done = false;
  /** Where the cursor is to be as soon as that much is recorded. */
  let place = reducedMotion ? Number.POSITIVE_INFINITY : 0;
  store.setState({ playing: !reducedMotion });

  const show = () => {
    const { cursor, last } = store.getState();
    const reached = Math.min(place, last);
    if (reached !== cursor) store.setState({ cursor: reached });
  };

  const canMove = () => {
    const { playing, last } = store.getState();
    return playing && (place < last || (done && last > 0));
  };

  const tick = (time: number) => {
    handle = null;
    const seconds = before === null ? 0 : Math.min(time - before, LONGEST_GAP) / 1000;
    before = time;
    const { last, speed } = store.getState();
    if (place < last) {
      rested = 0;
      const pass = done ? last : Math.max(last, expected);
      place = Math.min(last, place + (seconds * speed * pass) / PASS_SECONDS);
    } else {
      rested += seconds;
      place = rested < HOLD_SECONDS ? last : 0;
    }
    show();
    wake();
  };

  const wake = () => {
    if (!canMove()) before = null;
    else handle ??= clock.request(tick);
  };

  const sleep = () => {
    if (handle !== null) clock.cancel(handle);
    handle = null;
    before = null;
    rested = 0;
  };

  const stay = (cursor: number) => {
    sleep();
    place = Math.max(cursor, 0);
    store.setState({ playing: false, cursor: Math.min(place, store.getState().last) });
  };

  return {
    play() {
      const { last } = store.getState();
      rested = 0;
      if (done && place >= last) place = 0;
      store.setState({ playing: true });
      show();
      wake();
    },
    pause() {
      stay(store.getState().cursor);
    },
    step() {
      const { cursor, last } = store.getState();
      stay(Math.min(Math.floor(cursor) + 1, last));
    },
    seek: stay,
    setSpeed(speed) {
      store.setState({ speed });
    },
    restart() {
      sleep();
      done = false;
      if (store.getState().playing) place = 0;
      store.setState({ cursor: 0, last: 0 });
    },
    recorded(last, expectedLast, isDone) {
      expected = expectedLast;
      done = isDone;
      if (last !== store.getState().last) store.setState({ last, cursor: Math.min(place, last) });
      wake();
    },
    dispose: sleep,
  };
}
