import { parameterCount } from '../model/parameters.ts';
import { addMultiple, difference, dot, norm, pointOnLine } from '../model/vector.ts';
import type { Chart, ChartPath, ChartSurface } from './chart.ts';
import type { ChartDefinition, ChartInput } from './chart-input.ts';
import {
  alongPath,
  type DrawnFlow,
  drawnFlows,
  evenly,
  frameOf,
  height,
  heightAxis,
  offChartNote,
  percent,
  rangeOf,
} from './chart-parts.ts';
import { affordable, lossesOf, TOO_COSTLY } from './loss-batch.ts';
import { type Placement, placedOrbit, placedPath } from './placement.ts';
import { type PrincipalPlane, principalPlane } from './principal-plane.ts';

/** Grid lines along each axis. */
const LINES = { preview: 33, final: 81, fewest: 9 } as const;
/** Frames that define the plane, at most: its Gram matrix costs their number cubed .. */
const MOST_POINTS = 128;
/** .. and their number squared times the parameters, of which the multiply-adds are limited to these. */
const GRAM_WORK = 2e8;
const FEWEST_POINTS = 16;
/** The surface reaches this share of its extent beyond the paths. */
const MARGIN = 0.15;

/** The plane of greatest variance of the trajectories, a projection: paths carry their true loss and their distance from the plane. */
export const plane: ChartDefinition = {
  kind: 'plane',
  label: 'Plane',
  applies: ({ parameters }) =>
    parameters === 'all' ? null : 'The trajectory was saved without the parameters of every frame.',
  build,
};

async function build(input: ChartInput): Promise<Chart> {
  const { drawn, notes } = drawnFlows(input);
  const known = drawn.filter(({ parameters }) => parameters !== null);
  const size = parameterCount(input.problem.architecture);
  const basis = principalPlane(samplePoints(known, size));
  const place = projection(basis);
  const paths = known.map((flow) => placedPath(flow, size, place));
  const orbit = await placedOrbit(input, place);
  const x = widened(paths, 'x');
  const y = widened(paths, 'y');
  const [first, second] = basis.explained;
  const axis = (ordinal: string, share: number) => `${ordinal} principal direction (${percent(share)})`;
  const variance =
    first === 0
      ? 'The paths have not moved: the plane is arbitrary.'
      : `The plane holds ${percent(first + second)} of the variance of the paths.`;
  const surface = await drawSurface(input, basis, x, y);
  if (!surface) notes.push(TOO_COSTLY);
  return {
    kind: 'plane',
    x: { label: axis('first', first), range: x },
    y: { label: axis('second', second), range: y },
    height: heightAxis(paths),
    surface,
    floor: null,
    levels: [],
    paths,
    orbit,
    notes: [variance, ...offChartNote(paths, known.map(extent)), ...notes],
  };
}

/** Frames spread evenly over every flow, its first and last among them; the origin when there are none. */
function samplePoints(flows: readonly DrawnFlow[], size: number): Float64Array[] {
  const most = Math.min(MOST_POINTS, Math.max(FEWEST_POINTS, Math.floor(Math.sqrt(GRAM_WORK / size))));
  const chosen = flows.slice(0, most / 2);
  const perFlow = Math.max(2, Math.floor(most / Math.max(1, chosen.length)));
  const points = chosen.flatMap(({ count, parameters }) => {
    const frames = Math.min(perFlow, count);
    return Array.from({ length: frames }, (_, i) =>
      frameOf(parameters!, size, frames > 1 ? Math.round((i * (count - 1)) / (frames - 1)) : 0),
    );
  });
  return points.length > 0 ? points : [new Float64Array(size)];
}

/** The projection of a state, and its distance from the plane. */
function projection({
  mean,
  directions: [first, second],
}: PrincipalPlane): (theta: Float64Array) => Placement {
  const rest = new Float64Array(mean.length);
  return (theta) => {
    difference(rest, theta, mean);
    const x = dot(rest, first);
    const y = dot(rest, second);
    addMultiple(rest, -x, first);
    addMultiple(rest, -y, second);
    return { x, y, offChart: norm(rest) };
  };
}

/** Distance from the start of a flow to its end. */
function extent({ start, end }: DrawnFlow): number {
  if (!start || !end) return 0;
  const step = new Float64Array(start.length);
  difference(step, start, end);
  return norm(step);
}

/** The range of a coordinate over the paths and their jumps, with a margin. */
function widened(paths: readonly ChartPath[], axis: 'x' | 'y'): readonly [number, number] {
  const [low, high] = rangeOf(paths.flatMap((path) => alongPath(path, axis)));
  const margin = MARGIN * (high - low);
  return [low - margin, high + margin];
}

async function drawSurface(
  input: ChartInput,
  { mean, directions: [first, second] }: PrincipalPlane,
  xRange: readonly [number, number],
  yRange: readonly [number, number],
): Promise<ChartSurface | null> {
  const count = affordable(input, LINES[input.detail] ** 2, LINES.fewest ** 2);
  if (count === 0) return null;
  const lines = Math.floor(Math.sqrt(count));
  const x = evenly(...xRange, lines - 1);
  const y = evenly(...yRange, lines - 1);
  const losses = await lossesOf(input, lines * lines, (index, theta) => {
    pointOnLine(theta, mean, x[index % lines]!, first);
    addMultiple(theta, y[Math.floor(index / lines)]!, second);
  });
  return {
    columns: lines,
    rows: lines,
    x,
    y: Float32Array.from(losses, (_, index) => y[Math.floor(index / lines)]!),
    height: Float32Array.from(losses, height),
  };
}
