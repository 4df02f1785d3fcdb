import { activation, pointwise } from '../model/activation.ts';
import {
  type Architecture,
  layerCount,
  layerPairCount,
  type MlpArchitecture,
} from '../model/architecture.ts';
import { createNetwork } from '../model/network.ts';
import { parameterLayout } from '../model/parameters.ts';
import { isMlp, type MlpProblem } from '../model/problem.ts';
import type { ConservationCondition, ConservedQuantity } from './conserved-quantity.ts';
import { gramDeviation, gramScale } from './gram.ts';

/** The inner contribution B_k of every hidden unit (length `units`) as a function of theta, in q_k = 1/2 |W_out[:,k]|^2 - B_k. */
export type InnerContribution = (theta: Float64Array) => Float64Array;

/** Subtracts the gradient of the sum of all B_k from `out` (length P). */
export type SubtractInnerGradient = (theta: Float64Array, out: Float64Array) => void;

/** One formula for a conserved quantity. All share the outer half 1/2 |W_out[:,k]|^2; the entry says what is subtracted. */
export interface ConservedFormula {
  /** Whether the formula is known to hold for some data on this architecture. */
  applies(architecture: MlpArchitecture): boolean;
  /** The layer pairs, from the first, for which it is known to hold. */
  pairs(architecture: MlpArchitecture): number;
  /** Whether only the total is conserved, not every q_k. */
  readonly scalar: boolean;
  /** How Q is set: 'orbit' keeps the function, 'outer-scaling' does not (design.md section 5). */
  readonly method: 'orbit' | 'outer-scaling';
  inner(problem: MlpProblem, layerPair: number): InnerContribution;
  innerGradient(problem: MlpProblem, layerPair: number): SubtractInnerGradient;
  condition(problem: MlpProblem): ConservationCondition;
}

/**
 * Relative deviation of the Gram matrix from c I up to which the samples count as orthonormal: rounding of data given in
 * double precision, far below any drift that a chart could show.
 */
const ORTHONORMAL_TOLERANCE = 1e-9;

/** (|W_in[k,:]|^2 + b_k^2) / (2a) of every hidden unit. */
function homogeneousInner({ architecture }: MlpProblem, layerPair: number): InnerContribution {
  const degree = activation(architecture.activation).homogeneity!;
  const { rows, columns, weight, bias } = parameterLayout(architecture).layers[layerPair]!;
  return (theta) => {
    const out = new Float64Array(rows);
    for (let k = 0; k < rows; k++) {
      let sum = bias >= 0 ? theta[bias + k]! ** 2 : 0;
      for (let i = 0; i < columns; i++) sum += theta[weight + k * columns + i]! ** 2;
      out[k] = sum / (2 * degree);
    }
    return out;
  };
}

/** (W_in, b)/a, the gradient of the sum of `homogeneousInner`. */
function homogeneousInnerGradient({ architecture }: MlpProblem, layerPair: number): SubtractInnerGradient {
  const degree = activation(architecture.activation).homogeneity!;
  const { rows, columns, weight, bias } = parameterLayout(architecture).layers[layerPair]!;
  return (theta, out) => {
    for (let i = weight; i < weight + rows * columns; i++) out[i]! -= theta[i]! / degree;
    if (bias >= 0) for (let i = bias; i < bias + rows; i++) out[i]! -= theta[i]! / degree;
  };
}

const anyData = (): ConservationCondition => ({
  requires: 'any-data',
  holds: true,
  message: 'Conserved for any data and loss.',
});

/** Every formula, by name; the first that applies is used. A new one is one entry. */
export const conservedFormulas: Readonly<Record<ConservedQuantity['formula'], ConservedFormula>> = {
  /**
   * B_k = (|W_in[k,:]|^2 + b_k^2) / (2a) for an activation of degree a (math.md B4): the Noether quantity of the positive
   * rescaling of hidden unit k. Any depth, data and loss.
   */
  homogeneous: {
    applies(architecture) {
      const { kind, homogeneity } = activation(architecture.activation);
      // Inverted rows would see the columns scaled, so there must be none in the outer layer.
      return kind === 'row-inversion'
        ? layerCount(architecture) === 2
        : kind === 'pointwise' && homogeneity !== null;
    },
    pairs: layerPairCount,
    scalar: false,
    method: 'orbit',
    inner: homogeneousInner,
    innerGradient: homogeneousInnerGradient,
    condition: anyData,
  },

  /**
   * The same summed over the units, for a radial activation of degree a (math.md B5): the Noether quantity of scaling the
   * whole hidden vector. The rotations O(h) add none, since their generators are antisymmetric.
   */
  'homogeneous-radial': {
    applies({ activation: name }) {
      const { kind, homogeneity } = activation(name);
      return kind === 'radial' && homogeneity !== null;
    },
    pairs: layerPairCount,
    scalar: true,
    method: 'orbit',
    inner: homogeneousInner,
    innerGradient: homogeneousInnerGradient,
    condition: anyData,
  },

  /**
   * B_k = (1/c) sum_j S(Z_kj) with Z = V X + b 1^T the pre-activations of the first hidden layer (math.md B6).
   *
   * With G = dL/d(U sigma(Z)), whatever layers follow, gradient flow gives U' = -G sigma(Z)^T, V' = -D X^T and b' = -D 1, where D = (U^T G) (.) sigma'(Z).
   * So Z' = V' X + b' 1^T = -D K with K = X^T X + 1 1^T: the Gram matrix of the samples with the constant 1 appended
   * (without biases, K = X^T X). When K = c I, Z' = -c D and
   *   d/dt (1/c) sum_j S(Z_kj) = (1/c) sum_j (sigma/sigma')(Z_kj) Z'_kj = -(U^T G sigma(Z)^T)_kk = <U[:,k], U'[:,k]>,
   * which is d/dt 1/2 |U[:,k]|^2. The bias of U appears nowhere. Later layer pairs have none: their inputs move. For other data c is the mean diagonal of K: Q is then
   * the same expression, and drifts.
   */
  elementwise: {
    applies: (architecture) => activation(architecture.activation).kind === 'pointwise',
    pairs: () => 1,
    scalar: false,
    method: 'outer-scaling',
    inner(problem, layerPair) {
      const { architecture, dataset } = problem;
      const { integral } = pointwise(architecture.activation);
      const units = architecture.widths[layerPair + 1]!;
      const network = createNetwork(problem);
      const scale = gramScale(dataset, architecture.bias);
      // Inputs that are all zero and have no bias leave Z = 0 for ever: there is nothing to subtract.
      const weight = scale > 0 ? 1 / scale : 0;
      return (theta) => {
        const z = network.preActivations(theta, layerPair);
        const out = new Float64Array(units);
        for (let j = 0; j < dataset.samples; j++) {
          for (let k = 0; k < units; k++) out[k]! += weight * integral(z[j * units + k]!);
        }
        return out;
      };
    },
    // With Z = V X + b 1^T: S'(Z) X^T and S'(Z) 1, over c.
    innerGradient(problem, layerPair) {
      const { architecture, dataset } = problem;
      const { ratio } = pointwise(architecture.activation);
      const { rows, columns, weight, bias } = parameterLayout(architecture).layers[layerPair]!;
      const network = createNetwork(problem);
      const scale = gramScale(dataset, architecture.bias);
      const factor = scale > 0 ? 1 / scale : 0;
      return (theta, out) => {
        const z = network.preActivations(theta, layerPair);
        for (let j = 0; j < dataset.samples; j++) {
          for (let k = 0; k < rows; k++) {
            const slope = factor * ratio(z[j * rows + k]!);
            for (let i = 0; i < columns; i++) {
              out[weight + k * columns + i]! -= slope * dataset.inputs[j * columns + i]!;
            }
            if (bias >= 0) out[bias + k]! -= slope;
          }
        }
      };
    },
    condition({ architecture, dataset }) {
      const deviation = gramDeviation(dataset, architecture.bias);
      const holds = deviation <= ORTHONORMAL_TOLERANCE;
      const need = architecture.bias
        ? 'orthonormal samples (up to one common factor, each with the 1 of the bias appended)'
        : 'orthonormal samples (up to one common factor)';
      const message = holds
        ? `Conserved: it needs ${need}, and these data are.`
        : `Not conserved: it needs ${need}, and the Gram matrix of these data is ${percent(deviation)} away from that.`;
      return { requires: 'orthonormal-samples', holds, message };
    },
  },
};

/** Names the formula of a problem; null when none is known. */
export function conservedFormula(architecture: Architecture): ConservedQuantity['formula'] | null {
  if (!isMlp(architecture)) return null;
  const names = Object.keys(conservedFormulas) as ConservedQuantity['formula'][];
  return names.find((name) => conservedFormulas[name].applies(architecture)) ?? null;
}

/** Number of layer pairs, from the first, that have a conserved quantity. */
export function conservedPairs(architecture: Architecture): number {
  const name = conservedFormula(architecture);
  return name === null || !isMlp(architecture) ? 0 : conservedFormulas[name].pairs(architecture);
}

/** 1/2 |W_out[:,k]|^2 of every hidden unit of a layer pair, length `units`. */
export function outerContribution(
  architecture: MlpArchitecture,
  theta: Float64Array,
  layerPair: number,
): Float64Array {
  const { rows, columns, weight } = parameterLayout(architecture).layers[layerPair + 1]!;
  const out = new Float64Array(columns);
  for (let i = 0; i < rows; i++) {
    for (let k = 0; k < columns; k++) out[k]! += theta[weight + i * columns + k]! ** 2 / 2;
  }
  return out;
}

/** Writes the gradient of 1/2 |W_out|^2 of a layer pair into `out` (length P): W_out, and zero elsewhere. */
export function writeOuterGradient(
  architecture: MlpArchitecture,
  theta: Float64Array,
  layerPair: number,
  out: Float64Array,
): void {
  const { rows, columns, weight } = parameterLayout(architecture).layers[layerPair + 1]!;
  out.fill(0);
  for (let i = weight; i < weight + rows * columns; i++) out[i] = theta[i]!;
}

const percent = (fraction: number): string => `${Number((100 * fraction).toPrecision(2))} %`;
