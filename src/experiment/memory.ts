import {
  inBytes,
  MEMORY_LIMIT,
  memoryNeeded,
  memoryObjection,
  type ProblemSize,
  type RunSize,
} from '../flow/memory.ts';
import { parameterCount } from '../model/parameters.ts';
import { DocumentError } from './document-error.ts';
import { type Experiment, isMlpExperiment, type ParametersRecorded } from './experiment.ts';
import { limits } from './limits.ts';
import { hasTwin, jumpsAreRecorded, largestJumpCount } from './teleportations.ts';

/** Number of flows that an experiment runs: the steered one, the sweep, the replicas, the twin. */
export function flowCount(experiment: Experiment): number {
  const { conservedQuantity, initialisation } = experiment;
  const replicas = initialisation.kind === 'explicit' ? 0 : (initialisation.replicas ?? 0);
  return 1 + (conservedQuantity?.sweep?.count ?? 0) + replicas + (hasTwin(experiment) ? 1 : 0);
}

/** Number of frames that one flow records at most, those of jumps and the last state included. */
export function frameCount(experiment: Experiment): number {
  const { record } = experiment;
  const asked = 'steps' in record ? record.steps.length : record.count;
  return asked + (jumpsAreRecorded(experiment) ? largestJumpCount(experiment) : 0) + 1;
}

/** Samples of the data, before they are there. */
export function sampleCount(experiment: Experiment): number {
  if (!isMlpExperiment(experiment)) return 1;
  const { data, architecture } = experiment;
  if (data.kind === 'explicit') return data.inputs.length;
  return data.kind === 'teacher' ? data.samples : architecture.widths[0]!;
}

/** Bytes that a run needs. `kept`: which parameters stay in memory ('all' draws the picture). */
export const memoryEstimate = (experiment: Experiment, kept: ParametersRecorded = 'all'): number =>
  memoryNeeded(problemSize(experiment), runSize(experiment, kept));

/**
 * Throws DocumentError when a run would not fit in the memory that every engine needs, before anything is allocated.
 * `limit` in bytes.
 */
export function checkMemory(
  experiment: Experiment,
  kept: ParametersRecorded = 'all',
  limit: number = MEMORY_LIMIT,
): void {
  const objection = memoryObjection(problemSize(experiment), runSize(experiment, kept), limit);
  if (objection) throw new DocumentError('architecture.widths', objection);
}

const problemSize = (experiment: Experiment): ProblemSize => ({
  architecture: experiment.architecture,
  samples: sampleCount(experiment),
});

const runSize = (experiment: Experiment, kept: ParametersRecorded): RunSize => ({
  integrator: experiment.flow.integrator,
  flows: flowCount(experiment),
  // A jump keeps the parameters before and after it.
  frames: kept === 'all' ? frameCount(experiment) + 2 * largestJumpCount(experiment) : 2,
});

/** Characters that one number takes in JSON: 17 digits, sign, point, exponent and comma at most; this is the usual length. */
const NUMBER_LENGTH = 20;

/** Throws DocumentError when a trajectory with these parameters would be too long to be opened again, before it is computed. */
export function checkDocumentSize(experiment: Experiment, parameters: ParametersRecorded): void {
  const frames = { none: 0, final: 2, all: frameCount(experiment) + 2 * largestJumpCount(experiment) + 2 }[
    parameters
  ];
  const numbers = flowCount(experiment) * frames * parameterCount(experiment.architecture);
  const bytes = NUMBER_LENGTH * numbers;
  if (bytes <= limits.fileBytes) return;
  throw new DocumentError(
    'record.parameters',
    `With the parameters "${parameters}" the trajectory would take about ${inBytes(bytes)} and at most ${inBytes(limits.fileBytes)} can be opened again: record ${parameters === 'all' ? '"final" or fewer frames' : '"none"'} instead.`,
  );
}
