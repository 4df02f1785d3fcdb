import type { ActivationName } from './activation.ts';

/**
 * A multilayer perceptron x_0 = x, z_i = W_i x_{i-1} + b_i, x_i = sigma(z_i) for i < L, output z_L (math.md, notation).
 * `widths` is [n_0, n_1, .., n_L]: inputs, hidden widths, outputs. No activation follows the last layer.
 */
export interface MlpArchitecture {
  readonly kind: 'mlp';
  readonly widths: readonly number[];
  readonly activation: ActivationName;
  readonly bias: boolean;
}

/** Every architecture kind. A new kind is a new member here. */
export type Architecture = MlpArchitecture;

/** Number of weight matrices L. */
export const layerCount = (architecture: Architecture): number => architecture.widths.length - 1;

/** Number of consecutive layer pairs (W_i, W_{i+1}) that share a hidden layer: L - 1. */
export const layerPairCount = (architecture: Architecture): number => architecture.widths.length - 2;
