import type { Problem } from './problem.ts';

/**
 * Loss, gradient and exact Hessian-vector product of a problem, in float64, on preallocated memory: no allocation per
 * call, not re-entrant. theta has length P (parameters.ts).
 */
export interface Network {
  readonly problem: Problem;
  /** Number of parameters P. */
  readonly size: number;
  loss(theta: Float64Array): number;
  /** Writes grad L into `out` (length P) and returns L. */
  gradient(theta: Float64Array, out: Float64Array): number;
  /** Writes H v into `out` (length P) by forward-over-reverse differentiation (Pearlmutter 1994). */
  hessianVectorProduct(theta: Float64Array, vector: Float64Array, out: Float64Array): void;
  /** Outputs, [samples][n_L], a fresh array. */
  outputs(theta: Float64Array): Float64Array;
  /** Pre-activations z_{layer+1} of every sample, [samples][n_{layer+1}], a fresh array. */
  preActivations(theta: Float64Array, layer: number): Float64Array;
}

/** Builds the kernels of a problem. */
export declare function createNetwork(problem: Problem): Network;
