import type { Steps } from '../steps.ts';
import { type Ascent, type AscentLimits, ascend } from './ascent.ts';
import { type OrbitFunction, type OrbitPoint, pointAlong } from './orbit-function.ts';

/** Points looked at on each side of the start. */
const POINTS = 32;
/** Maxima whose values differ by no more are equally good; the nearest is taken. */
const TIE = 1e-9;

/**
 * The maximum of f on the orbit of a group of one dimension, within the length: the orbit is a curve, so all of it is
 * looked at, and every local maximum of what was seen is refined by an ascent. The scan counts as one iteration.
 */
export function* searchCurve(
  f: OrbitFunction,
  start: OrbitPoint,
  { iterations, length }: AscentLimits,
): Steps<Ascent> {
  const direction = Float64Array.of(1);
  const steps = Array.from({ length: 2 * POINTS + 1 }, (_, i) => ((i - POINTS) * length) / POINTS);
  const points: (OrbitPoint | null)[] = [];
  for (const step of steps) {
    yield;
    const point = step === 0 ? start : pointAlong(f, start, direction, step);
    points.push(point === start || (point && (f.admits?.(point.theta) ?? true)) ? point : null);
  }
  const value = (i: number): number => points[i]?.value ?? Number.NEGATIVE_INFINITY;
  const maxima: Ascent[] = [];
  for (const [i, point] of points.entries()) {
    if (point === null || value(i - 1) > point.value || value(i + 1) > point.value) continue;
    const reach = Math.abs(steps[i]!);
    const { length: further, ...rest } = yield* ascend(f, point, {
      iterations: iterations - 1,
      length: length - reach,
    });
    maxima.push({ ...rest, length: reach + further, iterations: 1 + rest.iterations });
  }
  const best = Math.max(...maxima.map(({ point }) => point.value));
  return maxima
    .filter(({ point }) => point.value >= best - TIE)
    .reduce((nearest, other) => (other.length < nearest.length ? other : nearest));
}
