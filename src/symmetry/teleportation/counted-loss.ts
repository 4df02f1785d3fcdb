import type { LossFunction } from '../../model/loss-function.ts';

/** A loss that keeps account of what it was asked for. */
export interface CountedLoss extends LossFunction {
  /** Cost so far in gradients, rounded up: a Hessian-vector product counts as two, a loss as a third (its forward pass). */
  gradients(): number;
}

/** The same loss, counted from zero. */
export function countedLoss(loss: LossFunction): CountedLoss {
  let thirds = 0;
  return {
    size: loss.size,
    loss(theta) {
      thirds += 1;
      return loss.loss(theta);
    },
    gradient(theta, out) {
      thirds += 3;
      return loss.gradient(theta, out);
    },
    hessianVectorProduct(theta, vector, out) {
      thirds += 6;
      loss.hessianVectorProduct(theta, vector, out);
    },
    gradients: () => Math.ceil(thirds / 3),
  };
}
