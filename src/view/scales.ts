import { scaleLinear } from 'd3-scale';
import type { Chart, ChartAxis, ChartKind } from '../landscape/chart.ts';
import { formatDecade, formatNumber, formatStep } from './number-format.ts';

/** Size of the box in world units: x from -width/2 to width/2, y from -depth/2 to depth/2, z from 0 to height. */
export interface Box {
  readonly width: number;
  readonly depth: number;
  readonly height: number;
}

/** A mark on an axis: `at` in world units. */
export interface Tick {
  readonly value: number;
  readonly at: number;
  readonly text: string;
}

/** One axis: from values to world units. */
export interface Axis {
  readonly label: string;
  readonly ticks: readonly Tick[];
  at(value: number): number;
}

/** The height axis, with the ceiling at which the surface is clipped and the coordinate of the contour lines. */
export interface HeightAxis extends Axis {
  readonly bottom: number;
  readonly ceiling: number;
  /** Contour lines lie at its integers: equidistant in the square root of the loss, or one per decade. */
  contour(value: number): number;
}

export interface Scales {
  readonly box: Box;
  readonly x: Axis;
  readonly y: Axis;
  readonly z: HeightAxis;
}

const boxes: Readonly<Record<ChartKind, Box>> = {
  'q-valley': { width: 2.4, depth: 1.8, height: 1.5 },
  exact: { width: 2, depth: 2, height: 1.3 },
  orbit: { width: 2.4, depth: 1.8, height: 1.4 },
  plane: { width: 2.1, depth: 1.9, height: 1.3 },
};

const contourCount = 12;
const decadesShown = 5;
/** The surface is clipped this fraction of the range above the highest loss of the paths. */
const headroom = 0.07;

/** The box of the empty state. */
export const emptyBox = boxes['q-valley'];

/** The scales of a chart. Ranges that are empty or not finite are widened to something that can be drawn. */
export function createScales(chart: Chart, heightScale: 'linear' | 'log'): Scales {
  const box = boxes[chart.kind];
  const height = heightScale === 'log' ? logHeight : linearHeight;
  return {
    box,
    x: linearAxis(chart.x, box.width, -box.width / 2, 7),
    y: linearAxis(chart.y, box.depth, -box.depth / 2, 5),
    z: height(chart, box.height),
  };
}

function linearAxis(axis: ChartAxis, length: number, start: number, count: number): Axis {
  const [from, to] = drawable(axis.range);
  const at = (value: number) => start + ((value - from) / (to - from)) * length;
  return { label: axis.label, at, ticks: linearTicks(from, to, count, at) };
}

function linearTicks(from: number, to: number, count: number, at: (value: number) => number): Tick[] {
  const values = scaleLinear().domain([from, to]).ticks(count);
  const step = values.length > 1 ? values[1]! - values[0]! : to - from;
  const largest = Math.max(Math.abs(from), Math.abs(to));
  return values.map((value) => ({ value, at: at(value), text: formatStep(value, step, largest) }));
}

function linearHeight(chart: Chart, length: number): HeightAxis {
  const [lowest, highest] = heightRange(chart);
  const bottom = lowest < 0 || lowest > 0.3 * highest ? lowest : 0;
  const ceiling = highest + headroom * (highest - bottom);
  const fraction = (value: number) => (value - bottom) / (ceiling - bottom);
  const at = (value: number) => fraction(value) * length;
  return {
    label: chart.height.label,
    ticks: linearTicks(bottom, ceiling, 5, at),
    at,
    bottom,
    ceiling,
    contour: (value) => contourCount * Math.sqrt(Math.max(0, fraction(value))),
  };
}

function logHeight(chart: Chart, length: number): HeightAxis {
  const [lowest, highest] = heightRange(chart);
  const top = Math.log10(Math.max(highest, Number.MIN_VALUE * 1e20)) + 0.12;
  const low = lowest > 0 ? Math.log10(lowest) : top - decadesShown;
  const base = Math.min(top - 1, Math.max(low, top - decadesShown));
  const logarithm = (value: number) => (value > 0 ? Math.max(base, Math.log10(value)) : base);
  const at = (value: number) => ((logarithm(value) - base) / (top - base)) * length;
  const ticks: Tick[] = [];
  for (let exponent = Math.ceil(base); exponent <= top; exponent++) {
    const value = 10 ** exponent;
    ticks.push({ value, at: at(value), text: formatDecade(exponent) });
  }
  return {
    label: chart.height.label,
    ticks,
    at,
    bottom: 10 ** base,
    ceiling: 10 ** top,
    contour: logarithm,
  };
}

/** Range of the loss over the paths, widened downwards by the lowest point of the surface. */
function heightRange(chart: Chart): [number, number] {
  const [from, to] = drawable(chart.height.range);
  let lowest = from;
  for (const value of chart.surface?.height ?? []) if (value < lowest) lowest = value;
  return [Number.isFinite(lowest) ? lowest : from, to];
}

function drawable([from, to]: readonly [number, number]): [number, number] {
  if (!Number.isFinite(from) || !Number.isFinite(to)) return [0, 1];
  if (to > from) return [from, to];
  const half = Math.abs(from) > 0 ? Math.abs(from) / 2 : 0.5;
  return [from - half, from + half];
}

/** A few round ticks over a range, for a colour bar: fractions of its length. */
export function barTicks(range: readonly [number, number], count: number): Tick[] {
  const [from, to] = drawable(range);
  const at = (value: number) => (value - from) / (to - from);
  const ticks = linearTicks(from, to, count, at);
  return ticks.map((tick) => ({ ...tick, text: formatNumber(tick.value) }));
}
