import { addMultiple, difference, dot, norm, unit } from '../model/vector.ts';
import type { ChartFlow } from './chart-input.ts';
import { frameOf } from './chart-parts.ts';
import { legOf } from './placement.ts';

/** The line of the Q-valley chart from a flow's limit theta* towards its start theta0: theta* + y e with |e| = 1. */
export interface ValleyLine {
  /** theta*, the latest frame while the flow runs. */
  readonly end: Float64Array;
  /** e; zero when the flow has not moved. */
  readonly direction: Float64Array;
  /** |theta0 - theta*|. */
  readonly length: number;
}

/** Where the frames of a flow lie: y along its line and the distance from that line, one entry per frame. */
export interface ValleyCoordinates {
  readonly distance: Float64Array;
  readonly offChart: Float64Array;
}

/** The line from `start` to `end`. */
export function lineBetween(start: Float64Array, end: Float64Array): ValleyLine {
  const step = new Float64Array(start.length);
  difference(step, start, end);
  return { end, direction: unit(step), length: norm(step) };
}

/** The segment that a part of a flow is measured along. */
export interface Segment {
  readonly start: Float64Array;
  readonly end: Float64Array;
}

/**
 * The segments of the parts of a flow, one for each part between its jumps (one when it has none), each from where the part starts.
 * The last one leads to where the flow ends. Jumps change Q, so earlier parts have no limit of their own: the first one leads to
 * the end of the flow's twin, which is what it would have become without the jump; where there is none, and for parts
 * between two jumps, it is the end of the flow, at another Q. null when something is not known.
 */
export function flowSegments(
  { start, end, jumps = [] }: Pick<ChartFlow, 'start' | 'end' | 'jumps'>,
  twin: Pick<ChartFlow, 'end'> | null = null,
): readonly Segment[] | null {
  if (start === null || end === null) return null;
  const starts = [start, ...jumps.map(({ to }) => to)];
  const first = jumps.length > 0 && twin?.end?.every(Number.isFinite) ? twin.end : end;
  const segments = starts.flatMap((from, leg) => (from ? { start: from, end: leg === 0 ? first : end } : []));
  return segments.length === starts.length ? segments : null;
}

/** The lines through the segments of a flow. */
export const valleyLines = (
  flow: ChartFlow,
  twin: Pick<ChartFlow, 'end'> | null = null,
): readonly ValleyLine[] | null =>
  flowSegments(flow, twin)?.map(({ start, end }) => lineBetween(start, end)) ?? null;

/** The line of a flow after its last jump, which is the line of its valley; null when its start or end is not known. */
export const valleyLine = (flow: ChartFlow): ValleyLine | null => valleyLines(flow)?.at(-1) ?? null;

/** y of a state along a line, and its distance from it. */
export function alongLine(
  theta: Float64Array,
  { end, direction }: ValleyLine,
): { readonly y: number; readonly offChart: number } {
  const rest = new Float64Array(end.length);
  difference(rest, theta, end);
  const y = dot(rest, direction);
  addMultiple(rest, -y, direction);
  return { y, offChart: norm(rest) };
}

/**
 * The Q-valley coordinates of every frame of a flow, computed from its parameters (`twin`: see `valleyLines`), else as they
 * were recorded. With neither, the start and the end alone (NaN between); null when nothing is known. Trajectory documents keep them.
 */
export function valleyCoordinates(
  flow: ChartFlow,
  twin: Pick<ChartFlow, 'end'> | null = null,
): ValleyCoordinates | null {
  const { count, parameters, valley } = flow;
  const lines = valleyLines(flow, twin);
  if (lines && parameters) {
    const distance = new Float64Array(count);
    const offChart = new Float64Array(count);
    const size = lines[0]!.end.length;
    for (let i = 0; i < count; i++) {
      const place = alongLine(frameOf(parameters, size, i), lines[legOf(flow, i)]!);
      distance[i] = place.y;
      offChart[i] = place.offChart;
    }
    return { distance, offChart };
  }
  if (valley) {
    return { distance: valley.distance.slice(0, count), offChart: valley.offChart.slice(0, count) };
  }
  if (!lines) return null;
  const ends = (first: number) => {
    const values = new Float64Array(count).fill(Number.NaN);
    values[count - 1] = 0;
    values[0] = first;
    return values;
  };
  return { distance: ends(lines[0]!.length), offChart: ends(0) };
}
