import { dot } from '../../model/vector.ts';
import type { Steps } from '../steps.ts';
import { type OrbitFunction, type OrbitPoint, pointAlong } from './orbit-function.ts';

/** A point that is higher, and how far along the direction it is. */
export interface Step {
  readonly point: OrbitPoint;
  readonly step: number;
}

/** Share of the first slope that the rise must keep on average (Armijo), and at which a slope counts as level. */
const RISE = 1e-4;
const LEVEL = 0.1;
/** Points tried at most. */
const TRIALS = 12;
/** Expansion of a step beyond which the function still rises, at least and at most. */
const EXPANSION = [2, 8] as const;

/** A tried step: value and slope along the direction; -Infinity and NaN where there is no point. */
interface Trial {
  readonly step: number;
  readonly value: number;
  readonly slope: number;
  readonly point: OrbitPoint | null;
}

/**
 * Searches a maximum of f(exp(s X) . theta) over 0 < s <= longest, X a direction in which f rises, from the step `first`:
 * expands while f rises, then halves in by cubic interpolation (strong Wolfe conditions; Nocedal, Wright 2006, section
 * 3.5). null where no step was found that is higher than the origin.
 */
export function* searchLine(
  f: OrbitFunction,
  origin: OrbitPoint,
  direction: Float64Array,
  first: number,
  longest: number,
): Steps<Step | null> {
  const at = (step: number): Trial => {
    const point = pointAlong(f, origin, direction, step);
    return point
      ? { step, value: point.value, slope: dot(point.slope, direction), point }
      : { step, value: Number.NEGATIVE_INFINITY, slope: Number.NaN, point };
  };
  const start: Trial = { step: 0, value: origin.value, slope: dot(origin.slope, direction), point: origin };
  let low = start;
  let high: Trial | null = null;
  let step = Math.min(first, longest);
  for (let i = 0; i < TRIALS; i++) {
    yield;
    const trial = at(step);
    const enough = trial.value >= start.value + RISE * step * start.slope;
    if (!enough || trial.value < low.value) {
      high = trial;
    } else {
      const away = high ? high.step - low.step : 1;
      if (trial.slope * away < 0) high = low;
      low = trial;
      if (trial.point?.attained || Math.abs(trial.slope) <= LEVEL * start.slope) break;
      if (!high && step >= longest) break;
    }
    step = high ? between(low, high) : Math.min(beyondRise(start, low), longest);
    if (step === low.step) break;
  }
  return low.point && low.step > 0 && low.value > origin.value ? { point: low.point, step: low.step } : null;
}

/** Where the slope, taken as linear in the step, vanishes; kept within the limits of an expansion. */
function beyondRise(start: Trial, { step, slope }: Trial): number {
  const [least, most] = EXPANSION;
  const zero = slope < start.slope ? (step * start.slope) / (start.slope - slope) : Number.POSITIVE_INFINITY;
  return Math.min(Math.max(zero, least * step), most * step);
}

/** The maximum of the cubic through two trials (Nocedal, Wright 2006, eq. 3.59), kept away from both; nearer to `low` where there is none. */
function between(low: Trial, high: Trial): number {
  const width = high.step - low.step;
  const d = low.slope + high.slope - (3 * (high.value - low.value)) / width;
  const root = Math.sign(width) * Math.sqrt(d * d - low.slope * high.slope);
  const share = 1 - (d + root - high.slope) / (low.slope - high.slope + 2 * root);
  return low.step + width * (Number.isFinite(share) ? Math.min(Math.max(share, 0.1), 0.9) : 0.25);
}
