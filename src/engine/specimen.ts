import { initialise } from '../model/initialisation.ts';
import { createLoss } from '../model/network.ts';
import { parameterLayout } from '../model/parameters.ts';
import { isMlpProblem, type Problem } from '../model/problem.ts';
import { gradientWork } from '../model/work.ts';

/** Multiply-adds of a gradient that the reference computes some hundred times without being noticed. */
const LARGEST_WORK = 5e6;

/** Factors of a start, until it is alive: radial activations with a threshold let no short hidden vector through. */
const GAINS = [1, 2, 4, 8, 16];

/**
 * Parameters on which engines are compared, with their gradient in float64: weights and biases of order 1 / sqrt(inputs of
 * the layer), larger if the gradient does not reach the first layer otherwise.
 */
export function specimenPoint(problem: Problem, seed: number) {
  const { architecture } = problem;
  const { layers, size } = parameterLayout(architecture);
  const loss = createLoss(problem);
  const std = layers.map(({ columns }) => 1 / Math.sqrt(columns));
  const generic = initialise(architecture, { kind: 'normal', std }, seed);
  const first = layers[0]!.rows * layers[0]!.columns;
  const at = (gain: number) => {
    const gradient = new Float64Array(size);
    const parameters = generic.map((value) => gain * value);
    loss.gradient(parameters, gradient);
    return { parameters, gradient };
  };
  for (const gain of GAINS) {
    const point = at(gain);
    if (point.gradient.subarray(0, first).some((slope) => slope !== 0)) return point;
  }
  return at(1);
}

/** The problem with no more of its samples than the reference can follow: for engines whose kernels depend on the shape. */
export function withFewSamples(problem: Problem): Problem {
  if (!isMlpProblem(problem)) return problem;
  const { architecture, dataset } = problem;
  const most = Math.max(1, Math.floor(LARGEST_WORK / gradientWork(architecture, 1)));
  if (dataset.samples <= most) return problem;
  const { inputWidth, outputWidth, inputs, targets } = dataset;
  const few = {
    ...dataset,
    samples: most,
    inputs: inputs.subarray(0, most * inputWidth),
    targets: targets.subarray(0, most * outputWidth),
  };
  return { ...problem, dataset: few };
}
