/** A linear space of h x h matrices (row-major), with orthonormal coordinates. */
export interface MatrixSpace {
  /** Number of coordinates. */
  readonly dimension: number;
  /** The coordinates of the nearest matrix of the space. */
  coordinates(matrix: Float64Array): number[];
  /** The matrix of the coordinates from index `start`. */
  matrix(coordinates: ArrayLike<number>, start: number): Float64Array;
}

/** All matrices of a size, and those with A^T = A and A^T = -A. */
export const matrixClasses = {
  all: (h: number) => matrixSpace(h, 0),
  symmetric: (h: number) => matrixSpace(h, 1),
  antisymmetric: (h: number) => matrixSpace(h, -1),
} as const;

/** The matrices with A^T = sign A, or all of them for 0. */
function matrixSpace(h: number, sign: -1 | 0 | 1): MatrixSpace {
  // Where each coordinate stands, and where its mirror image does if there is one.
  const places: { readonly at: number; readonly mirror: number | null }[] = [];
  for (let k = 0; k < h; k++) {
    for (let l = 0; l < h; l++) {
      if (sign === 0 || (k === l && sign === 1)) places.push({ at: k * h + l, mirror: null });
      else if (l > k) places.push({ at: k * h + l, mirror: l * h + k });
    }
  }
  return {
    dimension: places.length,
    coordinates: (matrix) =>
      places.map(({ at, mirror }) =>
        mirror === null ? matrix[at]! : (matrix[at]! + sign * matrix[mirror]!) * Math.SQRT1_2,
      ),
    matrix(coordinates, start) {
      const out = new Float64Array(h * h);
      places.forEach(({ at, mirror }, i) => {
        const c = coordinates[start + i]!;
        out[at] = mirror === null ? c : c * Math.SQRT1_2;
        if (mirror !== null) out[mirror] = sign * c * Math.SQRT1_2;
      });
      return out;
    },
  };
}
