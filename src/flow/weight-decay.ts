import type { LossFunction } from '../model/loss-function.ts';
import type { ConservedFormulaName } from '../symmetry/conserved-quantity.ts';

/**
 * A loss as flows with weight decay descend it: L(theta) + lambda/2 |theta|^2, with gradient grad L + lambda theta and Hessian
 * H + lambda I. What is recorded of a flow stays that of L.
 */
export function decayedLoss(loss: LossFunction, lambda: number): LossFunction {
  const add = (theta: Float64Array, out: Float64Array): number => {
    let squares = 0;
    for (let i = 0; i < theta.length; i++) {
      squares += theta[i]! * theta[i]!;
      out[i]! += lambda * theta[i]!;
    }
    return (lambda / 2) * squares;
  };
  return {
    size: loss.size,
    loss: (theta) => loss.loss(theta) + (lambda / 2) * theta.reduce((sum, x) => sum + x * x, 0),
    gradient: (theta, out) => loss.gradient(theta, out) + add(theta, out),
    hessianVectorProduct(theta, vector, out) {
      loss.hessianVectorProduct(theta, vector, out);
      add(vector, out);
    },
  };
}

/** What becomes of Q along a flow: Q(t) = Q(0) e^(-rate t) where `kind` is not 'none'; the rate is 0 without a decay. */
export interface ConservedLaw {
  readonly kind: 'constant' | 'exponential' | 'none';
  readonly rate: number;
}

/** Whether Q is quadratic in theta: then weight decay scales it by an exact law (math.md B1). */
const isQuadratic: Readonly<Record<ConservedFormulaName, boolean>> = {
  homogeneous: true,
  'homogeneous-radial': true,
  elementwise: false,
};

/**
 * The law of a conserved quantity under weight decay `lambda`. A Q that is quadratic in theta has <grad Q, theta> = 2Q, so
 * Q' = <grad Q, -grad L - lambda theta> = -2 lambda Q exactly (math.md B1); others follow no law of their own.
 */
export function conservedLaw(formula: ConservedFormulaName, lambda = 0): ConservedLaw {
  if (lambda === 0) return { kind: 'constant', rate: 0 };
  return isQuadratic[formula] ? { kind: 'exponential', rate: 2 * lambda } : { kind: 'none', rate: 0 };
}
