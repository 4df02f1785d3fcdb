import { activation } from './activation.ts';
import { backwardPass, forwardPass } from './backpropagation.ts';
import { layerStates } from './dense-layer.ts';
import { loss as lossByName } from './loss.ts';
import { outputLosses } from './output-loss.ts';
import { parameterLayout } from './parameters.ts';
import type { Problem } from './problem.ts';
import { type LayerTangent, layerTangents, tangentBackwardPass, tangentForwardPass } from './tangent.ts';

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

/** The loss of a problem and what its network computes on the way, in float64: the reference that every engine is held to. */
export interface Network extends LossFunction {
  readonly problem: Problem;
  /** Outputs, [samples][n_L], a fresh array. */
  outputs(theta: Float64Array): Float64Array;
  /** Pre-activations z_{layer+1} of every sample, [samples][n_{layer+1}], a fresh array. */
  preActivations(theta: Float64Array, layer: number): Float64Array;
}

/** Builds the kernels of a problem. */
export function createNetwork(problem: Problem): Network {
  const { architecture, dataset } = problem;
  const { samples, outputWidth, targets } = dataset;
  const { layers: layout, size } = parameterLayout(architecture);
  const { fill } = activation(architecture.activation);
  const { scale: lossScale, rowLoss } = lossByName(problem.loss);
  const scale = lossScale(samples, outputWidth);
  const outputLoss = outputLosses[rowLoss];
  const layers = layerStates(layout, dataset.inputs, samples);
  const last = layers.length - 1;
  const outputs = layers[last]!.preActivation;
  let tangents: LayerTangent[] | null = null;

  const forward = (theta: Float64Array): void => forwardPass(layers, theta, samples, fill);

  return {
    problem,
    size,
    loss(theta) {
      forward(theta);
      return outputLoss.value(outputs, targets, outputWidth, scale);
    },
    gradient(theta, out) {
      forward(theta);
      const value = outputLoss.gradient(outputs, targets, outputWidth, scale, layers[last]!.adjoint);
      backwardPass(layers, theta, samples, out);
      return value;
    },
    hessianVectorProduct(theta, vector, out) {
      tangents ??= layerTangents(layers);
      forward(theta);
      outputLoss.gradient(outputs, targets, outputWidth, scale, layers[last]!.adjoint);
      tangentForwardPass(layers, tangents, theta, vector, samples);
      const { preActivation, adjoint } = tangents[last]!;
      outputLoss.curvature(outputs, targets, outputWidth, scale, preActivation, adjoint);
      tangentBackwardPass(layers, tangents, theta, vector, samples, out);
    },
    outputs(theta) {
      forward(theta);
      return outputs.slice();
    },
    preActivations(theta, layer) {
      forwardPass(layers.slice(0, layer + 1), theta, samples, fill);
      return layers[layer]!.preActivation.slice();
    },
  };
}
