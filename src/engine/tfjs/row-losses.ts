import { logSoftmax, mul, softmax, squaredDifference, sub, sum, type Tensor } from '@tensorflow/tfjs-core';
import type { Loss } from '../../model/loss.ts';

/** The pointwise part of a loss in TF.js operations: outputs and targets [flows or 1][samples][width], result [flows]. */
export interface TensorRowLoss {
  /** Summed over samples. */
  value(outputs: Tensor, targets: Tensor): Tensor;
  /** Its derivative when the outputs move along `tangent`; TF.js can differentiate it once. */
  directional(outputs: Tensor, targets: Tensor, tangent: Tensor): Tensor;
}

const total = (values: Tensor): Tensor => sum(values, [1, 2]);

/** Every row loss of model/loss.ts. */
export const tensorRowLosses: Readonly<Record<Loss['rowLoss'], TensorRowLoss>> = {
  'squared-error': {
    value: (outputs, targets) => total(squaredDifference(outputs, targets)),
    directional: (outputs, targets, tangent) => total(mul(mul(2, sub(outputs, targets)), tangent)),
  },
  'cross-entropy': {
    value: (outputs, targets) => mul(-1, total(mul(targets, logSoftmax(outputs)))),
    // Target rows need not sum to one.
    directional: (outputs, targets, tangent) =>
      total(mul(sub(mul(sum(targets, 2, true), softmax(outputs)), targets), tangent)),
  },
};
