import { SingularValueDecomposition } from 'ml-matrix';
import { fromMatrix, toMatrix } from './solve.ts';
import { add, identityMatrix, type MatrixView, map, multiply, square, transpose } from './view.ts';

/** Singular values below this share of the greatest count as zero: what they carry would be lost to rounding anyway. */
const RANK_TOLERANCE = 1e-10;

/** The Moore-Penrose inverse of a matrix [rows][columns]. */
export interface PseudoInverse {
  /** [columns][rows]. */
  readonly matrix: MatrixView;
  readonly rank: number;
  /** Greatest over least singular value that is not zero; 1 for the zero matrix. */
  readonly conditioning: number;
}

/** m^+ by singular values. */
export function pseudoInverse(m: MatrixView): PseudoInverse {
  const svd = new SingularValueDecomposition(toMatrix(m), { autoTranspose: true });
  const values = svd.diagonal;
  const greatest = Math.max(...values);
  const kept = values.filter((s) => s > RANK_TOLERANCE * greatest);
  const [left, right] = [fromMatrix(svd.leftSingularVectors), fromMatrix(svd.rightSingularVectors)];
  const scaled = map(right, (x, _, k) => (values[k]! > RANK_TOLERANCE * greatest ? x / values[k]! : 0));
  return {
    matrix: multiply(scaled, transpose(left)),
    rank: kept.length,
    conditioning: kept.length > 0 ? greatest / Math.min(...kept) : 1,
  };
}

/** Operations (rows x columns x the smaller of them) above which singular values take more than a second. */
const MOST_OPERATIONS = 5e7;

/**
 * Whether the columns of m are independent, with rank and conditioning. Where there are more columns than rows the answer
 * is no without computing: for large matrices rank is then the number of rows, an upper bound, and conditioning infinite.
 */
export function independentColumns(
  m: MatrixView,
  inverse: () => PseudoInverse = () => pseudoInverse(m),
): { readonly independent: boolean; readonly rank: number; readonly conditioning: number } {
  const { rows, columns } = m;
  if (columns > rows && rows * rows * columns > MOST_OPERATIONS) {
    return { independent: false, rank: rows, conditioning: Number.POSITIVE_INFINITY };
  }
  const { rank, conditioning } = inverse();
  return { independent: rank === columns, rank, conditioning };
}

/** The derivative of m^+ along dm where the rank is constant (Golub, Pereyra 1973, theorem 4.3). */
export function pseudoInverseDerivative(m: MatrixView, inverse: MatrixView, dm: MatrixView): MatrixView {
  const dt = transpose(dm);
  const inverseT = transpose(inverse);
  const one = (n: number) => square(identityMatrix(n), n);
  const first = multiply(multiply(inverse, dm), inverse);
  const second = multiply(
    multiply(multiply(inverse, inverseT), dt),
    add(one(m.rows), multiply(m, inverse), -1),
  );
  const third = multiply(
    multiply(add(one(m.columns), multiply(inverse, m), -1), dt),
    multiply(inverseT, inverse),
  );
  return add(add(second, third), first, -1);
}
