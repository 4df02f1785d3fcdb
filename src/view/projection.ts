import type { Size } from './camera.ts';

/** A place on the screen in CSS pixels from the top left, and its depth in [-1, 1]. */
export interface ScreenPoint {
  readonly x: number;
  readonly y: number;
  readonly depth: number;
}

/**
 * Projects world places with a view-projection matrix (16 numbers, column-major). Places behind the camera have x NaN.
 */
export function project(
  matrix: ArrayLike<number>,
  { width, height }: Size,
  x: number,
  y: number,
  z: number,
): ScreenPoint {
  const row = (r: number) => matrix[r]! * x + matrix[r + 4]! * y + matrix[r + 8]! * z + matrix[r + 12]!;
  const w = row(3);
  if (w <= 0) return { x: Number.NaN, y: Number.NaN, depth: 1 };
  return { x: ((row(0) / w + 1) / 2) * width, y: ((1 - row(1) / w) / 2) * height, depth: row(2) / w };
}
