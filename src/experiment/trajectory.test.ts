import { describe, expect, it } from 'vitest';
import { version } from '../../package.json';
import { unpackParameters } from '../model/parameters.ts';
import { defaultExperiment } from './defaults.ts';
import type { MlpExperiment, ParametersRecorded } from './experiment.ts';
import { checkDocumentSize } from './memory.ts';
import { createTrajectory, type FlowRecord } from './trajectory.ts';
import { parseTrajectory } from './validate.ts';

const experiment: MlpExperiment = {
  ...defaultExperiment,
  architecture: { kind: 'mlp', widths: [1, 1, 1], activation: 'linear', bias: false },
};
const thetas = [
  [1, 2],
  [3, 4],
  [5, 6],
];
const flow: FlowRecord = {
  label: 'Q = 1',
  outcome: { kind: 'diverged', message: 'Lower the step size.' },
  // One entry more than there are frames: buffers grow ahead.
  frames: {
    count: 3,
    step: Float64Array.of(0, 1, 2, 9),
    time: Float64Array.of(0, 0.1, 0.2, 9),
    loss: Float64Array.of(1, 10, Number.NaN, 9),
    gradientNorm: Float64Array.of(1, Number.POSITIVE_INFINITY, 3, 9),
    conserved: Float64Array.of(1, 2, Number.NaN, 9),
  },
  parameters: (frame) => Float64Array.from(thetas[frame]!),
};
const build = (parameters: ParametersRecorded, record = flow) =>
  createTrajectory(experiment, { engine: 'cpu', precision: 'float64' }, [record], 1, parameters);

describe('createTrajectory', () => {
  it('writes frames, with null for what is not finite', () => {
    const trajectory = build('none');
    expect(trajectory.provenance.application).toBe(`orbitscape ${version}`);
    expect(trajectory.flows[0]!.outcome).toEqual({ kind: 'diverged', message: 'Lower the step size.' });
    expect(trajectory.flows[0]!.frames).toEqual({
      step: [0, 1, 2],
      time: [0, 0.1, 0.2],
      loss: [1, 10, null],
      gradientNorm: [1, null, 3],
      conserved: [[1], [2], [null]],
    });
    expect(trajectory.flows[0]!.parameters).toEqual({ initial: [], final: [] });
  });

  it('includes the parameters asked for', () => {
    const layers = thetas.map((theta) => unpackParameters(experiment.architecture, theta));
    expect(build('final').flows[0]!.parameters).toEqual({ initial: layers[0], final: layers[2] });
    expect(build('all').flows[0]!.parameters).toEqual({
      initial: layers[0],
      final: layers[2],
      frames: layers,
    });
  });

  it('includes the coordinates on the valley when there is one', () => {
    const valley = { distance: Float64Array.of(2, 1, 0), offChart: Float64Array.of(0, Number.NaN, 0) };
    expect(build('none', { ...flow, valley }).flows[0]!.frames.valley).toEqual({
      distance: [2, 1, 0],
      offChart: [0, null, 0],
    });
  });

  it.each(['none', 'final', 'all'] as const)('is a valid document with parameters %s', (parameters) => {
    const trajectory = build(parameters);
    expect(parseTrajectory(JSON.parse(JSON.stringify(trajectory)))).toEqual(trajectory);
  });

  it('may have flows without frames', () => {
    const empty = { ...flow, frames: { ...flow.frames, count: 0 } };
    const trajectory = build('all', empty);
    expect(parseTrajectory(trajectory)).toEqual(trajectory);
  });
});

describe('checkDocumentSize', () => {
  it('says what to record instead', () => {
    expect(() => checkDocumentSize(defaultExperiment, 'final')).not.toThrow();
    expect(() => checkDocumentSize(defaultExperiment, 'all')).toThrow(
      'With the parameters "all" the trajectory would take about 99 MiB and at most 64 MiB can be opened again: record "final" or fewer frames instead.',
    );
  });
});
