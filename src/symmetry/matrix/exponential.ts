import { solve } from './solve.ts';
import {
  accumulate,
  add,
  assign,
  copy,
  identityMatrix,
  type MatrixView,
  multiply,
  oneNorm,
  scale,
  square,
  view,
} from './view.ts';

/** Coefficients of the [13/13] Pade approximant of exp (Higham 2005, section 2). */
const PADE = [
  64764752532480000, 32382376266240000, 7771770303897600, 1187353796428800, 129060195264000, 10559470521600,
  670442572800, 33522128640, 1323241920, 40840800, 960960, 16380, 182, 1,
] as const;
/** 1-norm up to which that approximant is exact to rounding in double precision (Higham 2005, table 2.3). */
const PADE_BOUND = 5.371920351148152;

/**
 * exp(X) of a square matrix by scaling and squaring with the [13/13] Pade approximant (Higham 2005: The scaling and
 * squaring method for the matrix exponential revisited).
 */
export function exponential(x: MatrixView): MatrixView {
  const norm = oneNorm(x);
  const squarings = norm > PADE_BOUND ? Math.ceil(Math.log2(norm / PADE_BOUND)) : 0;
  const a = scale(x, 2 ** -squarings);
  const powers = [square(identityMatrix(x.rows)), multiply(a, a)];
  powers.push(multiply(powers[1]!, powers[1]!));
  powers.push(multiply(powers[2]!, powers[1]!));
  /** sum_k PADE[2k + odd] A^2k, in which the three highest terms are A^6 times lower powers. */
  const series = (odd: 0 | 1): MatrixView => {
    const sum = (from: number, shift: number) =>
      powers
        .slice(from)
        .reduce((s, p, k) => add(s, p, PADE[2 * (k + from + shift) + odd]!), view(x.rows, x.rows));
    return add(sum(0, 0), multiply(powers[3]!, sum(1, 3)));
  };
  const even = series(0);
  const odd = multiply(a, series(1));
  let result = solve(add(even, odd, -1), add(even, odd));
  for (let i = 0; i < squarings; i++) result = multiply(result, result);
  return result;
}

/** Degree of the Taylor polynomials, and the 1-norm up to which that is enough (Al-Mohy, Higham 2011, table 3.1, double precision). */
const TAYLOR_DEGREE = 30;
const TAYLOR_BOUND = 3.54;
/** Taylor steps above which forming exp(X) is cheaper. */
const MOST_STEPS = 4;

/**
 * block <- exp(X) block without forming exp(X), by s steps of a truncated Taylor series, which ends when its terms vanish
 * (Al-Mohy, Higham 2011: Computing the action of the matrix exponential, algorithm 3.2). `block` is any view of n rows. Where
 * X is so large that forming exp(X) is cheaper, that is done.
 */
export function applyExponential(x: MatrixView, block: MatrixView): void {
  const norm = oneNorm(x);
  if (norm === 0) return;
  const steps = Math.max(1, Math.ceil(norm / TAYLOR_BOUND));
  if (steps > MOST_STEPS || !Number.isFinite(norm)) {
    assign(block, multiply(exponential(x), block));
    return;
  }
  const result = copy(block);
  let term = view(block.rows, block.columns);
  let next = view(block.rows, block.columns);
  for (let step = 0; step < steps; step++) {
    term.data.set(result.data);
    let before = largest(term.data);
    for (let k = 1; k <= TAYLOR_DEGREE; k++) {
      next.data.fill(0);
      accumulate(next, x, term);
      const factor = 1 / (steps * k);
      let [size, whole] = [0, 0];
      for (let i = 0; i < next.data.length; i++) {
        const value = next.data[i]! * factor;
        next.data[i] = value;
        const sum = result.data[i]! + value;
        result.data[i] = sum;
        size = Math.max(size, Math.abs(value));
        whole = Math.max(whole, Math.abs(sum));
      }
      [term, next] = [next, term];
      if (before + size <= Number.EPSILON * 0.5 * whole) break;
      before = size;
    }
  }
  assign(block, result);
}

function largest(values: Float64Array): number {
  let size = 0;
  for (const value of values) size = Math.max(size, Math.abs(value));
  return size;
}
