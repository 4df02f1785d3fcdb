import type { MlpArchitecture } from '../model/architecture.ts';
import { parameterLayout } from '../model/parameters.ts';

/**
 * Multiplies row k of W_in and bias k by `inner[k]`, and column k of W_out by `outer[k]`. With d_k and d_k^-a
 * for an activation of degree a it keeps the function: the group 'rescaling'. Returns a new theta.
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
