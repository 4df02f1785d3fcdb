/** Arrays of doubles as vectors. `count` is a number of doubles, pointers are in bytes. */

const DOUBLE: usize = 8;
const PAIR: usize = 16;

@inline
function linearCombination(weights: usize, vectors: usize, terms: i32, offset: usize): v128 {
  let sum = f64x2.splat(0);
  for (let j = 0; j < terms; j++) {
    const weight = v128.load64_splat(weights + (<usize>j << 3));
    const vector = load<usize>(vectors + (<usize>j << 2));
    sum = f64x2.add(sum, f64x2.mul(weight, v128.load(vector + offset)));
  }
  return sum;
}

/**
 * out = theta - h sum_j weights[j] vectors[j]: a point of a Runge-Kutta step. `vectors` holds `terms` pointers. Arrays are
 * padded to an even number of doubles.
 */
export function point(
  out: usize,
  theta: usize,
  h: f64,
  weights: usize,
  vectors: usize,
  terms: i32,
  count: i32,
): void {
  const step = f64x2.splat(h);
  const end = <usize>count * DOUBLE;
  for (let at: usize = 0; at < end; at += PAIR) {
    const slope = linearCombination(weights, vectors, terms, at);
    v128.store(out + at, f64x2.sub(v128.load(theta + at), f64x2.mul(step, slope)));
  }
}

/** out = theta - h slope: `point` of one term of weight 1, gradient descent's own. */
export function descend(out: usize, theta: usize, h: f64, slope: usize, count: i32): void {
  const step = f64x2.splat(h);
  const end = <usize>count * DOUBLE;
  for (let at: usize = 0; at < end; at += PAIR) {
    v128.store(
      out + at,
      f64x2.sub(v128.load(theta + at), f64x2.mul(step, v128.load(slope + at))),
    );
  }
}

/** sum_i (h e_i / (tolerance (1 + max(|theta_i|, |candidate_i|))))^2 with e the combination of the error weights. */
export function scaledErrorSquares(
  theta: usize,
  candidate: usize,
  h: f64,
  tolerance: f64,
  weights: usize,
  vectors: usize,
  terms: i32,
  count: i32,
): f64 {
  const step = f64x2.splat(h);
  const one = f64x2.splat(1);
  const unit = f64x2.splat(tolerance);
  let squares = f64x2.splat(0);
  const end = <usize>count * DOUBLE;
  for (let at: usize = 0; at < end; at += PAIR) {
    const difference = f64x2.mul(step, linearCombination(weights, vectors, terms, at));
    const larger = f64x2.max(f64x2.abs(v128.load(theta + at)), f64x2.abs(v128.load(candidate + at)));
    const scaled = f64x2.div(difference, f64x2.mul(unit, f64x2.add(one, larger)));
    squares = f64x2.add(squares, f64x2.mul(scaled, scaled));
  }
  return f64x2.extract_lane(squares, 0) + f64x2.extract_lane(squares, 1);
}

/** sum_i x_i^2. */
export function squares(x: usize, count: i32): f64 {
  let sum = f64x2.splat(0);
  const end = <usize>count * DOUBLE;
  for (let at: usize = 0; at < end; at += PAIR) {
    const value = v128.load(x + at);
    sum = f64x2.add(sum, f64x2.mul(value, value));
  }
  return f64x2.extract_lane(sum, 0) + f64x2.extract_lane(sum, 1);
}

/** out = x y, entry by entry. */
export function multiply(out: usize, x: usize, y: usize, count: i32): void {
  const end = <usize>count * DOUBLE;
  for (let at: usize = 0; at < end; at += PAIR) {
    v128.store(out + at, f64x2.mul(v128.load(x + at), v128.load(y + at)));
  }
}

/** out = the sum of the rows of x, [rows][columns]. */
export function sumRows(out: usize, x: usize, rows: i32, columns: i32): void {
  const rowBytes = <usize>columns * DOUBLE;
  for (let column: usize = 0; column < rowBytes; column += DOUBLE) {
    let sum: f64 = 0;
    let at = x + column;
    for (let i = 0; i < rows; i++) {
      sum += f64.load(at);
      at += rowBytes;
    }
    f64.store(out + column, sum);
  }
}
