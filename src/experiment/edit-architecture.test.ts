import { describe, expect, it } from 'vitest';
import { testFunctionLoss, testFunctionNames } from '../model/test-function.ts';
import { initialParameters } from './build.ts';
import { defaultExperiment } from './defaults.ts';
import { architectureChoice, withArchitectureChoice, withStart } from './edit-architecture.ts';
import { isMlpExperiment } from './experiment.ts';
import { parseExperiment } from './validate.ts';

describe('choosing an architecture', () => {
  it.each(testFunctionNames)('%s is a valid experiment at the published start', (name) => {
    const experiment = withArchitectureChoice(defaultExperiment, name);
    expect(parseExperiment(JSON.parse(JSON.stringify(experiment)))).toEqual(experiment);
    expect(architectureChoice(experiment)).toBe(name);
    const start = { booth: [5, -5, 144], rosenbrock: [-1, -1, 404] }[name];
    const theta = initialParameters(experiment);
    expect([...theta, testFunctionLoss(name).loss(theta)]).toEqual(start);
  });

  it('goes back to the network that the page opens on', () => {
    const experiment = withArchitectureChoice({ ...defaultExperiment, engine: 'cpu' }, 'booth');
    expect(withArchitectureChoice(experiment, 'mlp')).toEqual({ ...defaultExperiment, engine: 'cpu' });
  });

  it('changes nothing when it is chosen already', () => {
    expect(withArchitectureChoice(defaultExperiment, 'mlp')).toBe(defaultExperiment);
  });

  it('moves the start of a test function and nothing else', () => {
    const experiment = withArchitectureChoice(defaultExperiment, 'rosenbrock');
    if (isMlpExperiment(experiment)) throw new Error('Rosenbrock is no network.');
    const moved = withStart(experiment, [2, 3.5]);
    expect([...initialParameters(moved)]).toEqual([2, 3.5]);
    expect({ ...moved, initialisation: experiment.initialisation }).toEqual(experiment);
  });
});
