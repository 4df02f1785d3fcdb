import { Matrix, SVD } from 'ml-matrix';

/** The singular values of a matrix that grows by rows. */
export interface Spectrum {
  /** Appends rows of length `columns`. */
  add(rows: readonly Float64Array[]): void;
  /** Singular values in falling order, length `columns`. */
  singularValues(): readonly number[];
}

/** A matrix of no rows. It keeps diag(s) V^T of its singular value decomposition, which has the Gram matrix of all rows so far. */
export function createSpectrum(columns: number): Spectrum {
  let kept: readonly ArrayLike<number>[] = [];
  let values: readonly number[] = new Array<number>(columns).fill(0);
  return {
    add(rows) {
      const all = [...kept, ...rows];
      // Rows of zeros: the decomposition wants at least as many rows as columns.
      const matrix = Matrix.zeros(Math.max(all.length, columns), columns);
      all.forEach((row, i) => {
        matrix.setRow(i, Array.from(row));
      });
      const { diagonal, rightSingularVectors } = new SVD(matrix, { computeLeftSingularVectors: false });
      values = diagonal;
      kept = diagonal.map((s, k) => rightSingularVectors.getColumn(k).map((x) => s * x));
    },
    singularValues: () => values,
  };
}
