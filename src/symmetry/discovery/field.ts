import type { MlpArchitecture } from '../../model/architecture.ts';
import { type LayerLayout, parameterLayout } from '../../model/parameters.ts';
import { type HiddenFunction, type HiddenJets, hiddenFunction } from './hidden-jets.ts';
import { addProduct, type Jets, lengthOf, reals, zeros } from './jet.ts';
import { throughInversion } from './row-inversion-jets.ts';

/** A vector field on parameter space over the algebra of jet.ts: from theta to as many entries of the same size. */
export type Field = (theta: Jets) => Jets;

/** Samples with a weight for each of their outputs: inputs [samples][n_0], weights [samples][n_L]. */
export interface OutputCombination {
  readonly samples: number;
  readonly inputs: Float64Array;
  readonly weights: Float64Array;
}

/**
 * The field theta -> grad_theta of sum_{s,o} weights[s, o] f_o(theta; inputs[s]), by one reverse sweep per sample.
 */
export function gradientField(
  architecture: MlpArchitecture,
  { samples, inputs, weights }: OutputCombination,
): Field {
  const { layers } = parameterLayout(architecture);
  const hidden = hiddenFunction(architecture.activation);
  const rowsOf = (values: Float64Array) => {
    const width = values.length / samples;
    return Array.from({ length: samples }, (_, s) => reals(values.subarray(s * width, (s + 1) * width)));
  };
  const x = rowsOf(inputs);
  const weight = rowsOf(weights);
  const field: Field = (theta) => {
    const out = zeros(lengthOf(theta), theta.size);
    for (let s = 0; s < samples; s++) addGradient(layers, hidden, theta, x[s]!, weight[s]!, out);
    return out;
  };
  return architecture.activation === 'row-inversion' ? throughInversion(architecture, field) : field;
}

/** out += grad_theta of <weight, f(theta; x)>, one sample. x and weight are real, which makes their products cheap. */
function addGradient(
  layers: readonly LayerLayout[],
  hidden: HiddenFunction,
  theta: Jets,
  x: Jets,
  weight: Jets,
  out: Jets,
): void {
  const states: HiddenJets[] = [];
  for (const layer of layers.slice(0, -1)) {
    states.push(hidden(preActivation(layer, theta, states.at(-1)?.value ?? x)));
  }
  let adjoint = weight;
  for (let l = layers.length - 1; l >= 0; l--) {
    const layer = layers[l]!;
    const below = states[l - 1];
    addLayerGradient(layer, adjoint, below?.value ?? x, out);
    if (below) adjoint = below.pullBack(transposedWeightTimes(layer, theta, adjoint));
  }
}

/** W input + b. */
function preActivation({ rows, columns, weight, bias }: LayerLayout, theta: Jets, input: Jets): Jets {
  const z = zeros(rows, theta.size);
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) addProduct(z, i, theta, weight + i * columns + j, input, j);
    if (bias >= 0) addProduct(z, i, ONE, 0, theta, bias + i);
  }
  return z;
}

/** W^T adjoint. */
function transposedWeightTimes({ rows, columns, weight }: LayerLayout, theta: Jets, adjoint: Jets): Jets {
  const out = zeros(columns, theta.size);
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) addProduct(out, j, theta, weight + i * columns + j, adjoint, i);
  }
  return out;
}

/** The layer's part of out += adjoint input^T, and adjoint for its bias. */
function addLayerGradient(
  { rows, columns, weight, bias }: LayerLayout,
  adjoint: Jets,
  input: Jets,
  out: Jets,
): void {
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) addProduct(out, weight + i * columns + j, adjoint, i, input, j);
    if (bias >= 0) addProduct(out, bias + i, ONE, 0, adjoint, i);
  }
}

const ONE = reals(Float64Array.of(1));
