import { type TestFunctionName, testFunction } from '../model/test-function.ts';
import { defaultExperiment } from './defaults.ts';
import type { Experiment, FlowDocument, TestFunctionExperiment } from './experiment.ts';

/*
 * The choice between a network and a test function, and the start of the latter: pure functions from an experiment and a
 * choice to a valid experiment, as in edit.ts.
 */

/** What can be chosen: a network, or one of the test functions. */
export type ArchitectureChoice = 'mlp' | TestFunctionName;

/** What an experiment has of these. */
export const architectureChoice = ({ architecture }: Experiment): ArchitectureChoice =>
  architecture.kind === 'mlp' ? 'mlp' : architecture.name;

/** Start and flow of the published experiment with each test function (math.md E1). */
const published: Readonly<
  Record<TestFunctionName, { readonly start: readonly [number, number]; readonly flow: FlowDocument }>
> = {
  booth: { start: [5, -5], flow: { integrator: 'gradient-descent', stepSize: 0.08, steps: 10 } },
  rosenbrock: { start: [-1, -1], flow: { integrator: 'gradient-descent', stepSize: 1e-3, steps: 1000 } },
};

/** Chooses a network or a test function: the experiment that the page opens on, or the published one of the function. */
export function withArchitectureChoice(experiment: Experiment, choice: ArchitectureChoice): Experiment {
  if (architectureChoice(experiment) === choice) return experiment;
  const { record, engine } = experiment;
  if (choice === 'mlp') return { ...defaultExperiment, engine };
  const { start, flow } = published[choice];
  return {
    type: experiment.type,
    version: experiment.version,
    title: `${testFunction(choice).label} function`,
    architecture: { kind: 'test-function', name: choice },
    initialisation: startingAt(start),
    flow,
    record: 'steps' in record ? { ...defaultExperiment.record, parameters: record.parameters } : record,
    engine,
  };
}

/** (x, y) at which the flow of a test function starts. */
export const withStart = (
  experiment: TestFunctionExperiment,
  start: readonly [number, number],
): TestFunctionExperiment => ({ ...experiment, initialisation: startingAt(start) });

const startingAt = (start: readonly [number, number]): TestFunctionExperiment['initialisation'] => ({
  kind: 'explicit',
  parameters: [{ weight: [[...start]] }],
});
