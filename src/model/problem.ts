import type { Architecture } from './architecture.ts';
import type { LossName } from './loss.ts';

/** Samples as rows, row-major. `inputs` is [samples][inputWidth], `targets` is [samples][outputWidth]. */
export interface Dataset {
  readonly samples: number;
  readonly inputWidth: number;
  readonly outputWidth: number;
  readonly inputs: Float64Array;
  readonly targets: Float64Array;
}

/** What a flow descends: an architecture, data and a loss. Plain data: it crosses threads as it is. */
export interface Problem {
  readonly architecture: Architecture;
  readonly dataset: Dataset;
  readonly loss: LossName;
}
