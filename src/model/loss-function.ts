/**
 * L(theta) with its derivatives, on preallocated memory: no allocation per call (the first Hessian-vector product allocates its
 * own), not re-entrant. theta has length P (parameters.ts). The same input gives the same bits; a parameter that is NaN
 * makes the loss NaN.
 */
export interface LossFunction {
  /** Number of parameters P. */
  readonly size: number;
  loss(theta: Float64Array): number;
  /** Writes grad L into `out` (length P, not theta itself) and returns L. */
  gradient(theta: Float64Array, out: Float64Array): number;
  /**
   * Writes H v into `out` (length P, neither theta nor v) by forward-over-reverse differentiation (Pearlmutter 1994). At a
   * kink the second derivative counts as zero.
   */
  hessianVectorProduct(theta: Float64Array, vector: Float64Array, out: Float64Array): void;
}
