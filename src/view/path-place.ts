import type { Rgb } from './colour.ts';

/** One path inside packed polyline vertices: its first vertex and its number of frames. */
export interface PathSpan {
  readonly flow: number;
  readonly first: number;
  readonly count: number;
  readonly colour: Rgb;
  readonly steered: boolean;
}

/**
 * Where a path is at a fractional frame, on the straight line between the two recorded vertices around it; before the
 * start its start, beyond the end its end. `vertices` is [n][4] (x, y, z, frame; frame -1: not finite). A vertex that
 * is not finite holds the last finite one before it. null when there is none.
 */
export function placeAtCursor(
  vertices: Float32Array,
  span: Pick<PathSpan, 'first' | 'count'>,
  cursor: number,
): readonly [number, number, number] | null {
  if (span.count === 0) return null;
  const last = span.count - 1;
  const clamped = Math.min(last, Math.max(0, cursor));
  let from = Math.floor(clamped);
  while (from > 0 && !isRecorded(vertices, span.first + from)) from--;
  if (!isRecorded(vertices, span.first + from)) return null;
  const to = Math.min(last, from + 1);
  const fraction = isRecorded(vertices, span.first + to) ? Math.min(1, clamped - from) : 0;
  const a = 4 * (span.first + from);
  const b = 4 * (span.first + to);
  const between = (k: number) => vertices[a + k]! + (vertices[b + k]! - vertices[a + k]!) * fraction;
  return [between(0), between(1), between(2)];
}

function isRecorded(vertices: Float32Array, index: number): boolean {
  return vertices[4 * index + 3]! >= 0;
}
