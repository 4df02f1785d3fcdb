import { activation } from '../model/activation.ts';
import type { MlpArchitecture } from '../model/architecture.ts';
import { parameterLayout } from '../model/parameters.ts';

/**
 * The action of positive diagonal matrices on a hidden layer (math.md A): row k of W_in and bias k times d_k, column k of
 * W_out times d_k^-a, where a is the activation's degree. It keeps the network's function for all inputs. With all
 * factors equal it is the one scalar that all of GL(h) shares with its centre.
 * Returns a new theta. Throws RangeError when the activation is not homogeneous or a factor is not positive.
 */
export function rescaleUnits(
  architecture: MlpArchitecture,
  theta: Float64Array,
  layerPair: number,
  factors: ArrayLike<number>,
): Float64Array {
  const degree: number | null = activation(architecture.activation).homogeneity;
  if (degree === null) {
    throw new RangeError(
      `Rescaling hidden units changes the function of ${architecture.activation} networks.`,
    );
  }
  const inner = Float64Array.from(factors);
  if (inner.some((d) => !(d > 0))) throw new RangeError('Rescaling factors must be positive.');
  return scaleUnits(
    architecture,
    theta,
    layerPair,
    inner,
    inner.map((d) => d ** -degree),
  );
}

/**
 * Multiplies row k of W_in and bias k by `inner[k]`, and column k of W_out by `outer[k]`. A group action only when the two
 * belong together (`rescaleUnits`). Returns a new theta.
 */
export function scaleUnits(
  architecture: MlpArchitecture,
  theta: Float64Array,
  layerPair: number,
  inner: ArrayLike<number>,
  outer: ArrayLike<number>,
): Float64Array {
  const { layers } = parameterLayout(architecture);
  const into = layers[layerPair]!;
  const out = layers[layerPair + 1]!;
  const result = theta.slice();
  for (let k = 0; k < into.rows; k++) {
    const row = into.weight + k * into.columns;
    for (let i = 0; i < into.columns; i++) result[row + i]! *= inner[k]!;
    if (into.bias >= 0) result[into.bias + k]! *= inner[k]!;
    for (let i = 0; i < out.rows; i++) result[out.weight + i * out.columns + k]! *= outer[k]!;
  }
  return result;
}
