/** The span of the vectors that were added, one at a time, as an orthonormal basis (Gram-Schmidt, twice: Parlett). */
export interface Span {
  readonly basis: readonly Float64Array[];
  /**
   * Scales a vector to length 1 and returns the length of its part outside the span; that part joins the basis if it is at
   * least `tolerance`. 0 for a zero vector.
   */
  add(vector: Float64Array): number;
}

/** An empty span. */
export function createSpan(tolerance: number): Span {
  const basis: Float64Array[] = [];
  return {
    basis,
    add(vector) {
      const rest = vector.slice();
      if (normalise(rest) === 0) return 0;
      let outside = 1;
      for (let pass = 0; pass < 2; pass++) {
        for (const direction of basis) addMultiple(rest, -dot(rest, direction), direction);
        outside *= normalise(rest);
      }
      if (outside >= tolerance) basis.push(rest);
      return outside;
    },
  };
}

/** Scales to length 1; returns the length before. Zero stays zero. */
function normalise(vector: Float64Array): number {
  const largest = vector.reduce((most, x) => Math.max(most, Math.abs(x)), 0);
  if (largest === 0) return 0;
  for (let i = 0; i < vector.length; i++) vector[i]! /= largest;
  const length = Math.sqrt(dot(vector, vector));
  for (let i = 0; i < vector.length; i++) vector[i]! /= length;
  return largest * length;
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}

function addMultiple(out: Float64Array, factor: number, direction: Float64Array): void {
  for (let i = 0; i < out.length; i++) out[i]! += factor * direction[i]!;
}
