import type { RecordSchedule } from './plan.ts';

export type Spacing = 'linear' | 'log';

/** The first time of a log-spaced schedule, as a fraction of the whole: four decades of the fall are resolved. */
const LOG_START = 1e-4;

/** Records exactly these steps (any order, repeats allowed), and the last state. */
export function explicitSchedule(steps: readonly number[]): RecordSchedule {
  return { by: 'step', at: Float64Array.from(new Set(steps)).sort() };
}

/**
 * `count` different whole steps from 0 to `steps`, both included: evenly spaced, or 0 and a geometric progression from 1.
 * Fewer when there are fewer steps; at least the two ends.
 */
export function stepSchedule(steps: number, count: number, spacing: Spacing): RecordSchedule {
  const intervals = Math.min(Math.max(count - 1, 1), steps);
  return { by: 'step', at: Float64Array.from(spacings[spacing].steps(steps, intervals)) };
}

/** `count` times from 0 to `time`, both included: evenly spaced, or 0 and a geometric progression from time / 10000. */
export function timeSchedule(time: number, count: number, spacing: Spacing): RecordSchedule {
  if (time === 0) return { by: 'time', at: Float64Array.of(0) };
  const intervals = Math.max(count - 1, 1);
  const inner = Array.from({ length: intervals - 1 }, (_, i) => spacings[spacing].fraction(i + 1, intervals));
  return { by: 'time', at: Float64Array.of(0, ...inner.map((fraction) => fraction * time), time) };
}

/** A rule that cuts a flow into `intervals`: at whole steps, or at fractions of its time. */
interface SpacingRule {
  steps(steps: number, intervals: number): number[];
  fraction(index: number, intervals: number): number;
}

const spacings: Record<Spacing, SpacingRule> = {
  linear: {
    steps: (steps, intervals) =>
      Array.from({ length: intervals + 1 }, (_, i) => (i === 0 ? 0 : Math.round((i * steps) / intervals))),
    fraction: (index, intervals) => index / intervals,
  },
  log: {
    steps(steps, intervals) {
      const at = [0];
      if (intervals > 1) at.push(1);
      // Where the progression would repeat a whole number it advances by one, and what is left is spread anew.
      for (let left = intervals - 1; left > 0; left--) {
        const before = at.at(-1)!;
        at.push(Math.round(Math.max(before + 1, before * (steps / before) ** (1 / left))));
      }
      if (intervals === 1) at.push(steps);
      return at;
    },
    fraction: (index, intervals) => LOG_START ** ((intervals - index) / (intervals - 1)),
  },
};
