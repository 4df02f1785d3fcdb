/** A linear space of h x h matrices (row-major), with orthonormal coordinates. */
export interface MatrixClass {
  /** Number of coordinates. */
  dimension(h: number): number;
  /** The coordinates of the nearest matrix of the class. */
  coordinates(matrix: Float64Array, h: number): number[];
  /** The matrix of the coordinates from index `start`. */
  matrix(coordinates: ArrayLike<number>, start: number, h: number): Float64Array;
}

/** All matrices, and those with A^T = A and A^T = -A. */
export const matrixClasses = {
  all: matrixClass(0),
  symmetric: matrixClass(1),
  antisymmetric: matrixClass(-1),
} as const;

/** The matrices with A^T = sign A, or all of them for 0. */
function matrixClass(sign: -1 | 0 | 1): MatrixClass {
  const places = (h: number): [number, number][] =>
    Array.from({ length: h }, (_, k) => k).flatMap((k) =>
      Array.from({ length: h }, (_, l): [number, number] => [k, l]).filter(
        ([, l]) => sign === 0 || l > k || (sign === 1 && l === k),
      ),
    );
  const mirrored = (k: number, l: number) => sign !== 0 && k !== l;
  return {
    dimension: (h) => places(h).length,
    coordinates: (matrix, h) =>
      places(h).map(([k, l]) => {
        const entry = matrix[k * h + l]!;
        return mirrored(k, l) ? (entry + sign * matrix[l * h + k]!) * Math.SQRT1_2 : entry;
      }),
    matrix(coordinates, start, h) {
      const out = new Float64Array(h * h);
      places(h).forEach(([k, l], at) => {
        const c = coordinates[start + at]!;
        out[k * h + l] = mirrored(k, l) ? c * Math.SQRT1_2 : c;
        if (mirrored(k, l)) out[l * h + k] = sign * c * Math.SQRT1_2;
      });
      return out;
    },
  };
}
