import { addMultiple, dot, norm } from '../model/vector.ts';

/** Halvings of an interval until it cannot be halved in float64. */
const HALVINGS = 60;

/**
 * All eigenvalues of a symmetric matrix, ascending; `rows` is overwritten. Householder reduction to tridiagonal form, then bisection by
 * the number of negative pivots (Golub, Van Loan 2013, sections 8.3.1 and 8.4.1): without eigenvectors it is a tenth of the work of a
 * full decomposition. `rest` is awaited after every row.
 */
export async function symmetricEigenvalues(
  rows: readonly Float64Array[],
  rest: () => Promise<void> = async () => {},
): Promise<Float64Array> {
  const size = rows.length;
  const diagonal = new Float64Array(size);
  const beside = new Float64Array(size);
  for (let k = 0; k < size; k++) {
    diagonal[k] = rows[k]![k]!;
    if (k + 1 < size) beside[k] = eliminate(rows, k);
    await rest();
  }
  const square = beside.map((b) => b * b);
  const reach = diagonal.reduce(
    (most, d, i) => Math.max(most, Math.abs(d) + Math.abs(beside[i]!) + Math.abs(beside[i - 1] ?? 0)),
    0,
  );
  const values = new Float64Array(size);
  for (let i = 0; i < size; i++) {
    let [low, high] = [-reach, reach];
    for (let k = 0; k < HALVINGS && low < high; k++) {
      const middle = (low + high) / 2;
      if (countBelow(diagonal, square, middle) > i) high = middle;
      else low = middle;
    }
    values[i] = (low + high) / 2;
    await rest();
  }
  return values;
}

/** Reflects rows and columns k + 1 .. so that column k ends below its second entry, which is returned. */
function eliminate(rows: readonly Float64Array[], k: number): number {
  const column = Float64Array.from(rows.slice(k + 1), (row) => row[k]!);
  const length = norm(column);
  const entry = column[0]! > 0 ? -length : length;
  if (length === 0 || norm(column.subarray(1)) === 0) return column[0]!;
  column[0]! -= entry;
  const size = norm(column);
  const v = column.map((x) => x / size);
  const rest = rows.slice(k + 1).map((row) => row.subarray(k + 1));
  const w = Float64Array.from(rest, (row) => 2 * dot(v, row));
  addMultiple(w, -dot(v, w), v);
  rest.forEach((row, i) => {
    addMultiple(row, -v[i]!, w);
    addMultiple(row, -w[i]!, v);
  });
  return entry;
}

/** Eigenvalues of the tridiagonal matrix below x: the negative pivots of its factorisation shifted by x. */
function countBelow(diagonal: Float64Array, square: Float64Array, x: number): number {
  let count = 0;
  let pivot = 1;
  for (let i = 0; i < diagonal.length; i++) {
    pivot = diagonal[i]! - x - (i > 0 ? square[i - 1]! / pivot : 0);
    if (pivot === 0) pivot = Number.MIN_VALUE * 2 ** 60;
    if (pivot < 0) count++;
  }
  return count;
}
