import { type CreateStepper, createStepper } from '../../flow/stepper.ts';
import { createNetwork, type LossFunction } from '../../model/network.ts';
import type { Problem } from '../../model/problem.ts';
import { createSimdLoss } from './simd/simd-loss.ts';

/** The loss of a problem in float64 as fast as this machine has it, with steppers of its own. */
export interface BorrowedLoss extends LossFunction {
  readonly createStepper: CreateStepper;
  /** Gives its memory back; neither the loss nor its steppers may be used after. */
  release(): void;
}

/** Lends the loss of a problem: on SIMD kernels if they are wanted and there are any, else in plain TypeScript. */
export function borrowLoss(problem: Problem, simd = true): BorrowedLoss {
  return (simd ? createSimdLoss(problem) : null) ?? plainLoss(problem);
}

function plainLoss(problem: Problem): BorrowedLoss {
  const network = createNetwork(problem);
  return {
    ...network,
    createStepper: (tableau, start) => createStepper(network, tableau, start),
    release() {},
  };
}
