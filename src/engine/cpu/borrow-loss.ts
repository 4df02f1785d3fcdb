import { type CreateStepper, createStepper } from '../../flow/stepper.ts';
import { type Activation, activation } from '../../model/activation.ts';
import type { LossFunction } from '../../model/loss-function.ts';
import { createLoss } from '../../model/network.ts';
import { isMlpProblem, type MlpProblem, type Problem } from '../../model/problem.ts';
import { rowInversionLoss } from '../../model/row-inversion.ts';
import { createSimdLoss } from './simd/simd-loss.ts';

/** The loss of a problem in float64 as fast as this machine has it, with steppers of its own. */
export interface BorrowedLoss extends LossFunction {
  readonly createStepper: CreateStepper;
  /** Gives its memory back; neither the loss nor its steppers may be used after. */
  release(): void;
}

/** Lends the loss of a problem: on SIMD kernels if they are wanted and there are any, else in plain TypeScript. */
export function borrowLoss(problem: Problem, simd = true): BorrowedLoss {
  const onKernels = simd && isMlpProblem(problem) ? createKernelLoss(problem) : null;
  return onKernels ?? withPlainStepper(createLoss(problem), () => {});
}

/** The loss of a network on SIMD kernels; null where they lack its activation, or the machine lacks them. */
const createKernelLoss = (problem: MlpProblem): BorrowedLoss | null =>
  kernelLosses[activation(problem.architecture.activation).kind](problem);

/** How each kind of activation uses the kernels. */
const kernelLosses: Readonly<Record<Activation['kind'], (problem: MlpProblem) => BorrowedLoss | null>> = {
  pointwise: (problem) => createSimdLoss(problem),
  radial: () => null,
  'row-inversion'(problem) {
    const { architecture } = problem;
    const linear = createSimdLoss({ ...problem, architecture: { ...architecture, activation: 'linear' } });
    return linear && withPlainStepper(rowInversionLoss(architecture, linear), linear.release);
  },
};

const withPlainStepper = (loss: LossFunction, release: () => void): BorrowedLoss => ({
  ...loss,
  createStepper: (tableau, start) => createStepper(loss, tableau, start),
  release,
});
