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
  /** Q of the part; NaN where there is none. */
  readonly q: number;
  /** Whether `end` is at this Q, as the limit of the part would be. */
  readonly own: boolean;
}

/** A part whose loss fell to this share before a jump has come near enough to its limit. */
const SETTLED = 0.01;
/** A part shorter than this share of the longest one shows no valley. */
const SHORT = 0.1;

/**
 * The segments of the parts of a flow, one for each part between its jumps (one when it has none), each from where the part starts.
 * The last one leads to where the flow ends. Jumps change Q: an earlier part leads to where it was before the jump if it had settled
 * there, the first one else to the end of the flow's twin, which is what it would have become; failing that, to the end of the
 * flow, at another Q. null when something is not known.
 */
export function flowSegments(
  { start, end, jumps = [], loss, q, count }: ChartFlow,
  twin: Pick<ChartFlow, 'end'> | null = null,
): readonly Segment[] | null {
  if (start === null || end === null) return null;
  const segments: Segment[] = [];
  const limit = twin?.end?.every(Number.isFinite) ? twin.end : null;
  for (let leg = 0; leg <= jumps.length; leg++) {
    const before = jumps[leg - 1];
    const after = jumps[leg];
    const from = before ? before.to : start;
    if (!from) return null;
    if (!after) segments.push({ start: from, end, q: q[count - 1]!, own: true });
    else {
      const settled = after.loss[0] <= SETTLED * (before ? before.loss[1] : loss[0]!) ? after.from : null;
      const own = (leg === 0 ? limit : null) ?? settled;
      segments.push({ start: from, end: own ?? end, q: after.q[0], own: own !== null });
    }
  }
  return segments;
}

/** The lines through the segments of a flow. */
export const valleyLines = (
  flow: ChartFlow,
  twin: Pick<ChartFlow, 'end'> | null = null,
): readonly ValleyLine[] | null =>
  flowSegments(flow, twin)?.map(({ start, end }) => lineBetween(start, end)) ?? null;

/** The line of the valley that a flow shows, and its Q: that of its last part, or of an earlier one where the flow ended soon after a jump. */
export function valleyLine(flow: ChartFlow): { readonly line: ValleyLine; readonly q: number } | null {
  const lines = flowSegments(flow)?.map(({ start, end, q, own }) => ({
    line: lineBetween(start, end),
    q,
    own,
  }));
  if (!lines) return null;
  const longest = Math.max(...lines.map(({ line, own }) => (own ? line.length : 0)));
  return lines.findLast(({ line, own }) => own && line.length >= SHORT * longest) ?? null;
}

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
