/** Chooses how much work a dispatch gets, so that each takes about as long as a frame of the display. */
export interface Pacer {
  /** Work for the next dispatch, at least 1. */
  readonly budget: number;
  /** Learns that `work` took `milliseconds`. Less than the budget, done in time, says nothing of the whole budget. */
  learn(work: number, milliseconds: number): void;
}

/** Longer dispatches keep the display waiting. */
export const TARGET_MILLISECONDS = 16;
export const LARGEST_GROWTH = 4;

/** Starts with `first`, which should be short: the first result comes at once. */
export function createPacer(first: number): Pacer {
  let budget = Math.max(1, Math.floor(first));
  return {
    get budget() {
      return budget;
    },
    learn(work, milliseconds) {
      if (work < budget && milliseconds < TARGET_MILLISECONDS) return;
      const wanted = (work * TARGET_MILLISECONDS) / Math.max(milliseconds, 0.1);
      budget = Math.max(1, Math.floor(Math.min(wanted, LARGEST_GROWTH * budget)));
    },
  };
}
