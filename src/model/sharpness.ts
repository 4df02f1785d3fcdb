import { EigenvalueDecomposition, Matrix } from 'ml-matrix';
import type { LossFunction } from './loss-function.ts';
import { addMultiple, dot, genericVector, norm, unit } from './vector.ts';

export interface SharpnessOptions {
  /** Relative error at which the iteration stops, default 1e-3. */
  readonly tolerance?: number;
  /** Most Hessian-vector products, default 48. */
  readonly iterations?: number;
  /** Where the iteration starts: a vector near the eigenvector saves products. Default `genericVector`. */
  readonly start?: Float64Array;
}

/** An eigenvalue of the Hessian with its unit eigenvector (length P). */
export interface Eigenpair {
  readonly value: number;
  readonly vector: Float64Array;
}

/** Products after which the Ritz pair is looked at first, and how much later the next time. */
const FIRST_CHECK = 4;
const CHECK_GROWTH = 1.25;

/** The largest eigenvalue of the Hessian at theta: that of `topEigenpair`. */
export const sharpness = (loss: LossFunction, theta: Float64Array, options: SharpnessOptions = {}): number =>
  topEigenpair(loss, theta, options).value;

/**
 * The largest eigenvalue of the Hessian at theta, by the Lanczos iteration with full reorthogonalisation (Golub, Van Loan
 * 2013, section 10.1) from a fixed start vector, so that the same theta gives the same number. It stops when the residual
 * |H y - lambda y| of the leading Ritz pair falls to `tolerance` |lambda|, which bounds the error. NaN when H is not finite.
 */
export function topEigenpair(
  network: LossFunction,
  theta: Float64Array,
  { tolerance = 1e-3, iterations = 48, start }: SharpnessOptions = {},
): Eigenpair {
  const size = network.size;
  const basis: Float64Array[] = [];
  const alpha: number[] = [];
  const beta: number[] = [];
  let vector = unit(start ?? genericVector(size));
  let check = FIRST_CHECK;
  let top: Eigenpair = { value: Number.NaN, vector };
  for (let k = 1; k <= Math.min(iterations, size); k++) {
    basis.push(vector);
    const next = new Float64Array(size);
    network.hessianVectorProduct(theta, vector, next);
    alpha.push(dot(vector, next));
    // The two that are not orthogonal to it by theory first, so that one pass over all suffices.
    addMultiple(next, -alpha.at(-1)!, vector);
    if (k > 1) addMultiple(next, -beta.at(-1)!, basis[k - 2]!);
    for (const other of basis) addMultiple(next, -dot(next, other), other);
    const residual = norm(next);
    if (!Number.isFinite(residual)) return { value: Number.NaN, vector };
    const last = k === Math.min(iterations, size);
    const invariant = residual <= 1e-13 * Math.max(...alpha.map(Math.abs), ...beta);
    if (k === check || last || invariant) {
      check = Math.ceil(CHECK_GROWTH * k);
      const ritz = leadingRitzPair(alpha, beta);
      const converged =
        invariant || residual * Math.abs(ritz.vector.at(-1)!) <= tolerance * Math.abs(ritz.value);
      if (converged || last) {
        top = { value: ritz.value, vector: combination(basis, ritz.vector) };
        break;
      }
    }
    beta.push(residual);
    vector = unit(next);
  }
  return top;
}

/** sum of weights[i] basis[i]. */
function combination(basis: readonly Float64Array[], weights: readonly number[]): Float64Array {
  const out = new Float64Array(basis[0]!.length);
  basis.forEach((vector, i) => {
    addMultiple(out, weights[i]!, vector);
  });
  return out;
}

/** Largest eigenvalue of the tridiagonal matrix (alpha, beta) with its unit eigenvector. */
function leadingRitzPair(
  alpha: readonly number[],
  beta: readonly number[],
): { value: number; vector: number[] } {
  const size = alpha.length;
  const tridiagonal = Matrix.zeros(size, size);
  for (let i = 0; i < size; i++) {
    tridiagonal.set(i, i, alpha[i]!);
    if (i > 0) {
      tridiagonal.set(i, i - 1, beta[i - 1]!);
      tridiagonal.set(i - 1, i, beta[i - 1]!);
    }
  }
  const { realEigenvalues, eigenvectorMatrix } = new EigenvalueDecomposition(tridiagonal, {
    assumeSymmetric: true,
  });
  const index = realEigenvalues.indexOf(Math.max(...realEigenvalues));
  return { value: realEigenvalues[index]!, vector: eigenvectorMatrix.getColumn(index) };
}
