import type { Size } from './camera.ts';
import { project } from './projection.ts';

/** What packed polylines offer to picking: see `Polylines`. */
export interface PickableLines {
  /** [count][4]: world x, y, z, frame; frame -1 is a break. */
  readonly points: Float32Array;
  /** [count] */
  readonly flows: Float32Array;
  readonly count: number;
}

/**
 * The recorded frame nearest to a place on the screen, within `radius` CSS pixels; null when there is none. Points are
 * projected, not hit by a ray, because lines have no thickness.
 */
export function nearestFrame(
  lines: PickableLines,
  matrix: ArrayLike<number>,
  size: Size,
  at: { readonly x: number; readonly y: number },
  radius: number,
): { readonly flow: number; readonly frame: number } | null {
  let best = radius * radius;
  let found: { flow: number; frame: number } | null = null;
  for (let i = 0; i < lines.count; i++) {
    const frame = lines.points[4 * i + 3]!;
    if (frame < 0) continue;
    const place = project(
      matrix,
      size,
      lines.points[4 * i]!,
      lines.points[4 * i + 1]!,
      lines.points[4 * i + 2]!,
    );
    const distance = (place.x - at.x) ** 2 + (place.y - at.y) ** 2;
    if (distance < best) {
      best = distance;
      found = { flow: lines.flows[i]!, frame: Math.round(frame) };
    }
  }
  return found;
}
