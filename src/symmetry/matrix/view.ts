import { addProduct } from '../../model/matrix-product.ts';

/** A matrix inside a flat array: entry (i, j) is data[offset + i * rowStride + j * columnStride]. Strides make transposes free. */
export interface MatrixView {
  readonly data: Float64Array;
  readonly offset: number;
  readonly rows: number;
  readonly columns: number;
  readonly rowStride: number;
  readonly columnStride: number;
}

/** A row-major matrix [rows][columns] in `data` from `offset`; without data, zeros. */
export const view = (
  rows: number,
  columns: number,
  data: Float64Array = new Float64Array(rows * columns),
  offset = 0,
): MatrixView => ({ data, offset, rows, columns, rowStride: columns, columnStride: 1 });

/** A square row-major matrix [n][n]. */
export const square = (data: Float64Array, n = Math.round(Math.sqrt(data.length))): MatrixView =>
  view(n, n, data);

/** The transpose, on the same data. */
export const transpose = (m: MatrixView): MatrixView => ({
  ...m,
  rows: m.columns,
  columns: m.rows,
  rowStride: m.columnStride,
  columnStride: m.rowStride,
});

/** The columns from `start` on, on the same data. */
export const columns = (m: MatrixView, start: number, count: number): MatrixView => ({
  ...m,
  offset: m.offset + start * m.columnStride,
  columns: count,
});

/** Entry (i, j). */
export const entry = (m: MatrixView, i: number, j: number): number =>
  m.data[m.offset + i * m.rowStride + j * m.columnStride]!;

/** The entries, row-major, in a fresh array. */
export function rowMajor(m: MatrixView): Float64Array {
  const out = new Float64Array(m.rows * m.columns);
  for (let i = 0, at = 0; i < m.rows; i++) {
    for (let j = 0; j < m.columns; j++) out[at++] = entry(m, i, j);
  }
  return out;
}

/** A row-major copy. */
export const copy = (m: MatrixView): MatrixView => view(m.rows, m.columns, rowMajor(m));

/** to = from, entry by entry. */
export function assign(to: MatrixView, from: MatrixView): void {
  for (let i = 0; i < to.rows; i++) {
    for (let j = 0; j < to.columns; j++) {
      to.data[to.offset + i * to.rowStride + j * to.columnStride] = entry(from, i, j);
    }
  }
}

/** out += a b; `out` is row-major without gaps and shares no entry with a or b. */
export function accumulate(out: MatrixView, a: MatrixView, b: MatrixView): void {
  addProduct(
    out.data,
    out.offset,
    a.rows,
    b.columns,
    a.columns,
    a.data,
    a.offset,
    a.rowStride,
    a.columnStride,
    b.data,
    b.offset,
    b.columnStride,
    b.rowStride,
  );
}

/** a b, a fresh row-major matrix. */
export function multiply(a: MatrixView, b: MatrixView): MatrixView {
  const out = view(a.rows, b.columns);
  accumulate(out, a, b);
  return out;
}

/** f(entry, i, j) of every entry, a fresh row-major matrix. */
export function map(m: MatrixView, f: (x: number, i: number, j: number) => number): MatrixView {
  const out = view(m.rows, m.columns);
  for (let i = 0, at = 0; i < m.rows; i++) {
    for (let j = 0; j < m.columns; j++) out.data[at++] = f(entry(m, i, j), i, j);
  }
  return out;
}

/** factor * m. */
export const scale = (m: MatrixView, factor: number): MatrixView => map(m, (x) => factor * x);

/** a + factor * b. */
export const add = (a: MatrixView, b: MatrixView, factor = 1): MatrixView =>
  map(a, (x, i, j) => x + factor * entry(b, i, j));

/** The identity, row-major [n][n]. */
export function identityMatrix(n: number): Float64Array {
  const out = new Float64Array(n * n);
  for (let i = 0; i < n; i++) out[i * n + i] = 1;
  return out;
}

/** The 1-norm: the greatest sum of absolute values in a column. */
export function oneNorm(m: MatrixView): number {
  let norm = 0;
  for (let j = 0; j < m.columns; j++) {
    let sum = 0;
    for (let i = 0; i < m.rows; i++) sum += Math.abs(entry(m, i, j));
    norm = Math.max(norm, sum);
  }
  return norm;
}
