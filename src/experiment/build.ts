import { explicitDataset, teacherDataset, whitenedDataset } from '../model/data.ts';
import { initialise } from '../model/initialisation.ts';
import { packParameters } from '../model/parameters.ts';
import type { Dataset, MlpProblem, Problem } from '../model/problem.ts';
import { type Experiment, isMlpExperiment, type MlpExperiment } from './experiment.ts';

/** The problem that an experiment describes: architecture and, for networks, data and loss. */
export function buildProblem(experiment: MlpExperiment): MlpProblem;
export function buildProblem(experiment: Experiment): Problem;
export function buildProblem(experiment: Experiment): Problem {
  if (!isMlpExperiment(experiment)) return { architecture: experiment.architecture };
  const { architecture, loss } = experiment;
  return { architecture, dataset: buildDataset(experiment), loss: loss.kind };
}

function buildDataset({ architecture, data, loss }: MlpExperiment): Dataset {
  const { widths } = architecture;
  switch (data.kind) {
    case 'whitened':
      return whitenedDataset(widths[0]!, widths.at(-1)!, data.seed, loss.kind);
    case 'teacher':
      return teacherDataset(architecture, data.samples, data.seed, loss.kind);
    case 'explicit':
      return explicitDataset(data.inputs, data.targets);
  }
}

/** theta (length P) as the initialisation gives it. `replica` r > 0 draws from seed + r. */
export function initialParameters({ architecture, initialisation }: Experiment, replica = 0): Float64Array {
  return initialisation.kind === 'explicit'
    ? packParameters(architecture, initialisation.parameters)
    : initialise(architecture, initialisation, initialisation.seed + replica);
}
