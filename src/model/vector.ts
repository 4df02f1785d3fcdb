/** Vectors of parameters. Lengths are those of the first argument. */

export function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}

export const norm = (a: Float64Array): number => Math.sqrt(dot(a, a));

/** out += factor * direction, in place. */
export function addMultiple(out: Float64Array, factor: number, direction: Float64Array): void {
  for (let i = 0; i < out.length; i++) out[i]! += factor * direction[i]!;
}

/** out = origin + factor * direction. */
export function pointOnLine(
  out: Float64Array,
  origin: Float64Array,
  factor: number,
  direction: Float64Array,
): void {
  for (let i = 0; i < out.length; i++) out[i] = origin[i]! + factor * direction[i]!;
}

/** out = a - b. */
export function difference(out: Float64Array, a: Float64Array, b: Float64Array): void {
  for (let i = 0; i < out.length; i++) out[i] = a[i]! - b[i]!;
}

/** A unit vector along `a`; zero where a is zero. */
export function unit(a: Float64Array): Float64Array {
  const length = norm(a);
  return length > 0 ? a.map((x) => x / length) : a.slice();
}

/**
 * Fractional parts of multiples of the golden ratio, centred: a fixed direction without structure that weight matrices
 * share, so that no eigenvector is missed by it.
 */
export const genericVector = (size: number): Float64Array =>
  Float64Array.from({ length: size }, (_, i) => (((i + 1) * 0.6180339887498949) % 1) - 0.5);
