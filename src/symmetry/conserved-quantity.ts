/**
 * 'homogeneous': math.md B4, any data. 'homogeneous-radial': math.md B5, any data, only the total. 'elementwise': math.md B6,
 * orthonormal samples.
 */
export type ConservedFormulaName = 'homogeneous' | 'homogeneous-radial' | 'elementwise';

/**
 * A conserved quantity of gradient flow on one layer pair (W_in = W_{l+1}, W_out = W_{l+2} for layerPair l), in the one
 * normalisation of math.md: q_k = 1/2 |W_out[:,k]|^2 - (what the inner layer contributes), Q = sum_k q_k.
 */
export interface ConservedQuantity {
  readonly layerPair: number;
  /** Number of q_k: the width of the hidden layer between the two, or 1 where only the total is conserved. */
  readonly units: number;
  readonly formula: ConservedFormulaName;
  /** q_k of every hidden unit, length `units`. */
  perUnit(theta: Float64Array): Float64Array;
  /** Q, the sum of q_k. */
  total(theta: Float64Array): number;
  /** Writes grad Q into `out` (length P, not theta itself). */
  gradient(theta: Float64Array, out: Float64Array): void;
  /** Under which data Q is conserved, and whether the present data are of that kind. */
  readonly condition: ConservationCondition;
}

/** The data condition of a conserved quantity, and how the present data stand to it. */
export interface ConservationCondition {
  readonly requires: 'any-data' | 'orthonormal-samples';
  readonly holds: boolean;
  /** One sentence for the page: what is needed and, when it fails, by how much. */
  readonly message: string;
}
