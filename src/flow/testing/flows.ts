import type { MlpArchitecture } from '../../model/architecture.ts';
import { teacherDataset } from '../../model/data.ts';
import { initialise } from '../../model/initialisation.ts';
import type { LossName } from '../../model/loss.ts';
import { createLoss } from '../../model/network.ts';
import type { MlpProblem, Problem } from '../../model/problem.ts';
import { createFrameCollector } from '../frames.ts';
import { norm } from '../norm.ts';
import { createObserver } from '../observe.ts';
import type { FlowPlan } from '../plan.ts';
import { createSolver } from '../solve.ts';

/** A problem with a teacher of the same kind: generic data, more samples than inputs. */
export function teacherProblem(
  architecture: MlpArchitecture,
  seed: number,
  loss: LossName = 'mean-squared-error',
): MlpProblem {
  const samples = architecture.widths[0]! + 4;
  return { architecture, dataset: teacherDataset(architecture, samples, seed, loss), loss };
}

/** A start with weights and biases of order 1 / sqrt(inputs of the layer). */
export function genericStart({ widths, ...rest }: MlpArchitecture, seed: number): Float64Array {
  const std = widths.slice(0, -1).map((fanIn) => 1 / Math.sqrt(fanIn));
  return initialise({ widths, ...rest }, { kind: 'normal', std }, seed);
}

/** Runs one flow to its end in slices of `budget` steps. */
export function solveFlow(
  problem: Problem,
  plan: FlowPlan,
  parameters: Float64Array,
  { step, time, budget = Number.POSITIVE_INFINITY }: { step?: number; time?: number; budget?: number } = {},
) {
  const lossFunction = createLoss(problem);
  const collector = createFrameCollector();
  const solver = createSolver(
    lossFunction,
    createObserver(problem, lossFunction),
    plan,
    { parameters, step, time },
    (...state) => collector.push(0, ...state),
  );
  let taken = 0;
  while (solver.outcome === null) taken += solver.advance(budget);
  const frames = collector.take();
  return {
    frames,
    outcome: solver.outcome,
    taken,
    final: lastParameters(frames.parameters, lossFunction.size),
  };
}

/** The last of several thetas. */
export const lastParameters = (all: Float64Array, size: number): Float64Array => all.slice(all.length - size);

/** |actual - expected| / |expected|. */
export function relativeError(actual: Float64Array, expected: Float64Array): number {
  const difference = expected.map((value, i) => actual[i]! - value);
  return norm(difference) / Math.max(norm(expected), Number.MIN_VALUE);
}
