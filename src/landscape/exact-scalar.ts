import { activation } from '../model/activation.ts';
import { loss as lossByName } from '../model/loss.ts';
import { createLoss } from '../model/network.ts';
import { isMlp, isMlpProblem, type Problem } from '../model/problem.ts';
import { sharpness } from '../model/sharpness.ts';
import type { ChartAxis, ChartFloor, ChartLevel, ChartPath, ChartSurface } from './chart.ts';
import type { ChartInput } from './chart-input.ts';
import { type DrawnFlow, evenly, height, heightAxis } from './chart-parts.ts';
import { affordable, lossesOf } from './loss-batch.ts';
import { curveOn, type ExactParts, inside, roundedUp, type Window } from './window.ts';

/** Grid lines along each axis. */
const LINES = { preview: 49, final: 129, fewest: 17 } as const;
/** Points of one branch of a curve. */
const CURVE_POINTS = 97;
/** The window reaches this far beyond the farthest point of the flows and the nearest minimum. */
const REACH = 1.2;
/**
 * Where no flow goes below (or above) zero by more than NEAR_ZERO of the reach, that side is cut at FAR_SIDE of it: the
 * pass at the origin stays in sight, and the mirror valley (u, v) -> (-u, -v) does not stand in front of the flows.
 */
const NEAR_ZERO = 0.12;
const FAR_SIDE = 0.16;
/** Most level curves drawn: more hide the surface. */
const MOST_LEVELS = 9;

/** The landscape of the scalar network 1-1-1 without biases: x = v, the weight of the first layer, y = u, that of the second. */
export async function drawScalarNetwork(
  input: ChartInput,
  drawn: readonly DrawnFlow[],
  paths: readonly ChartPath[],
): Promise<ExactParts> {
  const { problem } = input;
  const products = minimalProducts(problem);
  const reach = reachOf(drawn, products);
  const window = { x: sideOf(drawn, 0, reach), y: sideOf(drawn, 1, reach) };
  return {
    x: { label: 'v, first weight', range: window.x },
    y: { label: 'u, second weight', range: window.y },
    height: upToThePass(heightAxis(paths), problem),
    surface: await drawSurface(input, window),
    floor: products && drawFloor(problem, products, window, reach),
    levels: drawLevels(problem, drawn, window, reach),
    notes: [],
  };
}

/** The loss at the origin, the pass between the valleys, belongs to the picture. */
function upToThePass(axis: ChartAxis, problem: Problem): ChartAxis {
  const pass = createLoss(problem).loss(new Float64Array(2));
  const [low, high] = axis.range;
  return { ...axis, range: [low, Math.max(high, height(pass))] };
}

/** The range of one coordinate (0: v, 1: u). */
function sideOf(drawn: readonly DrawnFlow[], coordinate: 0 | 1, reach: number): readonly [number, number] {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (const { count, parameters } of drawn) {
    for (let i = 0; parameters && i < count; i++) {
      low = Math.min(low, parameters[2 * i + coordinate]!);
      high = Math.max(high, parameters[2 * i + coordinate]!);
    }
  }
  if (!(low <= high)) return [-reach, reach];
  if (low >= -NEAR_ZERO * reach) return [-FAR_SIDE * reach, reach];
  if (high <= NEAR_ZERO * reach) return [-reach, FAR_SIDE * reach];
  return [-reach, reach];
}

/** Farthest that the window goes from zero, rounded up to two digits so that it rests while flows run. */
function reachOf(drawn: readonly DrawnFlow[], products: MinimalProducts | null): number {
  let reach = 0;
  for (const p of products ? [products.positive, products.negative] : []) {
    if (p !== null) reach = Math.max(reach, Math.sqrt(Math.abs(p)));
  }
  for (const { count, parameters } of drawn) {
    for (const x of parameters?.subarray(0, 2 * count) ?? []) reach = Math.max(reach, Math.abs(x));
  }
  return reach > 0 ? roundedUp(REACH * reach) : 1;
}

async function drawSurface(input: ChartInput, window: Window): Promise<ChartSurface> {
  const wanted = affordable(input, LINES[input.detail] ** 2, LINES.fewest ** 2);
  const lines = Math.max(LINES.fewest, Math.floor(Math.sqrt(wanted)));
  const columns = evenly(...window.x, lines - 1);
  const rows = evenly(...window.y, lines - 1);
  const losses = await lossesOf(input, lines * lines, (index, theta) => {
    theta[0] = columns[index % lines]!;
    theta[1] = rows[Math.floor(index / lines)]!;
  });
  return {
    columns: lines,
    rows: lines,
    x: columns,
    y: Float32Array.from(losses, (_, index) => rows[Math.floor(index / lines)]!),
    height: Float32Array.from(losses, height),
  };
}

/** The u |v| of least loss where v > 0 and where v < 0; null where the loss does not depend on it. */
interface MinimalProducts {
  readonly positive: number | null;
  readonly negative: number | null;
}

/**
 * For an activation of degree 1, u sigma(v x) = u |v| sigma(sign(v) x): on each side of v = 0 a squared error is a
 * parabola in p = u |v|, least at p = sum s t / sum s^2 with s = sigma(+-x). Null for other losses and activations.
 */
function minimalProducts(problem: Problem): MinimalProducts | null {
  if (!isMlpProblem(problem)) return null;
  const { architecture, dataset, loss } = problem;
  const sigma = activation(architecture.activation);
  if (sigma.kind !== 'pointwise' || sigma.homogeneity !== 1 || lossByName(loss).rowLoss !== 'squared-error')
    return null;
  const least = (sign: number) => {
    let product = 0;
    let square = 0;
    dataset.inputs.forEach((x, j) => {
      const s = sigma.value(sign * x);
      product += s * dataset.targets[j]!;
      square += s * s;
    });
    return square > 0 ? product / square : null;
  };
  return { positive: least(1), negative: least(-1) };
}

/** The curves of minima u |v| = p within the window, one on each side of v = 0, with their true loss and sharpness. */
function drawFloor(
  problem: Problem,
  { positive, negative }: MinimalProducts,
  window: Window,
  reach: number,
): ChartFloor {
  const network = createLoss(problem);
  const points: [number, number][] = [];
  const branch = (p: number | null, sign: number) => {
    if (p === null) return;
    if (points.length > 0) points.push([Number.NaN, Number.NaN]);
    const nearest = Math.abs(p) / reach;
    for (let i = 0; i < CURVE_POINTS; i++) {
      const share = i / (CURVE_POINTS - 1);
      // Equal steps of the hyperbolic angle; minima on the axis u = 0 when p = 0.
      const v = p === 0 ? reach * share : nearest * (reach / nearest) ** share;
      points.push([sign * v, p === 0 ? 0 : p / v]);
    }
  };
  branch(negative, -1);
  branch(positive, 1);
  const sharp = points.map(([v, u]) =>
    !inside(window, v, u) ? Number.NaN : sharpness(network, Float64Array.of(v, u)),
  );
  return { ...curveOn(problem, points, window), sharpness: Float32Array.from(sharp) };
}

/**
 * Level curves u^2 - v^2 = 2 Q (homogeneous activations, math.md B4): of the starts of the flows, thinned to a few, and
 * of 0. A path stays on its own.
 */
function drawLevels(
  problem: Problem,
  drawn: readonly DrawnFlow[],
  window: Window,
  reach: number,
): ChartLevel[] {
  const { architecture } = problem;
  if (!isMlp(architecture) || activation(architecture.activation).homogeneity !== 1) return [];
  const starts = drawn.map(({ q }) => q[0]!).filter(Number.isFinite);
  const sorted = [...new Set(starts)].sort((a, b) => a - b);
  const step = Math.max(1, (sorted.length - 1) / (MOST_LEVELS - 1));
  const values = new Set([0, ...starts.slice(0, 1)]);
  for (let i = 0; i < sorted.length; i += step) values.add(sorted[Math.round(i)]!);
  return [...values]
    .filter((value) => 2 * Math.abs(value) < reach * reach)
    .sort((a, b) => a - b)
    .map((value) => ({ quantity: 'conserved', value, ...curveOn(problem, hyperbola(value, reach), window) }));
}

/** Both branches of u^2 - v^2 = 2 Q within the window, as (v, u), in equal steps of the hyperbolic angle; Q = 0: the diagonals. */
function hyperbola(value: number, reach: number): [number, number][] {
  const vertex = Math.sqrt(2 * Math.abs(value));
  const limit = vertex > 0 ? Math.acosh(reach / vertex) : reach;
  const points: [number, number][] = [];
  for (const sign of [-1, 1]) {
    if (points.length > 0) points.push([Number.NaN, Number.NaN]);
    for (let i = 0; i < CURVE_POINTS; i++) {
      const t = limit * ((2 * i) / (CURVE_POINTS - 1) - 1);
      const along = vertex > 0 ? vertex * Math.sinh(t) : t;
      const across = sign * (vertex > 0 ? vertex * Math.cosh(t) : t);
      points.push(value < 0 ? [across, along] : [along, across]);
    }
  }
  return points;
}
