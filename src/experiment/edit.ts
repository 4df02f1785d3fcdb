import type { ActivationName } from '../model/activation.ts';
import { layerCount, type MlpArchitecture } from '../model/architecture.ts';
import type { LossName } from '../model/loss.ts';
import { unpackParameters } from '../model/parameters.ts';
import { adapt, adaptScale } from './adapt.ts';
import { buildProblem, initialParameters } from './build.ts';
import { fallback } from './defaults.ts';
import {
  type DataDocument,
  type Experiment,
  type InitialisationDocument,
  isMlpExperiment,
  type MlpExperiment,
} from './experiment.ts';

/*
 * Every control of the interface is one of these: a pure function from an experiment and a choice to a valid experiment.
 * A choice that other fields depend on takes them along (adapt.ts).
 */

type Kind<T extends { readonly kind: string }> = T['kind'];

/** New widths [inputs, hidden.., outputs]. Row inversion gives way to linear in a network of more than two layers. */
export const withWidths = (experiment: Experiment, widths: readonly number[]): Experiment =>
  isMlpExperiment(experiment) && experiment.architecture.activation === 'row-inversion' && widths.length > 3
    ? withArchitecture(experiment, { widths, activation: 'linear' })
    : withArchitecture(experiment, { widths });

/** Row inversion keeps the first hidden layer only: it is defined for two layers. */
export function withActivation(experiment: Experiment, activation: ActivationName): Experiment {
  if (!isMlpExperiment(experiment)) return experiment;
  const { widths } = experiment.architecture;
  const two = activation === 'row-inversion' && widths.length > 3;
  return withArchitecture(experiment, {
    activation,
    ...(two && { widths: [widths[0]!, widths[1]!, widths.at(-1)!] }),
  });
}

export const withBias = (experiment: Experiment, bias: boolean): Experiment =>
  withArchitecture(experiment, { bias });

const withArchitecture = (experiment: Experiment, change: Partial<MlpArchitecture>): Experiment =>
  isMlpExperiment(experiment)
    ? adaptScale(experiment, { ...experiment, architecture: { ...experiment.architecture, ...change } })
    : experiment;

/** Chooses where data come from; 'explicit' writes out the present data row by row. */
export function withDataKind(experiment: Experiment, kind: Kind<DataDocument>): Experiment {
  if (!isMlpExperiment(experiment)) return experiment;
  const { data } = experiment;
  if (data.kind === kind) return experiment;
  const seed = data.kind === 'explicit' ? fallback.seed : data.seed;
  switch (kind) {
    case 'whitened':
      return withData(experiment, { kind, seed });
    case 'teacher':
      return withData(experiment, { kind, seed, samples: fallback.samples });
    case 'explicit':
      return withData(experiment, explicitData(experiment));
  }
}

/** Replaces the data. The first and last width follow explicit data. */
export function withData(experiment: Experiment, data: DataDocument): Experiment {
  if (!isMlpExperiment(experiment)) return experiment;
  if (data.kind !== 'explicit') return adapt({ ...experiment, data });
  const hidden = experiment.architecture.widths.slice(1, -1);
  const widths = [data.inputs[0]?.length ?? 1, ...hidden, data.targets[0]?.length ?? 1];
  const same = widths.every((width, index) => width === experiment.architecture.widths[index]);
  const next = { ...experiment, data, architecture: { ...experiment.architecture, widths } };
  return same ? adapt(next) : adaptScale(experiment, next);
}

/** The seed of whitened or teacher data. */
export const withDataSeed = (experiment: Experiment, seed: number): Experiment =>
  isMlpExperiment(experiment) && experiment.data.kind !== 'explicit'
    ? adapt({ ...experiment, data: { ...experiment.data, seed } })
    : experiment;

/** The number of samples of teacher data. */
export const withSamples = (experiment: Experiment, samples: number): Experiment =>
  isMlpExperiment(experiment) && experiment.data.kind === 'teacher'
    ? adapt({ ...experiment, data: { ...experiment.data, samples } })
    : experiment;

/** Chooses a loss. Explicit targets that are no distributions give way to whitened data under cross-entropy. */
export const withLoss = (experiment: Experiment, kind: LossName): Experiment =>
  isMlpExperiment(experiment) ? adapt({ ...experiment, loss: { kind } }) : experiment;

/** Chooses an initialisation; 'explicit' writes out the present parameters. */
export function withInitialisationKind(
  experiment: Experiment,
  kind: Kind<InitialisationDocument>,
): Experiment {
  const { initialisation, architecture } = experiment;
  if (initialisation.kind === kind) return experiment;
  if (kind === 'explicit') {
    return adapt({
      ...experiment,
      initialisation: { kind, parameters: unpackParameters(architecture, initialParameters(experiment)) },
    });
  }
  const replicas = initialisation.kind === 'explicit' ? undefined : initialisation.replicas;
  const random = {
    seed: initialisation.kind === 'explicit' ? fallback.seed : initialisation.seed,
    ...(replicas === undefined ? {} : { replicas }),
  };
  const std = Array.from({ length: Math.max(1, layerCount(architecture)) }, () => fallback.std);
  return withInitialisation(experiment, kind === 'normal' ? { kind, std, ...random } : { kind, ...random });
}

/** Replaces the initialisation; a change of its scale takes the sweep along. */
export const withInitialisation = (
  experiment: Experiment,
  initialisation: InitialisationDocument,
): Experiment => adaptScale(experiment, { ...experiment, initialisation });

/** One standard deviation per layer of a normal initialisation. */
export const withStd = (experiment: Experiment, std: readonly number[]): Experiment =>
  experiment.initialisation.kind === 'normal'
    ? withInitialisation(experiment, { ...experiment.initialisation, std })
    : experiment;

/** The factor on every weight of xavier, he, lecun and orthogonal. */
export const withGain = (experiment: Experiment, gain: number): Experiment => {
  const { initialisation } = experiment;
  if (initialisation.kind === 'explicit' || initialisation.kind === 'normal') return experiment;
  return withInitialisation(experiment, { ...initialisation, gain });
};

/** The seed of a random initialisation. */
export const withSeed = (experiment: Experiment, seed: number): Experiment =>
  experiment.initialisation.kind === 'explicit'
    ? experiment
    : adapt({ ...experiment, initialisation: { ...experiment.initialisation, seed } });

/** The number of further flows, from the seeds after the first. */
export const withReplicas = (experiment: Experiment, replicas: number): Experiment =>
  experiment.initialisation.kind === 'explicit'
    ? experiment
    : adapt({ ...experiment, initialisation: { ...experiment.initialisation, replicas } });

/** The present data, row by row. */
function explicitData(experiment: MlpExperiment): DataDocument {
  const { samples, inputWidth, outputWidth, inputs, targets } = buildProblem(experiment).dataset;
  const rows = (values: Float64Array, width: number) =>
    Array.from({ length: samples }, (_, i) => Array.from(values.subarray(i * width, (i + 1) * width)));
  return { kind: 'explicit', inputs: rows(inputs, inputWidth), targets: rows(targets, outputWidth) };
}
