import type { ActivationName } from './activation.ts';
import type { TestFunctionName } from './test-function.ts';

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

/** A function of two parameters (x, y) that is its own loss: no data, no layers (math.md E1). */
export interface TestFunctionArchitecture {
  readonly kind: 'test-function';
  readonly name: TestFunctionName;
}

/** Every architecture kind. A new kind is a new member here. */
export type Architecture = MlpArchitecture | TestFunctionArchitecture;

/** Number of weight matrices L of a network; 0 of a test function. */
export const layerCount = (architecture: Architecture): number =>
  architecture.kind === 'mlp' ? architecture.widths.length - 1 : 0;

/** Number of consecutive layer pairs (W_i, W_{i+1}) that share a hidden layer: L - 1; 0 of a test function. */
export const layerPairCount = (architecture: Architecture): number =>
  Math.max(0, layerCount(architecture) - 1);
