/**
 * Matrix products in blocks that stay in registers. Matrices are row-major doubles in linear memory; every stride is in bytes.
 * Each entry is summed in the same order whatever the block it falls into, so the same input gives the same bits.
 */

const DOUBLE: usize = 8;
const PAIR: usize = 16;
/** Rows of a block at most: 4 x 4 entries, their operands and a factor fit the 16 vector registers of most processors. */
const LARGEST_BLOCK: i32 = 4;

@inline
function load(at: usize, single: bool): v128 {
  return single ? v128.load64_zero(at) : v128.load(at);
}

@inline
function store(at: usize, value: v128, single: bool): void {
  if (single) f64.store(at, f64x2.extract_lane(value, 0));
  else v128.store(at, value);
}

@inline
function addProduct(sum: v128, x: v128, y: v128): v128 {
  return f64x2.add(sum, f64x2.mul(x, y));
}

/** `rows` x (`pairs` pairs of columns), or one column when `single`: constants, so that what they exclude is not compiled. */
@inline
function block(
  rows: i32,
  pairs: i32,
  single: bool,
  out: usize,
  outRow: usize,
  initial: usize,
  initialRow: usize,
  depth: i32,
  a: usize,
  aRow: usize,
  aDepth: usize,
  b: usize,
  bDepth: usize,
): void {
  const zero = f64x2.splat(0);
  let s00 = load(initial, single);
  let s01 = pairs > 1 ? v128.load(initial, PAIR) : zero;
  let s10 = rows > 1 ? load(initial + initialRow, single) : zero;
  let s11 = rows > 1 && pairs > 1 ? v128.load(initial + initialRow, PAIR) : zero;
  let s20 = rows > 2 ? load(initial + 2 * initialRow, single) : zero;
  let s21 = rows > 2 && pairs > 1 ? v128.load(initial + 2 * initialRow, PAIR) : zero;
  let s30 = rows > 3 ? load(initial + 3 * initialRow, single) : zero;
  let s31 = rows > 3 && pairs > 1 ? v128.load(initial + 3 * initialRow, PAIR) : zero;
  for (let k = 0; k < depth; k++) {
    const b0 = load(b, single);
    const b1 = pairs > 1 ? v128.load(b, PAIR) : zero;
    let factor = v128.load64_splat(a);
    s00 = addProduct(s00, factor, b0);
    if (pairs > 1) s01 = addProduct(s01, factor, b1);
    if (rows > 1) {
      factor = v128.load64_splat(a + aRow);
      s10 = addProduct(s10, factor, b0);
      if (pairs > 1) s11 = addProduct(s11, factor, b1);
    }
    if (rows > 2) {
      factor = v128.load64_splat(a + 2 * aRow);
      s20 = addProduct(s20, factor, b0);
      if (pairs > 1) s21 = addProduct(s21, factor, b1);
    }
    if (rows > 3) {
      factor = v128.load64_splat(a + 3 * aRow);
      s30 = addProduct(s30, factor, b0);
      if (pairs > 1) s31 = addProduct(s31, factor, b1);
    }
    a += aDepth;
    b += bDepth;
  }
  store(out, s00, single);
  if (pairs > 1) v128.store(out, s01, PAIR);
  if (rows > 1) store(out + outRow, s10, single);
  if (rows > 1 && pairs > 1) v128.store(out + outRow, s11, PAIR);
  if (rows > 2) store(out + 2 * outRow, s20, single);
  if (rows > 2 && pairs > 1) v128.store(out + 2 * outRow, s21, PAIR);
  if (rows > 3) store(out + 3 * outRow, s30, single);
  if (rows > 3 && pairs > 1) v128.store(out + 3 * outRow, s31, PAIR);
}

/** All rows of some columns, in blocks of about equal size. */
@inline
function strip(
  pairs: i32,
  single: bool,
  out: usize,
  outRow: usize,
  initial: usize,
  initialRow: usize,
  rows: i32,
  depth: i32,
  a: usize,
  aRow: usize,
  aDepth: usize,
  b: usize,
  bDepth: usize,
): void {
  for (let left = rows; left > 0; ) {
    const blocks = (left + LARGEST_BLOCK - 1) / LARGEST_BLOCK;
    const size = (left + blocks - 1) / blocks;
    if (size == 4) block(4, pairs, single, out, outRow, initial, initialRow, depth, a, aRow, aDepth, b, bDepth);
    else if (size == 3) block(3, pairs, single, out, outRow, initial, initialRow, depth, a, aRow, aDepth, b, bDepth);
    else if (size == 2) block(2, pairs, single, out, outRow, initial, initialRow, depth, a, aRow, aDepth, b, bDepth);
    else block(1, pairs, single, out, outRow, initial, initialRow, depth, a, aRow, aDepth, b, bDepth);
    left -= size;
    out += <usize>size * outRow;
    initial += <usize>size * initialRow;
    a += <usize>size * aRow;
  }
}

/**
 * out = initial + a b. `out` is [rows][columns]; a(i, k) is at a + i aRow + k aDepth; b is [depth][columns] with rows bDepth
 * apart. `initial` is [rows][columns] with rows initialRow apart: 0 repeats one row, `out` itself accumulates.
 */
export function product(
  out: usize,
  outRow: usize,
  initial: usize,
  initialRow: usize,
  rows: i32,
  columns: i32,
  depth: i32,
  a: usize,
  aRow: usize,
  aDepth: usize,
  b: usize,
  bDepth: usize,
): void {
  for (; columns >= 4; columns -= 4) {
    strip(2, false, out, outRow, initial, initialRow, rows, depth, a, aRow, aDepth, b, bDepth);
    out += 2 * PAIR;
    initial += 2 * PAIR;
    b += 2 * PAIR;
  }
  if (columns >= 2) {
    strip(1, false, out, outRow, initial, initialRow, rows, depth, a, aRow, aDepth, b, bDepth);
    out += PAIR;
    initial += PAIR;
    b += PAIR;
    columns -= 2;
  }
  if (columns == 1) strip(1, true, out, outRow, initial, initialRow, rows, depth, a, aRow, aDepth, b, bDepth);
}

/** Both lanes of a dot product, the product at a and b that an odd depth leaves over, and what is at `initial`. */
@inline
function storeDot(out: usize, initial: usize, sum: v128, odd: bool, a: usize, b: usize): void {
  let total = f64x2.extract_lane(sum, 0) + f64x2.extract_lane(sum, 1);
  if (odd) total += f64.load(a) * f64.load(b);
  f64.store(out, f64.load(initial) + total);
}

/** `rows` x `columns` dot products; both constants. */
@inline
function dotBlock(
  rows: i32,
  columns: i32,
  out: usize,
  outRow: usize,
  initial: usize,
  initialRow: usize,
  depth: i32,
  a: usize,
  aRow: usize,
  b: usize,
  bRow: usize,
): void {
  const zero = f64x2.splat(0);
  let s00 = zero;
  let s01 = zero;
  let s02 = zero;
  let s03 = zero;
  let s10 = zero;
  let s11 = zero;
  let s12 = zero;
  let s13 = zero;
  for (let k = depth; k >= 2; k -= 2) {
    const a0 = v128.load(a);
    const a1 = rows > 1 ? v128.load(a + aRow) : zero;
    let factor = v128.load(b);
    s00 = addProduct(s00, a0, factor);
    if (rows > 1) s10 = addProduct(s10, a1, factor);
    if (columns > 1) {
      factor = v128.load(b + bRow);
      s01 = addProduct(s01, a0, factor);
      if (rows > 1) s11 = addProduct(s11, a1, factor);
    }
    if (columns > 2) {
      factor = v128.load(b + 2 * bRow);
      s02 = addProduct(s02, a0, factor);
      if (rows > 1) s12 = addProduct(s12, a1, factor);
    }
    if (columns > 3) {
      factor = v128.load(b + 3 * bRow);
      s03 = addProduct(s03, a0, factor);
      if (rows > 1) s13 = addProduct(s13, a1, factor);
    }
    a += PAIR;
    b += PAIR;
  }
  const odd = (depth & 1) == 1;
  storeDot(out, initial, s00, odd, a, b);
  if (columns > 1) storeDot(out + DOUBLE, initial + DOUBLE, s01, odd, a, b + bRow);
  if (columns > 2) storeDot(out + 2 * DOUBLE, initial + 2 * DOUBLE, s02, odd, a, b + 2 * bRow);
  if (columns > 3) storeDot(out + 3 * DOUBLE, initial + 3 * DOUBLE, s03, odd, a, b + 3 * bRow);
  if (rows > 1) {
    out += outRow;
    initial += initialRow;
    a += aRow;
    storeDot(out, initial, s10, odd, a, b);
    if (columns > 1) storeDot(out + DOUBLE, initial + DOUBLE, s11, odd, a, b + bRow);
    if (columns > 2) storeDot(out + 2 * DOUBLE, initial + 2 * DOUBLE, s12, odd, a, b + 2 * bRow);
    if (columns > 3) storeDot(out + 3 * DOUBLE, initial + 3 * DOUBLE, s13, odd, a, b + 3 * bRow);
  }
}

/** All columns of `rows` rows, in blocks of about equal size. */
@inline
function dotStrip(
  rows: i32,
  out: usize,
  outRow: usize,
  initial: usize,
  initialRow: usize,
  columns: i32,
  depth: i32,
  a: usize,
  aRow: usize,
  b: usize,
  bRow: usize,
): void {
  for (let left = columns; left > 0; ) {
    const blocks = (left + LARGEST_BLOCK - 1) / LARGEST_BLOCK;
    const size = (left + blocks - 1) / blocks;
    if (size == 4) dotBlock(rows, 4, out, outRow, initial, initialRow, depth, a, aRow, b, bRow);
    else if (size == 3) dotBlock(rows, 3, out, outRow, initial, initialRow, depth, a, aRow, b, bRow);
    else if (size == 2) dotBlock(rows, 2, out, outRow, initial, initialRow, depth, a, aRow, b, bRow);
    else dotBlock(rows, 1, out, outRow, initial, initialRow, depth, a, aRow, b, bRow);
    left -= size;
    out += <usize>size * DOUBLE;
    initial += <usize>size * DOUBLE;
    b += <usize>size * bRow;
  }
}

/** out = initial + a b^T, for rows of a and b of `depth` doubles: `product` where b is stored by columns. `initial` as there. */
export function productTransposed(
  out: usize,
  outRow: usize,
  initial: usize,
  initialRow: usize,
  rows: i32,
  columns: i32,
  depth: i32,
  a: usize,
  aRow: usize,
  b: usize,
  bRow: usize,
): void {
  for (; rows >= 2; rows -= 2) {
    dotStrip(2, out, outRow, initial, initialRow, columns, depth, a, aRow, b, bRow);
    out += 2 * outRow;
    initial += 2 * initialRow;
    a += 2 * aRow;
  }
  if (rows == 1) dotStrip(1, out, outRow, initial, initialRow, columns, depth, a, aRow, b, bRow);
}
