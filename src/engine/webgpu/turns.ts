import { LARGEST_GROWTH, TARGET_MILLISECONDS } from './pacer.ts';

/** What the next dispatch takes. */
export interface Turn {
  /** Flow numbers. */
  readonly flows: readonly number[];
  /** Steps of each. */
  readonly steps: number;
}

/** Cuts the work of a batch of flows into dispatches that take about as long as a frame of the display. */
export interface Turns {
  /** The next turn of the flows that run (ascending, at least one). */
  next(running: readonly number[]): Turn;
  /** Learns that `steps` steps of each of `flows` flows took `milliseconds`. */
  learn(flows: number, steps: number, milliseconds: number): void;
}

/** The first dispatch is short: the first result comes at once. */
const FIRST_FLOWS = 64;
const FIRST_STEPS = 2;
/** Steps of a flow below which a dispatch costs more than it takes: rather fewer flows at a time. */
const FEWEST_STEPS = 4;

/**
 * All flows at a time, as many steps as fit the target, or else a few steps of as many flows as fit, by turns. A flow's steps
 * follow one another while flows run side by side, so the time depends on the two numbers in ways of their own: each is
 * only ever enlarged by a factor, and only after what it was has been timed.
 */
export function createTurns(): Turns {
  let width = FIRST_FLOWS;
  let steps = FIRST_STEPS;
  let last = -1;
  let all = false;
  return {
    next(running) {
      all = running.length <= width;
      if (all) return { flows: running, steps };
      const after = running.findIndex((flow) => flow > last);
      const rotated = [...running.slice(Math.max(after, 0)), ...running.slice(0, Math.max(after, 0))];
      const flows = rotated.slice(0, width);
      last = flows.at(-1)!;
      return { flows: flows.toSorted((a, b) => a - b), steps };
    },
    learn(flows, taken, milliseconds) {
      if (taken === 0) return;
      const fitting = (taken * TARGET_MILLISECONDS) / Math.max(milliseconds, 0.1);
      const grown = (value: number, wanted: number) =>
        Math.max(1, Math.floor(Math.min(wanted, LARGEST_GROWTH * value)));
      if (flows === 1 || (all && fitting >= FEWEST_STEPS)) {
        steps = grown(steps, fitting);
        return;
      }
      steps = FEWEST_STEPS;
      width = grown(flows, (flows * fitting) / FEWEST_STEPS);
    },
  };
}
