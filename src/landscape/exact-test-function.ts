import { createLoss } from '../model/network.ts';
import { isMlp, type Problem } from '../model/problem.ts';
import { sharpness } from '../model/sharpness.ts';
import { type TestFunction, testFunction } from '../model/test-function.ts';
import type { ChartFloor, ChartLevel, ChartPath, ChartSurface } from './chart.ts';
import type { ChartInput } from './chart-input.ts';
import { type DrawnFlow, evenly, height, heightAxis } from './chart-parts.ts';
import { lossesOf } from './loss-batch.ts';
import { curveOn, type ExactParts, inside, roundedUp, type Window } from './window.ts';

/** Grid lines along each axis. */
const LINES = { preview: 65, final: 161 } as const;
/** The window reaches this share of its extent beyond what it shows, and is at least this wide. */
const MARGIN = 0.12;
const LEAST_EXTENT = 2;
/** Rows that should lie within the valley at the height of the ceiling, and how much closer than elsewhere they may get. */
const ROWS_IN_VALLEY = 12;
const MOST_CROWDING = 4;
/** An orbit is sampled at so many angles, and more where neighbours within the window are farther apart than this share of it. */
const ANGLES = 96;
const FINEST = 2 ** 9;
const CHORD = 0.02;
/** Most orbits drawn: more hide the surface. */
const MOST_LEVELS = 7;

/**
 * The landscape of a test function u^2 + v^2 over (x, y). Heights end at the highest loss at which a flow starts or jumps: what a
 * flow overshoots to is cut off, or nothing else could be seen. Rows are closest where the loss is least along y, so that a
 * valley far narrower than the window (Rosenbrock's) is still drawn as it is. Levels are the orbits of SO(2).
 */
export async function drawTestFunction(
  input: ChartInput,
  drawn: readonly DrawnFlow[],
  paths: readonly ChartPath[],
): Promise<ExactParts> {
  const { architecture } = input.problem;
  if (isMlp(architecture)) throw new RangeError('Only test functions are drawn so.');
  const fn = testFunction(architecture.name);
  const axis = heightAxis(paths);
  const ceiling = drawn.length > 0 ? ceilingOf(drawn) : axis.range[1];
  const window = windowOf(drawn, ceiling, fn.point(0, 0));
  const highest = drawn.reduce((most, { loss, count }) => Math.max(most, ...loss.subarray(0, count)), 0);
  return {
    x: { label: 'x', range: window.x },
    y: { label: 'y', range: window.y },
    height: { ...axis, range: [Math.min(0, axis.range[0]), ceiling] },
    surface: await drawSurface(input, window, ceiling),
    floor: drawMinimum(input.problem, fn),
    levels: drawOrbits(input.problem, fn, drawn, window),
    notes: [
      'The closed lines are orbits of SO(2), on which the loss is constant.',
      ...(highest > 1.001 * ceiling
        ? [`Losses above ${rounded(ceiling)} are cut off; the paths reach ${rounded(highest)}.`]
        : []),
    ],
  };
}

const rounded = (value: number): number => Number(value.toPrecision(3));

/** The losses at which the flows begin and jump: heights that count. */
const heightsThatCount = (drawn: readonly DrawnFlow[]): number[] =>
  drawn
    .flatMap(({ loss, jumps = [] }) => [loss[0]!, ...jumps.map((jump) => jump.loss[1])])
    .filter((value) => Number.isFinite(value) && value > 0);

const ceilingOf = (drawn: readonly DrawnFlow[]): number => Math.max(...heightsThatCount(drawn), 0) || 1;

/** The smallest window with a margin that holds the minimum, the ends of all jumps, and the frames not above the ceiling. */
function windowOf(drawn: readonly DrawnFlow[], ceiling: number, minimum: readonly [number, number]): Window {
  const points: (readonly [number, number])[] = [minimum];
  for (const { count, parameters, loss, jumps = [] } of drawn) {
    for (let i = 0; i < count; i++) {
      if (loss[i]! <= 1.001 * ceiling) points.push([parameters![2 * i]!, parameters![2 * i + 1]!]);
    }
    for (const { from, to } of jumps) {
      for (const end of [from, to]) if (end) points.push([end[0]!, end[1]!]);
    }
  }
  const side = (values: readonly number[]): readonly [number, number] => {
    const low = values.reduce((a, b) => Math.min(a, b));
    const high = values.reduce((a, b) => Math.max(a, b));
    const margin = Math.max(MARGIN * (high - low), (LEAST_EXTENT - (high - low)) / 2, 0);
    const step = roundedUp(margin) / 2;
    return [Math.floor((low - margin) / step) * step, Math.ceil((high + margin) / step) * step];
  };
  return { x: side(points.map(([x]) => x)), y: side(points.map(([, y]) => y)) };
}

async function drawSurface(input: ChartInput, window: Window, ceiling: number): Promise<ChartSurface> {
  const lines = LINES[input.detail];
  const x = evenly(...window.x, lines - 1);
  const rows = Array.from(x, (at) => rowsAlong(input.problem, at, window.y, ceiling, lines));
  const y = new Float32Array(lines * lines);
  for (let i = 0; i < y.length; i++) y[i] = rows[i % lines]![Math.floor(i / lines)]!;
  const losses = await lossesOf(input, y.length, (index, theta) => {
    theta[0] = x[index % lines]!;
    theta[1] = y[index]!;
  });
  return { columns: lines, rows: lines, x, y, height: Float32Array.from(losses, height) };
}

/**
 * Rows at one x, ascending from the bottom of the window to its top: half on each side of where the loss is least along y,
 * spaced as a power of their number, so that enough of them lie where the loss is below the ceiling.
 */
function rowsAlong(
  problem: Problem,
  x: number,
  [low, high]: readonly [number, number],
  ceiling: number,
  lines: number,
): Float64Array {
  const { least, curvature } = leastAlongY(problem, x);
  const edge = 0.01 * (high - low);
  const centre = Math.min(high - edge, Math.max(low + edge, least));
  const half = (lines - 1) / 2;
  const width = Math.sqrt((2 * ceiling) / curvature) / (high - low);
  const crowding = Math.log(Math.min(width, 1)) / Math.log(ROWS_IN_VALLEY / 2 / half);
  const power = Math.min(MOST_CROWDING, Math.max(1, crowding));
  return Float64Array.from({ length: lines }, (_, i) => {
    const t = (i - half) / half;
    return centre + (t < 0 ? -(centre - low) * (-t) ** power : (high - centre) * t ** power);
  });
}

/** Where the loss is least along y at a given x, and its second derivative there; the residuals are linear in y, so one Newton step is exact. */
function leastAlongY(problem: Problem, x: number): { readonly least: number; readonly curvature: number } {
  const loss = createLoss(problem);
  const theta = Float64Array.of(x, 0);
  const gradient = new Float64Array(2);
  const column = new Float64Array(2);
  loss.gradient(theta, gradient);
  loss.hessianVectorProduct(theta, Float64Array.of(0, 1), column);
  return { least: -gradient[1]! / column[1]!, curvature: column[1]! };
}

/** The floor is one point, the minimum. */
function drawMinimum(problem: Problem, { point }: TestFunction): ChartFloor {
  const theta = Float64Array.from(point(0, 0));
  const loss = createLoss(problem);
  return {
    x: Float32Array.of(theta[0]!),
    y: Float32Array.of(theta[1]!),
    height: Float32Array.of(loss.loss(theta)),
    sharpness: Float32Array.of(sharpness(loss, theta)),
  };
}

/** The orbits of the starts and the jumps of the flows, thinned to a few: images of circles of the (u, v) plane. */
function drawOrbits(
  problem: Problem,
  { point }: TestFunction,
  drawn: readonly DrawnFlow[],
  window: Window,
): ChartLevel[] {
  const distinct: number[] = [];
  for (const value of heightsThatCount(drawn).sort((a, b) => b - a)) {
    if (!(value > 0.98 * distinct.at(-1)!)) distinct.push(value);
  }
  const step = Math.max(1, (distinct.length - 1) / (MOST_LEVELS - 1));
  const values = Array.from(
    { length: Math.min(distinct.length, MOST_LEVELS) },
    (_, i) => distinct[Math.round(i * step)]!,
  );
  return values.map((value) => {
    const radius = Math.sqrt(value);
    const at = (turn: number) =>
      point(radius * Math.cos(2 * Math.PI * turn), radius * Math.sin(2 * Math.PI * turn));
    return { quantity: 'loss', value, ...curveOn(problem, closedCurve(at, window), window) };
  });
}

/** Points of a closed curve `at` (turn from 0 to 1), close together where they are within the window. */
function closedCurve(
  at: (turn: number) => readonly [number, number],
  window: Window,
): (readonly [number, number])[] {
  const width = window.x[1] - window.x[0];
  const depth = window.y[1] - window.y[0];
  const first = at(0);
  const points = [first];
  const follow = (from: readonly [number, number], turn: number, step: number) => {
    const to = at(turn + step);
    const chord = Math.hypot((to[0] - from[0]) / width, (to[1] - from[1]) / depth);
    const seen = inside(window, ...from) || inside(window, ...to);
    if (seen && chord > CHORD && step * ANGLES * FINEST > 1) {
      follow(from, turn, step / 2);
      follow(at(turn + step / 2), turn + step / 2, step / 2);
    } else points.push(to);
  };
  for (let i = 0; i < ANGLES; i++) follow(points.at(-1)!, i / ANGLES, 1 / ANGLES);
  return points;
}
