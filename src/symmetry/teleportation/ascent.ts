import { difference, dot, norm } from '../../model/vector.ts';
import type { Steps } from '../steps.ts';
import { type Step, searchLine } from './line-search.ts';
import { type OrbitFunction, type OrbitPoint, pointAlong } from './orbit-function.ts';
import { limitedMemoryBfgs } from './quasi-newton.ts';

/** Why an ascent ended. */
export type AscentEnd = 'iterations' | 'length' | 'level' | 'attained' | 'bound';

export interface Ascent {
  readonly point: OrbitPoint;
  /** Sum of |X| over the steps. */
  readonly length: number;
  readonly iterations: number;
  readonly end: AscentEnd;
}

export interface AscentLimits {
  readonly iterations: number;
  readonly length: number;
}

/** The first step of an ascent that knows nothing of curvature. */
const FIRST_LENGTH = 0.1;
/** How many times its even share of the length a step may take: a path of few long steps could not turn. */
const LONGEST_SHARES = 2;
/** |slope| at which a function of order one without a target counts as level: its values differ by rounding there. */
const LEVEL = 1e-8;

/**
 * Ascends f on an orbit from `start`: quasi-Newton directions in the Lie algebra at the present point, a line search along
 * exp(sX), then the same from the point that was reached. The value never falls. Where a direction leads nowhere it starts
 * anew from the slope.
 */
export function* ascend(f: OrbitFunction, start: OrbitPoint, limits: AscentLimits): Steps<Ascent> {
  const memory = limitedMemoryBfgs();
  let point = start;
  let length = 0;
  let iterations = 0;
  const level = f.attained ? 0 : LEVEL;
  const ended = (end: AscentEnd): Ascent => ({ point, length, iterations, end });
  for (;;) {
    if (point.attained) return ended('attained');
    const remaining = limits.length - length;
    if (remaining <= 1e-12 * limits.length) return ended('length');
    if (iterations >= limits.iterations) return ended('iterations');
    if (norm(point.slope) <= level) return ended('level');
    let direction = memory.direction(point.slope);
    if (!(dot(direction, point.slope) > 0)) {
      memory.forget();
      direction = point.slope.slice();
    }
    const reach = norm(direction);
    const longest = Math.min(remaining, (LONGEST_SHARES * limits.length) / limits.iterations) / reach;
    const first = memory.size() > 0 ? 1 : FIRST_LENGTH / reach;
    const highest = yield* searchLine(f, point, direction, first, longest);
    if (!highest) {
      if (memory.size() === 0) return ended('level');
      memory.forget();
      continue;
    }
    const found = admissible(f, point, direction, highest);
    if (!found) return ended('bound');
    iterations++;
    length += found.step * reach;
    const fall = new Float64Array(f.dimension);
    difference(fall, point.slope, found.point.slope);
    memory.remember(
      direction.map((x) => found.step * x),
      fall,
    );
    point = found.point;
    if (found !== highest) return ended('bound');
  }
}

/** Halvings of a step that leads where f does not admit it. */
const HALVINGS = 8;

/** The step, or the longest part of it, by bisection, that is higher than the origin and admitted; null where none is. */
function admissible(
  f: OrbitFunction,
  origin: OrbitPoint,
  direction: Float64Array,
  highest: Step,
): Step | null {
  if (!f.admits || f.admits(highest.point.theta)) return highest;
  let kept: Step | null = null;
  let [low, high] = [0, highest.step];
  for (let i = 0; i < HALVINGS; i++) {
    const step = (low + high) / 2;
    const point = pointAlong(f, origin, direction, step);
    if (point && f.admits(point.theta)) {
      if (point.value > origin.value) kept = { point, step };
      low = step;
    } else {
      high = step;
    }
  }
  return kept;
}
