import { activation } from '../model/activation.ts';
import { loss as lossByName } from '../model/loss.ts';
import { createNetwork } from '../model/network.ts';
import type { Problem } from '../model/problem.ts';
import type { Chart, ChartCurve, ChartFloor, ChartLevel, ChartPath, ChartSurface } from './chart.ts';
import type { ChartDefinition, ChartInput } from './chart-input.ts';
import { type DrawnFlow, drawnFlows, evenly, height, heightAxis } from './chart-parts.ts';
import { affordable, lossesOf } from './loss-batch.ts';
import { sharpness } from './sharpness.ts';

/** Grid lines along each axis. */
const LINES = { preview: 49, final: 129, fewest: 17 } as const;
/** Points of one branch of a curve. */
const CURVE_POINTS = 97;
/** The window reaches this far beyond the farthest point of the flows and the nearest minimum. */
const REACH = 1.2;
/** Most level curves drawn: more hide the surface. */
const MOST_LEVELS = 9;

/**
 * The whole landscape of the scalar network 1-1-1 without biases: x = v, the weight of the first layer, y = u, that of
 * the second. theta is packed as (v, u).
 */
export const exact: ChartDefinition = {
  kind: 'exact',
  label: 'Exact',
  applies({ problem: { architecture }, parameters }) {
    const { widths, bias } = architecture;
    if (bias || widths.length !== 3 || widths.some((width) => width !== 1)) {
      return 'The exact chart shows all parameters at once: it needs widths 1-1-1 without biases.';
    }
    if (parameters !== 'all') return 'The trajectory was saved without the parameters of every frame.';
    return null;
  },
  build,
};

async function build(input: ChartInput): Promise<Chart> {
  const { problem } = input;
  const { drawn, notes } = drawnFlows(input);
  const paths = drawn.map(drawPath);
  const products = minimalProducts(problem);
  const reach = windowOf(drawn, products);
  const axis = [-reach, reach] as const;
  return {
    kind: 'exact',
    x: { label: 'v, first weight', range: axis },
    y: { label: 'u, second weight', range: axis },
    height: heightAxis(paths),
    surface: await drawSurface(input, reach),
    floor: products && drawFloor(problem, products, reach),
    levels: drawLevels(problem, drawn, reach),
    paths,
    notes: [...notes, 'This is the whole parameter space: nothing is projected.'],
  };
}

function drawPath({ index, count, parameters, loss }: DrawnFlow): ChartPath {
  const component = (offset: number) =>
    Float32Array.from({ length: count }, (_, i) => parameters?.[2 * i + offset] ?? Number.NaN);
  return {
    flow: index,
    x: component(0),
    y: component(1),
    height: Float32Array.from(loss.subarray(0, count), height),
    offChart: new Float32Array(count),
  };
}

/** Half the side of the square window, rounded up to two digits so that it rests while flows run. */
function windowOf(drawn: readonly DrawnFlow[], products: MinimalProducts | null): number {
  let reach = 0;
  for (const p of products ? [products.positive, products.negative] : []) {
    if (p !== null) reach = Math.max(reach, Math.sqrt(Math.abs(p)));
  }
  for (const { count, parameters } of drawn) {
    for (const x of parameters?.subarray(0, 2 * count) ?? []) reach = Math.max(reach, Math.abs(x));
  }
  if (!(reach > 0)) return 1;
  const unit = 10 ** (Math.floor(Math.log10(REACH * reach)) - 1);
  return Math.ceil((REACH * reach) / unit) * unit;
}

async function drawSurface(input: ChartInput, reach: number): Promise<ChartSurface> {
  const wanted = affordable(input, LINES[input.detail] ** 2);
  const lines = Math.max(LINES.fewest, Math.floor(Math.sqrt(wanted)));
  const grid = evenly(-reach, reach, lines - 1);
  const losses = await lossesOf(input, lines * lines, (index, theta) => {
    theta[0] = grid[index % lines]!;
    theta[1] = grid[Math.floor(index / lines)]!;
  });
  return {
    columns: lines,
    rows: lines,
    x: grid,
    y: Float32Array.from(losses, (_, index) => grid[Math.floor(index / lines)]!),
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
function minimalProducts({ architecture, dataset, loss }: Problem): MinimalProducts | null {
  const { homogeneity, value } = activation(architecture.activation);
  if (homogeneity !== 1 || lossByName(loss).rowLoss !== 'squared-error') return null;
  const least = (sign: number) => {
    let product = 0;
    let square = 0;
    dataset.inputs.forEach((x, j) => {
      const s = value(sign * x);
      product += s * dataset.targets[j]!;
      square += s * s;
    });
    return square > 0 ? product / square : null;
  };
  return { positive: least(1), negative: least(-1) };
}

/** The curves of minima u |v| = p within the window, one on each side of v = 0, with their true loss and sharpness. */
function drawFloor(problem: Problem, { positive, negative }: MinimalProducts, reach: number): ChartFloor {
  const network = createNetwork(problem);
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
    Number.isNaN(v) ? Number.NaN : sharpness(network, Float64Array.of(v, u)),
  );
  return { ...curve(problem, points), sharpness: Float32Array.from(sharp) };
}

/**
 * Level curves u^2 - v^2 = 2 Q (homogeneous activations, math.md B4): of the starts of the flows, thinned to a few, and
 * of 0. A path stays on its own.
 */
function drawLevels(problem: Problem, drawn: readonly DrawnFlow[], reach: number): ChartLevel[] {
  if (activation(problem.architecture.activation).homogeneity !== 1) return [];
  const starts = drawn.map(({ q }) => q[0]!).filter(Number.isFinite);
  const sorted = [...new Set(starts)].sort((a, b) => a - b);
  const step = Math.max(1, (sorted.length - 1) / (MOST_LEVELS - 1));
  const values = new Set([0, ...starts.slice(0, 1)]);
  for (let i = 0; i < sorted.length; i += step) values.add(sorted[Math.round(i)]!);
  return [...values]
    .filter((value) => 2 * Math.abs(value) < reach * reach)
    .sort((a, b) => a - b)
    .map((value) => ({ value, ...curve(problem, hyperbola(value, reach)) }));
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

/** Points (v, u) on the surface: heights are true losses, NaN breaks the curve. */
function curve(problem: Problem, points: readonly (readonly [number, number])[]): ChartCurve {
  const network = createNetwork(problem);
  const losses = points.map(([v, u]) =>
    Number.isNaN(v) ? Number.NaN : height(network.loss(Float64Array.of(v, u))),
  );
  return {
    x: Float32Array.from(points, ([v]) => v),
    y: Float32Array.from(points, ([, u]) => u),
    height: Float32Array.from(losses),
  };
}
