/** What is known of one batch of flows that advance together. Times in seconds. */
export interface BatchProgress {
  /** Computing so far. */
  readonly spent: number;
  /** Part of the work that is done, 0 to 1. */
  readonly fraction: number;
  /** How long it was expected to take in all; null when nothing was known. */
  readonly expected: number | null;
}

/** Seconds of computing after which a measured speed counts where nothing was expected. */
const ENOUGH = 0.5;
/** A change of the estimate is taken up in a share of the time left, at most so many seconds: it must not jump about. */
const INERTIA = { share: 1 / 4, most: 2, least: 0.1 };

/**
 * Seconds of computing that a batch still takes. What was expected counts at first, what is measured takes over while as
 * much time passes as was expected: an adaptive flow crawls before it runs, and says little at its start. null: unknown.
 */
export function batchRemaining({ spent, fraction, expected }: BatchProgress): number | null {
  if (fraction >= 1) return 0;
  const measured = fraction > 0 ? spent / fraction : null;
  if (expected === null || expected <= spent)
    return spent >= ENOUGH && measured !== null ? measured - spent : null;
  if (measured === null) return expected - spent;
  const weight = spent / expected;
  return expected ** (1 - weight) * measured ** weight - spent;
}

/** Smooths the estimates of one run over time. */
export interface Countdown {
  /** Seconds left at `time` (seconds) given the raw estimate of that moment; null while nothing is known. */
  at(time: number, raw: number | null): number | null;
}

/** Builds a countdown: it follows the clock, and what is estimated anew pulls at it. */
export function createCountdown(): Countdown {
  let end: number | null = null;
  let last = 0;
  return {
    at(time, raw) {
      if (raw !== null) {
        const inertia = Math.max(INERTIA.least, Math.min(INERTIA.most, INERTIA.share * raw));
        const pull = end === null ? 1 : 1 - Math.exp(-(time - last) / inertia);
        end = (1 - pull) * (end ?? 0) + pull * (time + raw);
      }
      last = time;
      return end === null ? null : Math.max(0, end - time);
    },
  };
}
