import { type Activation, activation } from './activation.ts';
import { loss as lossByName } from './loss.ts';
import { addProduct } from './matrix-product.ts';
import { outputLosses } from './output-loss.ts';
import { type LayerLayout, parameterLayout } from './parameters.ts';
import type { Problem } from './problem.ts';

/**
 * Loss, gradient and exact Hessian-vector product of a problem, in float64, on preallocated memory: no allocation per
 * call, not re-entrant. theta has length P (parameters.ts). The same input gives the same bits.
 */
export interface Network {
  readonly problem: Problem;
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
  /** Outputs, [samples][n_L], a fresh array. */
  outputs(theta: Float64Array): Float64Array;
  /** Pre-activations z_{layer+1} of every sample, [samples][n_{layer+1}], a fresh array. */
  preActivations(theta: Float64Array, layer: number): Float64Array;
}

/** What one layer holds for all samples, each [samples][rows]; `input` [samples][columns] is the layer below's `value`. */
interface LayerState extends LayerLayout {
  readonly input: Float64Array;
  /** z = W input + b. */
  readonly preActivation: Float64Array;
  /** sigma, sigma' and sigma'' of z; unused on the last layer. */
  readonly value: Float64Array;
  readonly derivative: Float64Array;
  readonly secondDerivative: Float64Array;
  /** dL/dz. */
  readonly adjoint: Float64Array;
}

/** Directional derivatives along v of the entries of a LayerState of the same names; `input` is null where it is zero. */
interface LayerTangent {
  readonly input: Float64Array | null;
  readonly preActivation: Float64Array;
  readonly value: Float64Array;
  readonly adjoint: Float64Array;
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
      forward(theta);
      return layers[layer]!.preActivation.slice();
    },
  };
}

function layerStates(layout: readonly LayerLayout[], inputs: Float64Array, samples: number): LayerState[] {
  const states: LayerState[] = [];
  for (const layer of layout) {
    const array = () => new Float64Array(samples * layer.rows);
    states.push({
      ...layer,
      input: states.at(-1)?.value ?? inputs,
      preActivation: array(),
      value: array(),
      derivative: array(),
      secondDerivative: array(),
      adjoint: array(),
    });
  }
  return states;
}

function layerTangents(layers: readonly LayerState[]): LayerTangent[] {
  const tangents: LayerTangent[] = [];
  for (const { adjoint } of layers) {
    const array = () => new Float64Array(adjoint.length);
    tangents.push({
      input: tangents.at(-1)?.value ?? null,
      preActivation: array(),
      value: array(),
      adjoint: array(),
    });
  }
  return tangents;
}

function forwardPass(
  layers: readonly LayerState[],
  theta: Float64Array,
  samples: number,
  fill: Activation['fill'],
): void {
  for (let l = 0; l < layers.length; l++) {
    const layer = layers[l]!;
    startWithBias(layer, theta, samples, layer.preActivation);
    addWeightTimes(layer, theta, layer.input, samples, layer.preActivation);
    if (l < layers.length - 1) {
      fill(layer.preActivation, layer.value, layer.derivative, layer.secondDerivative);
    }
  }
}

/** From the adjoint of the outputs, in the last layer, to the gradient in `out`. */
function backwardPass(
  layers: readonly LayerState[],
  theta: Float64Array,
  samples: number,
  out: Float64Array,
): void {
  out.fill(0);
  for (let l = layers.length - 1; l >= 0; l--) {
    const layer = layers[l]!;
    addParameterGradient(layer, layer.adjoint, layer.input, samples, out);
    addBiasGradient(layer, layer.adjoint, samples, out);
    if (l === 0) return;
    const below = layers[l - 1]!;
    below.adjoint.fill(0);
    addTransposedWeightTimes(layer, theta, layer.adjoint, samples, below.adjoint);
    multiply(below.adjoint, below.derivative);
  }
}

/** The derivative of `forwardPass` along `vector`. */
function tangentForwardPass(
  layers: readonly LayerState[],
  tangents: readonly LayerTangent[],
  theta: Float64Array,
  vector: Float64Array,
  samples: number,
): void {
  for (let l = 0; l < layers.length; l++) {
    const layer = layers[l]!;
    const tangent = tangents[l]!;
    startWithBias(layer, vector, samples, tangent.preActivation);
    addWeightTimes(layer, vector, layer.input, samples, tangent.preActivation);
    if (tangent.input) addWeightTimes(layer, theta, tangent.input, samples, tangent.preActivation);
    tangent.value.set(tangent.preActivation);
    multiply(tangent.value, layer.derivative);
  }
}

/** The derivative of `backwardPass` along `vector`, into `out`; both run together. */
function tangentBackwardPass(
  layers: readonly LayerState[],
  tangents: readonly LayerTangent[],
  theta: Float64Array,
  vector: Float64Array,
  samples: number,
  out: Float64Array,
): void {
  out.fill(0);
  for (let l = layers.length - 1; l >= 0; l--) {
    const layer = layers[l]!;
    const tangent = tangents[l]!;
    addParameterGradient(layer, tangent.adjoint, layer.input, samples, out);
    if (tangent.input) addParameterGradient(layer, layer.adjoint, tangent.input, samples, out);
    addBiasGradient(layer, tangent.adjoint, samples, out);
    if (l === 0) return;
    const below = layers[l - 1]!;
    const belowTangent = tangents[l - 1]!;
    below.adjoint.fill(0);
    addTransposedWeightTimes(layer, theta, layer.adjoint, samples, below.adjoint);
    belowTangent.adjoint.fill(0);
    addTransposedWeightTimes(layer, theta, tangent.adjoint, samples, belowTangent.adjoint);
    addTransposedWeightTimes(layer, vector, layer.adjoint, samples, belowTangent.adjoint);
    tangentOfProduct(below, belowTangent);
    multiply(below.adjoint, below.derivative);
  }
}

/** d(g sigma'(z)) = dg sigma'(z) + g sigma''(z) dz, with g and dg in the adjoints. */
function tangentOfProduct(layer: LayerState, tangent: LayerTangent): void {
  const { adjoint: g, derivative, secondDerivative } = layer;
  const { adjoint: dg, preActivation: dz } = tangent;
  for (let i = 0; i < g.length; i++) {
    dg[i] = dg[i]! * derivative[i]! + g[i]! * secondDerivative[i]! * dz[i]!;
  }
}

function multiply(out: Float64Array, factor: Float64Array): void {
  for (let i = 0; i < out.length; i++) out[i]! *= factor[i]!;
}

/** out[s] = b, or 0 without biases. */
function startWithBias(layer: LayerLayout, theta: Float64Array, samples: number, out: Float64Array): void {
  const { rows, bias } = layer;
  if (bias < 0) {
    out.fill(0);
    return;
  }
  for (let s = 0; s < samples; s++) {
    for (let i = 0; i < rows; i++) out[s * rows + i] = theta[bias + i]!;
  }
}

/** out[s] += W input[s]. */
function addWeightTimes(
  layer: LayerLayout,
  theta: Float64Array,
  input: Float64Array,
  samples: number,
  out: Float64Array,
): void {
  const { rows, columns, weight } = layer;
  addProduct(out, 0, samples, rows, columns, input, 0, columns, 1, theta, weight, columns, 1);
}

/** out[s] += W^T adjoint[s]. */
function addTransposedWeightTimes(
  layer: LayerLayout,
  theta: Float64Array,
  adjoint: Float64Array,
  samples: number,
  out: Float64Array,
): void {
  const { rows, columns, weight } = layer;
  addProduct(out, 0, samples, columns, rows, adjoint, 0, rows, 1, theta, weight, 1, columns);
}

/** The weight's part of `out` += sum_s adjoint[s] input[s]^T. */
function addParameterGradient(
  layer: LayerLayout,
  adjoint: Float64Array,
  input: Float64Array,
  samples: number,
  out: Float64Array,
): void {
  const { rows, columns, weight } = layer;
  addProduct(out, weight, rows, columns, samples, adjoint, 0, 1, rows, input, 0, 1, columns);
}

/** The bias's part of `out` += sum_s adjoint[s]. */
function addBiasGradient(
  layer: LayerLayout,
  adjoint: Float64Array,
  samples: number,
  out: Float64Array,
): void {
  const { rows, bias } = layer;
  if (bias < 0) return;
  for (let s = 0; s < samples; s++) {
    for (let i = 0; i < rows; i++) out[bias + i]! += adjoint[s * rows + i]!;
  }
}
