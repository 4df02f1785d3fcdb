import {
  addBiasGradient,
  addTransposedWeightTimes,
  addWeightGradient,
  addWeightTimes,
  type LayerState,
  startWithBias,
} from './dense-layer.ts';
import type { HiddenActivation } from './hidden-activation.ts';

/** Directional derivatives along v of the entries of a LayerState of the same names; `input` is null where it is zero. */
export interface LayerTangent {
  readonly input: Float64Array | null;
  readonly preActivation: Float64Array;
  readonly value: Float64Array;
  readonly adjoint: Float64Array;
}

/** The tangents of `layers` on preallocated arrays. */
export function layerTangents(layers: readonly LayerState[]): LayerTangent[] {
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

/** The derivative of `forwardPass` along `vector`. */
export function tangentForwardPass(
  layers: readonly LayerState[],
  tangents: readonly LayerTangent[],
  theta: Float64Array,
  vector: Float64Array,
  samples: number,
  activation: HiddenActivation,
): void {
  for (let l = 0; l < layers.length; l++) {
    const layer = layers[l]!;
    const tangent = tangents[l]!;
    startWithBias(layer, vector, samples, tangent.preActivation);
    addWeightTimes(layer, vector, layer.input, samples, tangent.preActivation);
    if (tangent.input) addWeightTimes(layer, theta, tangent.input, samples, tangent.preActivation);
    if (l < layers.length - 1) activation.pushForward(layer, tangent);
  }
}

/** The derivative of `backwardPass` along `vector`, into `out`; both run together. */
export function tangentBackwardPass(
  layers: readonly LayerState[],
  tangents: readonly LayerTangent[],
  theta: Float64Array,
  vector: Float64Array,
  samples: number,
  activation: HiddenActivation,
  out: Float64Array,
): void {
  out.fill(0);
  for (let l = layers.length - 1; l >= 0; l--) {
    const layer = layers[l]!;
    const tangent = tangents[l]!;
    addWeightGradient(layer, tangent.adjoint, layer.input, samples, out);
    if (tangent.input) addWeightGradient(layer, layer.adjoint, tangent.input, samples, out);
    addBiasGradient(layer, tangent.adjoint, samples, out);
    if (l === 0) return;
    const below = layers[l - 1]!;
    const belowTangent = tangents[l - 1]!;
    below.adjoint.fill(0);
    addTransposedWeightTimes(layer, theta, layer.adjoint, samples, below.adjoint);
    belowTangent.adjoint.fill(0);
    addTransposedWeightTimes(layer, theta, tangent.adjoint, samples, belowTangent.adjoint);
    addTransposedWeightTimes(layer, vector, layer.adjoint, samples, belowTangent.adjoint);
    activation.pullBackTangent(below, belowTangent);
    activation.pullBack(below);
  }
}
