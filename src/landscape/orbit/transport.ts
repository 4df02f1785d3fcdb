import { addMultiple, difference, dot, norm, pointOnLine } from '../../model/vector.ts';
import type { GroupAction, LieAlgebra } from '../../symmetry/group-action.ts';
import { alongLine, type ValleyLine } from '../valley-line.ts';

/** An action that is moved along one direction of its Lie algebra. */
export interface OneParameter {
  readonly action: GroupAction;
  readonly algebra: LieAlgebra;
  /** Lie-algebra coordinates of M, |M| = 1. */
  readonly direction: Float64Array;
}

/** A segment theta* + y e, moved by exp(s M): a column of the orbit chart. */
export interface Transport {
  readonly s: number;
  /** exp(s M) . theta; NaN where the action is not defined. */
  move(theta: Float64Array): Float64Array;
  /** Writes exp(s M) . (theta* + y e); NaN where the action is not defined there. */
  state(y: number, out: Float64Array): void;
  /** y of a state on the moved segment, and its distance from that; NaN where the action is not defined. */
  place(theta: Float64Array): { readonly y: number; readonly offChart: number };
}

/** Relative difference from an affine map that is rounding. */
const AFFINE = 1e-11;

/** theta -> exp(s M) . theta; NaN where the action is not defined there. */
export function moveBy(
  { action, algebra, direction }: OneParameter,
  s: number,
): (theta: Float64Array) => Float64Array {
  const element = algebra.exponential(direction.map((c) => s * c));
  return (theta) => {
    try {
      return action.act(element, theta);
    } catch (error) {
      if (error instanceof RangeError) return new Float64Array(theta.length).fill(Number.NaN);
      throw error;
    }
  };
}

/**
 * exp(s M) on a segment. Actions that are affine along it (all but the data-dependent ones and rotations of residuals) are
 * applied to three states only.
 */
export function transport(orbit: OneParameter, line: ValleyLine, s: number): Transport {
  const move = moveBy(orbit, s);
  const point = (y: number) => {
    const theta = new Float64Array(line.end.length);
    pointOnLine(theta, line.end, y, line.direction);
    return theta;
  };
  const { length } = line;
  const end = move(line.end);
  const step = new Float64Array(end.length);
  if (length > 0) difference(step, move(point(length)), end);
  for (let i = 0; i < step.length; i++) step[i]! /= length || 1;
  const probe = new Float64Array(end.length);
  pointOnLine(probe, end, -0.4 * length, step);
  difference(probe, probe, move(point(-0.4 * length)));
  if (norm(probe) <= AFFINE * (norm(end) + length * norm(step))) {
    const square = dot(step, step);
    return {
      s,
      move,
      state: (y, out) => pointOnLine(out, end, y, step),
      place(theta) {
        const rest = new Float64Array(end.length);
        difference(rest, theta, end);
        const y = square > 0 ? dot(rest, step) / square : 0;
        addMultiple(rest, -y, step);
        return { y, offChart: norm(rest) };
      },
    };
  }
  const back = moveBy(orbit, -s);
  return {
    s,
    move,
    state: (y, out) => out.set(move(point(y))),
    place(theta) {
      const { y } = alongLine(back(theta), line);
      const rest = new Float64Array(theta.length);
      difference(rest, theta, move(point(y)));
      return { y, offChart: norm(rest) };
    },
  };
}
