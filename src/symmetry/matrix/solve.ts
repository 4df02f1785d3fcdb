import { LuDecomposition, Matrix } from 'ml-matrix';
import { type MatrixView, rowMajor, transpose, view } from './view.ts';

/** The ml-matrix form of a view. */
export const toMatrix = (m: MatrixView): Matrix => Matrix.from1DArray(m.rows, m.columns, rowMajor(m));

/** The view of an ml-matrix matrix. */
export const fromMatrix = (m: Matrix): MatrixView =>
  view(m.rows, m.columns, Float64Array.from(m.to1DArray()));

/** a^-1 b by LU with partial pivoting. Throws RangeError where a is singular to rounding. */
export function solve(a: MatrixView, b: MatrixView): MatrixView {
  const lu = new LuDecomposition(toMatrix(a));
  const solution = lu.isSingular() ? null : fromMatrix(lu.solve(toMatrix(b)));
  if (solution?.data.every(Number.isFinite)) return solution;
  throw new RangeError('A matrix has no inverse: choose one with a determinant that is not zero.');
}

/** b a^-1, a fresh row-major matrix. Throws as `solve` does. */
export const solveRight = (b: MatrixView, a: MatrixView): MatrixView => {
  const solution = solve(transpose(a), transpose(b));
  return view(b.rows, b.columns, rowMajor(transpose(solution)));
};
