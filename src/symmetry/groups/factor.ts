import { applyExponential } from '../matrix/exponential.ts';
import { solveRight } from '../matrix/solve.ts';
import { copy, type MatrixView, multiply, scale, transpose } from '../matrix/view.ts';

/** What acts on one hidden layer: an element g, given as a matrix or by its logarithm. Both results are fresh. */
export interface Factor {
  /** g m. */
  times(m: MatrixView): MatrixView;
  /** w g^-1. Throws RangeError where g has no inverse. */
  timesInverse(w: MatrixView): MatrixView;
}

/** An invertible matrix. */
export const matrixFactor = (g: MatrixView): Factor => ({
  times: (m) => multiply(g, m),
  timesInverse: (w) => solveRight(w, g),
});

/** exp(X), which is not formed: cheap on few columns and rows. */
export const exponentialFactor = (x: MatrixView): Factor => ({
  times(m) {
    const out = copy(m);
    applyExponential(x, out);
    return out;
  },
  timesInverse(w) {
    const out = copy(w);
    applyExponential(scale(transpose(x), -1), transpose(out));
    return out;
  },
});
