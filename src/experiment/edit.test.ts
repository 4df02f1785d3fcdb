import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { integratorNames } from '../flow/integrator.ts';
import { activationNames } from '../model/activation.ts';
import { layerCount } from '../model/architecture.ts';
import { lossNames } from '../model/loss.ts';
import { conservedPairs } from '../symmetry/formulas.ts';
import { adapt, adaptationNotice } from './adapt.ts';
import { defaultExperiment } from './defaults.ts';
import * as edit from './edit.ts';
import * as editFlow from './edit-flow.ts';
import type { Experiment } from './experiment.ts';
import { resolveExperiment } from './resolve.ts';
import { experimentArbitrary } from './testing/arbitraries.ts';
import { documentText, parseDocument } from './validate.ts';

type Edit = (experiment: Experiment) => Experiment;

const widths = fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 3, maxLength: 5 });
const positive = fc.double({ min: 1e-3, max: 5, noNaN: true });
const anyEdit: fc.Arbitrary<Edit> = fc.oneof(
  widths.map(
    (value): Edit =>
      (e) =>
        edit.withWidths(e, value),
  ),
  fc.constantFrom(...activationNames).map(
    (name): Edit =>
      (e) =>
        edit.withActivation(e, name),
  ),
  fc.boolean().map(
    (bias): Edit =>
      (e) =>
        edit.withBias(e, bias),
  ),
  fc.constantFrom('whitened' as const, 'teacher' as const, 'explicit' as const).map(
    (kind): Edit =>
      (e) =>
        edit.withDataKind(e, kind),
  ),
  fc.nat().map(
    (seed): Edit =>
      (e) =>
        edit.withDataSeed(e, seed),
  ),
  fc.integer({ min: 1, max: 6 }).map(
    (samples): Edit =>
      (e) =>
        edit.withSamples(e, samples),
  ),
  fc.constant<Edit>((e) => edit.withData(e, { kind: 'explicit', inputs: [[1, 0, 2]], targets: [[3, -1]] })),
  fc.constantFrom(...lossNames).map(
    (name): Edit =>
      (e) =>
        edit.withLoss(e, name),
  ),
  fc
    .constantFrom(
      'normal' as const,
      'xavier' as const,
      'he' as const,
      'lecun' as const,
      'orthogonal' as const,
      'explicit' as const,
    )
    .map(
      (kind): Edit =>
        (e) =>
          edit.withInitialisationKind(e, kind),
    ),
  positive.map(
    (std): Edit =>
      (e) =>
        edit.withStd(
          e,
          Array.from({ length: Math.max(1, layerCount(e.architecture)) }, () => std / 5),
        ),
  ),
  positive.map(
    (gain): Edit =>
      (e) =>
        edit.withGain(e, gain / 2),
  ),
  fc.nat().map(
    (seed): Edit =>
      (e) =>
        edit.withSeed(e, seed),
  ),
  fc.nat(3).map(
    (replicas): Edit =>
      (e) =>
        edit.withReplicas(e, replicas),
  ),
  fc.constant<Edit>(editFlow.withDefaultSweep),
  fc.nat(3).map(
    (pair): Edit =>
      (e) =>
        editFlow.withLayerPair(e, pair % Math.max(1, conservedPairs(e.architecture))),
  ),
  fc.constantFrom(...integratorNames).map(
    (name): Edit =>
      (e) =>
        editFlow.withIntegrator(e, name),
  ),
  positive.map(
    (time): Edit =>
      (e) =>
        editFlow.withTime(e, time),
  ),
  positive.map(
    (size): Edit =>
      (e) =>
        editFlow.withStepSize(e, size),
  ),
  fc.integer({ min: 1, max: 1000 }).map(
    (steps): Edit =>
      (e) =>
        editFlow.withSteps(e, steps),
  ),
  fc.option(positive, { nil: undefined }).map(
    (norm): Edit =>
      (e) =>
        editFlow.withStop(e, norm),
  ),
  fc.integer({ min: 2, max: 20 }).map(
    (count): Edit =>
      (e) =>
        editFlow.withRecordCount(e, count),
  ),
  fc.constantFrom('linear' as const, 'log' as const).map(
    (spacing): Edit =>
      (e) =>
        editFlow.withSpacing(e, spacing),
  ),
);

describe('edits', () => {
  it('keep any experiment valid and its Q within reach', () => {
    fc.assert(
      fc.property(experimentArbitrary, fc.array(anyEdit, { maxLength: 6 }), (start, edits) => {
        let experiment = adapt(start);
        for (const one of edits) experiment = one(experiment);
        const text = documentText(experiment);
        expect(parseDocument(text)).toEqual(JSON.parse(text));
        resolveExperiment(experiment);
      }),
      { seed: 7, numRuns: 400 },
    );
  });

  it('never change their argument', () => {
    const frozen = JSON.stringify(defaultExperiment);
    edit.withWidths(defaultExperiment, [3, 3, 3]);
    editFlow.withTotal(defaultExperiment, 1);
    expect(JSON.stringify(defaultExperiment)).toBe(frozen);
  });

  it('steer Q in the bounds that the set-up gives', () => {
    const steered = editFlow.withTotal(defaultExperiment, -30);
    expect(steered.conservedQuantity).toMatchObject({ kind: 'total', value: -30 });
    expect(editFlow.withTotal(steered, undefined)).toEqual(defaultExperiment);
    expect(edit.withSeed(steered, 2).conservedQuantity!.value).toBe(-30);
    // tanh: the outer layer is scaled, so Q has a least value and -30 is below it.
    const tanh = edit.withActivation(steered, 'tanh');
    expect(tanh.conservedQuantity!.value).toBeUndefined();
    expect(tanh.conservedQuantity!.sweep!.from).toBeGreaterThan(-30);
  });

  it('drop Q where none is known and bring it back', () => {
    const deep = edit.withWidths(defaultExperiment, [4, 6, 6, 2]);
    const radial = edit.withActivation(deep, 'squash');
    expect(radial.conservedQuantity).toBeUndefined();
    expect(adaptationNotice(deep, radial)).toBe(
      'This network has no known conserved quantity, so the sweep of Q was removed.',
    );
    expect(edit.withActivation(radial, 'relu').conservedQuantity).toMatchObject({
      kind: 'total',
      layerPair: 0,
    });
  });

  it('give every layer a standard deviation', () => {
    const normal = edit.withStd(defaultExperiment, [0.1, 0.2]);
    expect(edit.withWidths(normal, [4, 6, 6, 2]).initialisation).toMatchObject({ std: [0.1, 0.2, 0.2] });
  });

  it('replace explicit data that no longer fit, and say so', () => {
    const explicit = edit.withDataKind(edit.withWidths(defaultExperiment, [2, 3, 1]), 'explicit');
    expect(explicit.data).toMatchObject({
      inputs: [
        [1, 0],
        [0, 1],
      ],
    });
    const wider = edit.withWidths(explicit, [3, 3, 1]);
    expect(wider.data?.kind).toBe('whitened');
    expect(adaptationNotice(explicit, wider)).toBe(
      'The explicit data no longer fit and were replaced by whitened data.',
    );
    const labelled = edit.withLoss(explicit, 'cross-entropy');
    expect(labelled.data?.kind).toBe('whitened');
    expect(adaptationNotice(explicit, edit.withDataKind(explicit, 'whitened'))).toBe('');
  });

  it('take the widths from explicit data', () => {
    const given = edit.withData(defaultExperiment, {
      kind: 'explicit',
      inputs: [[1, 2, 3]],
      targets: [[4, 5]],
    });
    expect(given.architecture).toMatchObject({ widths: [3, 50, 2] });
  });

  it('write out parameters that give the same start', () => {
    const explicit = edit.withInitialisationKind(defaultExperiment, 'explicit');
    const [a, b] = [defaultExperiment, explicit].map((e) => resolveExperiment(e).flows[0]!.parameters);
    expect(b).toEqual(a);
  });

  it('keep the total time when the integrator changes', () => {
    const descent = editFlow.withIntegrator(defaultExperiment, 'gradient-descent');
    expect(editFlow.flowTime(descent.flow)).toBeCloseTo(200, 9);
    expect(editFlow.withIntegrator(descent, 'rk4').flow).toMatchObject({ stepSize: 0.02, steps: 10_000 });
    expect(editFlow.withIntegrator(editFlow.withSteps(descent, 500), 'dormand-prince').flow).toMatchObject({
      time: 10,
    });
  });
});
