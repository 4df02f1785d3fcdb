import { backwardPass, forwardPass } from './backpropagation.ts';
import { layerStates } from './dense-layer.ts';
import { hiddenActivation } from './hidden-activation.ts';
import { loss as lossByName } from './loss.ts';
import type { LossFunction } from './loss-function.ts';
import { outputLosses } from './output-loss.ts';
import { parameterLayout } from './parameters.ts';
import { isMlpProblem, type MlpProblem, type Problem } from './problem.ts';
import { invertRows, rowInversionLoss } from './row-inversion.ts';
import { type LayerTangent, layerTangents, tangentBackwardPass, tangentForwardPass } from './tangent.ts';
import { testFunctionLoss } from './test-function.ts';

/** The loss of a problem and what its network computes on the way, in float64: the reference that every engine is held to. */
export interface Network extends LossFunction {
  readonly problem: MlpProblem;
  /** Outputs, [samples][n_L], a fresh array. */
  outputs(theta: Float64Array): Float64Array;
  /** Pre-activations z_{layer+1} of every sample, [samples][n_{layer+1}], a fresh array. */
  preActivations(theta: Float64Array, layer: number): Float64Array;
}

/** The loss of any problem, in plain float64. */
export const createLoss = (problem: Problem): LossFunction =>
  isMlpProblem(problem) ? createNetwork(problem) : testFunctionLoss(problem.architecture.name);

/** Builds the kernels of a network. */
export function createNetwork(problem: MlpProblem): Network {
  const network = createPlainNetwork(problem);
  const { architecture } = problem;
  if (architecture.activation !== 'row-inversion') return network;
  return {
    ...network,
    ...rowInversionLoss(architecture, network),
    outputs: (theta) => network.outputs(invertRows(architecture, theta)),
    preActivations: (theta, layer) => network.preActivations(invertRows(architecture, theta), layer),
  };
}

/** The kernels, with the rows of a row inversion network taken as they are. */
function createPlainNetwork(problem: MlpProblem): Network {
  const { architecture, dataset } = problem;
  const { samples, outputWidth, targets } = dataset;
  const { layers: layout, size } = parameterLayout(architecture);
  const activation = hiddenActivation(architecture.activation);
  const { scale: lossScale, rowLoss } = lossByName(problem.loss);
  const scale = lossScale(samples, outputWidth);
  const outputLoss = outputLosses[rowLoss];
  const layers = layerStates(layout, dataset.inputs, samples);
  const last = layers.length - 1;
  const outputs = layers[last]!.preActivation;
  let tangents: LayerTangent[] | null = null;

  const forward = (theta: Float64Array): void => forwardPass(layers, theta, samples, activation);

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
      backwardPass(layers, theta, samples, activation, out);
      return value;
    },
    hessianVectorProduct(theta, vector, out) {
      tangents ??= layerTangents(layers);
      forward(theta);
      outputLoss.gradient(outputs, targets, outputWidth, scale, layers[last]!.adjoint);
      tangentForwardPass(layers, tangents, theta, vector, samples, activation);
      const { preActivation, adjoint } = tangents[last]!;
      outputLoss.curvature(outputs, targets, outputWidth, scale, preActivation, adjoint);
      tangentBackwardPass(layers, tangents, theta, vector, samples, activation, out);
    },
    outputs(theta) {
      forward(theta);
      return outputs.slice();
    },
    preActivations(theta, layer) {
      forwardPass(layers.slice(0, layer + 1), theta, samples, activation);
      return layers[layer]!.preActivation.slice();
    },
  };
}
