import { isMlpProblem, type Problem } from '../model/problem.ts';
import { gradientWork } from '../model/work.ts';

/** Multiply-adds of a gradient that the reference computes some hundred times without being noticed. */
const LARGEST_WORK = 5e6;

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
