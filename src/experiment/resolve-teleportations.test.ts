import { describe, expect, it } from 'vitest';
import { defaultExperiment, fallback } from './defaults.ts';
import { DocumentError } from './document-error.ts';
import type { MlpExperiment, TeleportationsDocument, TestFunctionExperiment } from './experiment.ts';
import { flowCount, frameCount } from './memory.ts';
import { resolveExperiment, sameExceptSteering } from './resolve.ts';

const fixed: MlpExperiment = {
  ...defaultExperiment,
  architecture: { kind: 'mlp', widths: [3, 4, 2], activation: 'linear', bias: false },
  conservedQuantity: { kind: 'total', layerPair: 0, value: -2, sweep: { from: -4, to: 4, count: 3 } },
  flow: { integrator: 'gradient-descent', stepSize: 0.1, steps: 100 },
  record: { steps: [0, 50, 100], parameters: 'final' },
};
const adaptive: MlpExperiment = {
  ...fixed,
  flow: { integrator: 'dormand-prince', tolerance: 1e-6, time: 10 },
  record: { count: 3, spacing: 'linear', parameters: 'final' },
};
const options = fallback.teleportations;
const teleporting = (of: MlpExperiment, teleportations: TeleportationsDocument): MlpExperiment => ({
  ...of,
  teleportations,
});
const recorded = (experiment: MlpExperiment) => Array.from(resolveExperiment(experiment).plan.record.at);

describe('an experiment with teleportations', () => {
  it('records every point of a jump, and nothing for jumps that depend on the flow', () => {
    const cases: readonly [MlpExperiment, TeleportationsDocument, number[]][] = [
      [fixed, { at: [0, 7, 100], ...options }, [0, 7, 50, 100]],
      [fixed, { every: 30, ...options }, [0, 30, 50, 60, 90, 100]],
      [fixed, { every: 50, ...options }, [0, 50, 100]],
      [fixed, { atTime: [0.71, 5], ...options }, [0, 7, 50, 100]],
      [fixed, { whenGradientNormBelow: 0.1, ...options }, [0, 50, 100]],
      [adaptive, { atTime: [2.5, 5], ...options }, [0, 2.5, 5, 10]],
    ];
    for (const [of, teleportations, at] of cases) {
      const experiment = teleporting(of, teleportations);
      expect(recorded(experiment)).toEqual(at);
      expect(frameCount(experiment)).toBeGreaterThanOrEqual(at.length + 1);
    }
  });

  it('adds the twin of the steered flow, last', () => {
    const experiment = teleporting(fixed, { at: [7], ...options });
    const { flows } = resolveExperiment(experiment);
    expect(flows.map(({ role, label }) => [role, label])).toEqual([
      ['steered', 'Q = -2'],
      ['sweep', 'Q = -4'],
      ['sweep', 'Q = 0'],
      ['sweep', 'Q = 4'],
      ['twin', 'Q = -2, not teleported'],
    ]);
    expect(flows.at(-1)!.parameters).toEqual(flows[0]!.parameters);
    expect(flowCount(experiment)).toBe(5);
  });

  it('has no twin where none is wanted or nothing jumps', () => {
    for (const document of [
      { at: [7], ...options, twin: false },
      { at: [], ...options },
      { every: 100, ...options },
    ]) {
      const { flows } = resolveExperiment(teleporting(fixed, document));
      expect(flows.map(({ role }) => role)).not.toContain('twin');
    }
  });

  it('lets all flows but the twin jump, or the steered one alone', () => {
    const jumping = (flows: 'all' | 'steered') =>
      resolveExperiment(teleporting(fixed, { at: [7], ...options, flows })).flows.map(
        ({ teleports }) => teleports,
      );
    expect(jumping('all')).toEqual([true, true, true, true, false]);
    expect(jumping('steered')).toEqual([true, false, false, false, false]);
  });

  it('lets nothing jump by auto where no group keeps the loss, and says so', () => {
    const inexact = {
      ...fixed,
      architecture: { ...fixed.architecture, activation: 'tanh' as const },
      data: { kind: 'teacher' as const, seed: 1, samples: 20 },
    };
    const by = (group: TeleportationsDocument['group']) => {
      const { conservedQuantity: _, ...plain } = inexact;
      return resolveExperiment(teleporting(plain, { at: [7], ...options, group })).teleportation;
    };
    expect(by('auto')).toMatchObject({ plan: null, exact: false });
    expect(by('auto')!.message).toContain('so nothing jumps');
    expect(by('after-activation')).toMatchObject({ group: 'after-activation', exact: false });
    expect(by('after-activation')!.plan).not.toBeNull();
  });

  it('says what auto means and hands on the options', () => {
    const { teleportation } = resolveExperiment(
      teleporting(fixed, { whenGradientNormBelow: 0.1, ...options, seed: 3 }),
    );
    expect(teleportation).toMatchObject({ group: 'general-linear', exact: true });
    expect(teleportation!.plan).toEqual({
      schedule: { kind: 'when-gradient-norm-below', bound: 0.1, limit: 1 },
      options: { ...options, group: 'general-linear', stepSize: 0.1, seed: 3 },
    });
    const relu = { ...fixed, architecture: { ...fixed.architecture, activation: 'relu' as const } };
    expect(resolveExperiment(teleporting(relu, { at: [], ...options })).teleportation).toMatchObject({
      plan: null,
      group: 'rescaling',
    });
    expect(resolveExperiment(fixed).teleportation).toBeNull();
  });

  it('is refused where its group does not act', () => {
    const relu = { ...fixed, architecture: { ...fixed.architecture, activation: 'relu' as const } };
    const experiment = teleporting(relu, { at: [7], ...options, group: 'general-linear' });
    expect(() => resolveExperiment(experiment)).toThrow(DocumentError);
    expect(() => resolveExperiment(experiment)).toThrow(/^teleportations\.group: Only linear networks/);
  });

  it('is steered like any other', () => {
    const experiment = teleporting(fixed, { at: [7], ...options });
    const steered: MlpExperiment = {
      ...experiment,
      conservedQuantity: { ...fixed.conservedQuantity!, kind: 'total', value: 1 },
    };
    expect(sameExceptSteering(experiment, steered)).toBe(true);
    const before = resolveExperiment(experiment);
    const again = resolveExperiment(steered, 'all', before);
    expect(again.teleportation).toBe(before.teleportation);
    expect(again.flows).toEqual(resolveExperiment(steered).flows);
    expect(again.flows.at(-1)!.q).toBeCloseTo(1, 12);
    expect(sameExceptSteering(experiment, teleporting(fixed, { at: [8], ...options }))).toBe(false);
  });

  it('works for test functions, whose flows have no Q', () => {
    const booth: TestFunctionExperiment = {
      type: 'orbitscape/experiment',
      version: 1,
      title: 'Booth',
      architecture: { kind: 'test-function', name: 'booth' },
      initialisation: { kind: 'explicit', parameters: [{ weight: [[5, -5]] }] },
      flow: { integrator: 'gradient-descent', stepSize: 0.08, steps: 10, weightDecay: 0.5 },
      teleportations: { at: [4], ...options },
      record: { count: 5, spacing: 'linear', parameters: 'all' },
      engine: 'auto',
    };
    const { flows, plan, conserved, teleportation } = resolveExperiment(booth);
    expect(flows.map(({ label, q }) => [label, q])).toEqual([
      ['flow', null],
      ['not teleported', null],
    ]);
    expect([...flows[0]!.parameters]).toEqual([5, -5]);
    expect(conserved).toEqual([]);
    expect(plan.weightDecay).toBe(0.5);
    expect(teleportation!.group).toBe('rotation');
  });
});
