import type { Architecture, MlpArchitecture, TestFunctionArchitecture } from './architecture.ts';
import type { LossName } from './loss.ts';

/** Samples as rows, row-major. `inputs` is [samples][inputWidth], `targets` is [samples][outputWidth]. */
export interface Dataset {
  readonly samples: number;
  readonly inputWidth: number;
  readonly outputWidth: number;
  readonly inputs: Float64Array;
  readonly targets: Float64Array;
}

/** A network with data and a loss. */
export interface MlpProblem {
  readonly architecture: MlpArchitecture;
  readonly dataset: Dataset;
  readonly loss: LossName;
}

/** A test function: it needs neither data nor loss. */
export interface TestFunctionProblem {
  readonly architecture: TestFunctionArchitecture;
}

/** What a flow descends. Plain data: it crosses threads as it is. */
export type Problem = MlpProblem | TestFunctionProblem;

/** Whether a problem is that of a network, with data. */
export const isMlpProblem = (problem: Problem): problem is MlpProblem => isMlp(problem.architecture);

/** Number of samples; 1 of a test function. */
export const sampleCount = (problem: Problem): number =>
  isMlpProblem(problem) ? problem.dataset.samples : 1;

/** Whether an architecture is a network, with layers. */
export const isMlp = (architecture: Architecture): architecture is MlpArchitecture =>
  architecture.kind === 'mlp';
