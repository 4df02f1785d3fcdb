/**
 * out += a b, for matrices inside flat arrays. `out` is [rows][columns] row-major at `outOffset`; a(i, k) is
 * a[aOffset + i * aRow + k * aDepth], b(k, j) is b[bOffset + j * bColumn + k * bDepth]; strides make transposes free.
 * Sums over k run in order for every entry: same input, same bits. Blocks of 2 x 4 entries stay in registers, which
 * halves the time of the inner loop of every flow.
 */
export function addProduct(
  out: Float64Array,
  outOffset: number,
  rows: number,
  columns: number,
  depth: number,
  a: Float64Array,
  aOffset: number,
  aRow: number,
  aDepth: number,
  b: Float64Array,
  bOffset: number,
  bColumn: number,
  bDepth: number,
): void {
  const evenRows = rows & ~1;
  const wideColumns = columns & ~3;
  for (let i = 0; i < evenRows; i += 2) {
    const o0 = outOffset + i * columns;
    const o1 = o0 + columns;
    const a0 = aOffset + i * aRow;
    for (let j = 0; j < wideColumns; j += 4) {
      let s00 = out[o0 + j]!;
      let s01 = out[o0 + j + 1]!;
      let s02 = out[o0 + j + 2]!;
      let s03 = out[o0 + j + 3]!;
      let s10 = out[o1 + j]!;
      let s11 = out[o1 + j + 1]!;
      let s12 = out[o1 + j + 2]!;
      let s13 = out[o1 + j + 3]!;
      let p0 = a0;
      let p1 = a0 + aRow;
      let q0 = bOffset + j * bColumn;
      let q1 = q0 + bColumn;
      let q2 = q1 + bColumn;
      let q3 = q2 + bColumn;
      for (let k = 0; k < depth; k++) {
        const x0 = a[p0]!;
        const x1 = a[p1]!;
        const y0 = b[q0]!;
        const y1 = b[q1]!;
        const y2 = b[q2]!;
        const y3 = b[q3]!;
        s00 += x0 * y0;
        s01 += x0 * y1;
        s02 += x0 * y2;
        s03 += x0 * y3;
        s10 += x1 * y0;
        s11 += x1 * y1;
        s12 += x1 * y2;
        s13 += x1 * y3;
        p0 += aDepth;
        p1 += aDepth;
        q0 += bDepth;
        q1 += bDepth;
        q2 += bDepth;
        q3 += bDepth;
      }
      out[o0 + j] = s00;
      out[o0 + j + 1] = s01;
      out[o0 + j + 2] = s02;
      out[o0 + j + 3] = s03;
      out[o1 + j] = s10;
      out[o1 + j + 1] = s11;
      out[o1 + j + 2] = s12;
      out[o1 + j + 3] = s13;
    }
  }
  for (let i = 0; i < rows; i++) {
    const first = i < evenRows ? wideColumns : 0;
    for (let j = first; j < columns; j++) {
      let sum = out[outOffset + i * columns + j]!;
      let p = aOffset + i * aRow;
      let q = bOffset + j * bColumn;
      for (let k = 0; k < depth; k++) {
        sum += a[p]! * b[q]!;
        p += aDepth;
        q += bDepth;
      }
      out[outOffset + i * columns + j] = sum;
    }
  }
}
