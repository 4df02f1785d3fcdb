import { addProduct } from './matrix-product.ts';
import type { LayerLayout } from './parameters.ts';

/** What one layer holds for all samples, each [samples][rows]; `input` [samples][columns] is the layer below's `value`. */
export interface LayerState extends LayerLayout {
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

/** The layers of a network on preallocated arrays, each reading the one below. */
export function layerStates(
  layout: readonly LayerLayout[],
  inputs: Float64Array,
  samples: number,
): LayerState[] {
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

/** out[s] = b, or 0 without biases. */
export function startWithBias(
  layer: LayerLayout,
  theta: Float64Array,
  samples: number,
  out: Float64Array,
): void {
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
export function addWeightTimes(
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
export function addTransposedWeightTimes(
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
export function addWeightGradient(
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
export function addBiasGradient(
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

/** out *= factor, entry by entry. */
export function multiply(out: Float64Array, factor: Float64Array): void {
  for (let i = 0; i < out.length; i++) out[i]! *= factor[i]!;
}
