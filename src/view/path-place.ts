import type { Rgb } from './colour.ts';

/** One path inside packed polyline points: its first point and its number of frames. */
export interface PathSpan {
  readonly flow: number;
  readonly first: number;
  readonly count: number;
  readonly colour: Rgb;
  readonly steered: boolean;
}

/**
 * Where a path is at a fractional frame, on the straight line between the two recorded points around it; before the
 * start its start, beyond the end its end. `points` is [n][4] (x, y, z, frame; frame -1: not finite). A vertex that
 * is not finite holds the last finite one before it. null when there is none.
 */
export function placeAtCursor(
  points: Float32Array,
  span: Pick<PathSpan, 'first' | 'count'>,
  cursor: number,
): readonly [number, number, number] | null {
  if (span.count === 0) return null;
  const last = span.count - 1;
  const clamped = Math.min(last, Math.max(0, cursor));
  let from = Math.floor(clamped);
  while (from > 0 && !isRecorded(points, span.first + from)) from--;
  if (!isRecorded(points, span.first + from)) return null;
  const to = Math.min(last, from + 1);
  const fraction = isRecorded(points, span.first + to) ? Math.min(1, clamped - from) : 0;
  const a = 4 * (span.first + from);
  const b = 4 * (span.first + to);
  const between = (k: number) => points[a + k]! + (points[b + k]! - points[a + k]!) * fraction;
  return [between(0), between(1), between(2)];
}

function isRecorded(points: Float32Array, index: number): boolean {
  return points[4 * index + 3]! >= 0;
}
