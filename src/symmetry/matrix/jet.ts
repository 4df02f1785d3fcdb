import { pseudoInverse, pseudoInverseDerivative } from './pseudo-inverse.ts';
import { add, entry, identityMatrix, type MatrixView, map, multiply, square, view } from './view.ts';

/** A matrix that depends on s: its value and first two derivatives at s = 0. */
export interface MatrixJet {
  readonly value: MatrixView;
  readonly first: MatrixView;
  readonly second: MatrixView;
}

/** A matrix that does not depend on s. */
export const constantJet = (value: MatrixView): MatrixJet => {
  const zero = view(value.rows, value.columns);
  return { value, first: zero, second: zero };
};

/** a + factor * b. */
export const addJets = (a: MatrixJet, b: MatrixJet, factor = 1): MatrixJet => ({
  value: add(a.value, b.value, factor),
  first: add(a.first, b.first, factor),
  second: add(a.second, b.second, factor),
});

/** a b. */
export const multiplyJets = (a: MatrixJet, b: MatrixJet): MatrixJet => ({
  value: multiply(a.value, b.value),
  first: add(multiply(a.first, b.value), multiply(a.value, b.first)),
  second: add(add(multiply(a.second, b.value), multiply(a.value, b.second)), multiply(a.first, b.first), 2),
});

/** f of every entry, from f, f' and f'' of the values. */
export const mapJet = (
  m: MatrixJet,
  [f, df, ddf]: readonly [MatrixView, MatrixView, MatrixView],
): MatrixJet => ({
  value: f,
  first: map(m.first, (x, i, j) => entry(df, i, j) * x),
  second: map(m.second, (x, i, j) => entry(df, i, j) * x + entry(ddf, i, j) * entry(m.first, i, j) ** 2),
});

/** d m^+ where d vanishes at s = 0, so that one derivative of m^+ is enough. */
export function timesPseudoInverse(d: MatrixJet, m: MatrixJet): MatrixJet {
  const inverse = pseudoInverse(m.value).matrix;
  const derivative = pseudoInverseDerivative(m.value, inverse, m.first);
  return {
    value: view(d.value.rows, inverse.columns),
    first: multiply(d.first, inverse),
    second: add(multiply(d.second, inverse), multiply(d.first, derivative), 2),
  };
}

/** exp(sX) for X [n][n]; with another second derivative, the curve that has it. */
export const exponentialJet = (x: MatrixView, second: MatrixView = multiply(x, x)): MatrixJet => ({
  value: square(identityMatrix(x.rows), x.rows),
  first: x,
  second,
});
