import { parameterCount } from '../model/parameters.ts';
import { DocumentError } from './document-error.ts';
import type { Experiment, ParametersRecorded } from './experiment.ts';
import { limits } from './limits.ts';

/** Number of flows that an experiment runs: the steered one, the sweep, the replicas. */
export function flowCount({ conservedQuantity, initialisation }: Experiment): number {
  const replicas = initialisation.kind === 'explicit' ? 0 : (initialisation.replicas ?? 0);
  return 1 + (conservedQuantity?.sweep?.count ?? 0) + replicas;
}

/** Number of frames that one flow records at most, the last state included. */
export const frameCount = ({ record }: Experiment): number =>
  ('steps' in record ? record.steps.length : record.count) + 1;

/**
 * Bytes that a run needs: the recorded parameters of every flow (flows x frames x P float64 numbers), the data, and the
 * layers of every sample. `kept`: which parameters stay in memory ('all' draws the picture).
 */
export function memoryEstimate(experiment: Experiment, kept: ParametersRecorded = 'all'): number {
  const { architecture, data } = experiment;
  const { widths } = architecture;
  const samples =
    data.kind === 'explicit' ? data.inputs.length : data.kind === 'teacher' ? data.samples : widths[0]!;
  const units = widths.reduce((sum, width) => sum + width, 0);
  const frames = kept === 'all' ? frameCount(experiment) : 2;
  const paths = flowCount(experiment) * frames * parameterCount(architecture);
  // Values, derivatives and two tangents of every unit and sample (model/network.ts).
  const layers = 4 * samples * units;
  return 8 * (paths + layers);
}

/** Throws DocumentError when a run would not fit, before anything is allocated. `limit` in bytes, 1 GiB by default. */
export function checkMemory(
  experiment: Experiment,
  kept: ParametersRecorded = 'all',
  limit: number = limits.pathBytes,
): void {
  const bytes = memoryEstimate(experiment, kept);
  if (bytes <= limit) return;
  throw new DocumentError(
    'architecture.widths',
    `The run would take ${size(bytes)} of memory (${flowCount(experiment)} flows of ${parameterCount(experiment.architecture)} parameters, ${frameCount(experiment)} frames each) and at most ${size(limit)} are allowed: use smaller widths, fewer flows or samples, or record fewer frames.`,
  );
}

/** Characters that one number takes in JSON: 17 digits, sign, point, exponent and comma at most; this is the usual length. */
const NUMBER_LENGTH = 20;

/** Throws DocumentError when a trajectory with these parameters would be too long to be opened again, before it is computed. */
export function checkDocumentSize(experiment: Experiment, parameters: ParametersRecorded): void {
  const frames = { none: 0, final: 2, all: frameCount(experiment) + 2 }[parameters];
  const numbers = flowCount(experiment) * frames * parameterCount(experiment.architecture);
  const bytes = NUMBER_LENGTH * numbers;
  if (bytes <= limits.fileBytes) return;
  throw new DocumentError(
    'record.parameters',
    `With the parameters "${parameters}" the trajectory would take about ${size(bytes)} and at most ${size(limits.fileBytes)} can be opened again: record ${parameters === 'all' ? '"final" or fewer frames' : '"none"'} instead.`,
  );
}

const size = (bytes: number): string =>
  bytes >= 2 ** 30 ? `${Number((bytes / 2 ** 30).toPrecision(3))} GiB` : `${Math.ceil(bytes / 2 ** 20)} MiB`;
