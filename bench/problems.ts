import type { FlowBatch } from '../src/flow/chunk.ts';
import type { FlowPlan } from '../src/flow/plan.ts';
import { explicitSchedule } from '../src/flow/record.ts';
import type { ActivationName } from '../src/model/activation.ts';
import { teacherDataset, whitenedDataset } from '../src/model/data.ts';
import { type InitialisationScheme, initialise } from '../src/model/initialisation.ts';
import type { MlpProblem } from '../src/model/problem.ts';

/** A problem with the law of its starts and a step size at which gradient descent converges. */
export interface Setting {
  readonly problem: MlpProblem;
  readonly scheme: InitialisationScheme;
  readonly stepSize: number;
}

/** inputs-hidden-5 on whitened data: the published experiments are 10-50-5. The same step as in torch_step.py. */
export function whitened(activation: ActivationName, hidden = 50): Setting {
  const architecture = { kind: 'mlp', widths: [10, hidden, 5], activation, bias: false } as const;
  const loss = 'mean-squared-error';
  return {
    problem: { architecture, dataset: whitenedDataset(10, 5, 12345, loss), loss },
    scheme: { kind: 'normal', std: [0.1, 0.1] },
    stepSize: 0.1,
  };
}

/** Any ReLU network without biases on data of a random network of the same kind. */
export function teacher(widths: readonly number[], samples: number): Setting {
  const architecture = { kind: 'mlp', widths, activation: 'relu', bias: false } as const;
  const loss = 'mean-squared-error';
  return {
    problem: { architecture, dataset: teacherDataset(architecture, samples, 1, loss), loss },
    scheme: { kind: 'he' },
    stepSize: 0.01,
  };
}

/** Starts from seeds 0, 1, .. */
export function startsOf({ problem, scheme }: Setting, count: number): FlowBatch {
  const starts = Array.from({ length: count }, (_, seed) => initialise(problem.architecture, scheme, seed));
  const parameters = new Float64Array(count * starts[0]!.length);
  starts.forEach((theta, i) => {
    parameters.set(theta, i * theta.length);
  });
  return { count, parameters };
}

/** Gradient descent that records where it ends. */
export const descent = ({ stepSize }: Setting, steps: number): FlowPlan => ({
  kind: 'fixed-step',
  integrator: 'gradient-descent',
  stepSize,
  steps,
  record: explicitSchedule([steps]),
  stop: {},
});
