import {
  addBiasGradient,
  addTransposedWeightTimes,
  addWeightGradient,
  addWeightTimes,
  type LayerState,
  startWithBias,
} from './dense-layer.ts';
import type { HiddenActivation } from './hidden-activation.ts';

/** Fills every layer's pre-activations, values and derivatives at theta. */
export function forwardPass(
  layers: readonly LayerState[],
  theta: Float64Array,
  samples: number,
  activation: HiddenActivation,
): void {
  for (let l = 0; l < layers.length; l++) {
    const layer = layers[l]!;
    startWithBias(layer, theta, samples, layer.preActivation);
    addWeightTimes(layer, theta, layer.input, samples, layer.preActivation);
    if (l < layers.length - 1) activation.forward(layer);
  }
}

/** From the adjoint of the outputs, in the last layer, to the gradient in `out`. */
export function backwardPass(
  layers: readonly LayerState[],
  theta: Float64Array,
  samples: number,
  activation: HiddenActivation,
  out: Float64Array,
): void {
  out.fill(0);
  for (let l = layers.length - 1; l >= 0; l--) {
    const layer = layers[l]!;
    addWeightGradient(layer, layer.adjoint, layer.input, samples, out);
    addBiasGradient(layer, layer.adjoint, samples, out);
    if (l === 0) return;
    const below = layers[l - 1]!;
    below.adjoint.fill(0);
    addTransposedWeightTimes(layer, theta, layer.adjoint, samples, below.adjoint);
    activation.pullBack(below);
  }
}
