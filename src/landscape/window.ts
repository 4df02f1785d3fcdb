import { createLoss } from '../model/network.ts';
import type { Problem } from '../model/problem.ts';
import type { Chart, ChartCurve } from './chart.ts';
import { height } from './chart-parts.ts';

/** What is drawn of a plane of two parameters theta = (x, y). */
export interface Window {
  readonly x: readonly [number, number];
  readonly y: readonly [number, number];
}

/** What the landscape of two parameters is besides the paths on it. */
export type ExactParts = Pick<Chart, 'x' | 'y' | 'height' | 'surface' | 'floor' | 'levels' | 'notes'>;

/** Whether (x, y) lies in the window, rounding allowed; NaN does not. */
export function inside({ x: [left, right], y: [low, high] }: Window, x: number, y: number): boolean {
  const slackX = 1e-9 * Math.max(Math.abs(left), Math.abs(right));
  const slackY = 1e-9 * Math.max(Math.abs(low), Math.abs(high));
  return x >= left - slackX && x <= right + slackX && y >= low - slackY && y <= high + slackY;
}

/** Points (x, y) on the surface of a loss of two parameters: heights are true losses; NaN breaks the curve, and so does leaving the window. */
export function curveOn(
  problem: Problem,
  points: readonly (readonly [number, number])[],
  window: Window,
): ChartCurve {
  const { loss } = createLoss(problem);
  const within = points.map(([x, y]) => inside(window, x, y));
  return {
    x: Float32Array.from(points, ([x], i) => (within[i] ? x : Number.NaN)),
    y: Float32Array.from(points, ([, y], i) => (within[i] ? y : Number.NaN)),
    height: Float32Array.from(points, ([x, y], i) =>
      within[i] ? height(loss(Float64Array.of(x, y))) : Number.NaN,
    ),
  };
}

/** How far a round number of two digits reaches beyond `value` > 0: a window that is rounded so rests while flows run. */
export function roundedUp(value: number): number {
  const unit = 10 ** (Math.floor(Math.log10(value)) - 1);
  return Math.ceil(value / unit) * unit;
}
