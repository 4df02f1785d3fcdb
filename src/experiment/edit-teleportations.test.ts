import { describe, expect, it } from 'vitest';
import { adaptationNotice } from './adapt.ts';
import { defaultExperiment, fallback } from './defaults.ts';
import { withActivation } from './edit.ts';
import { withIntegrator, withSteps, withStop, withTime, withWeightDecay } from './edit-flow.ts';
import {
  withoutTeleportations,
  withTeleportationAt,
  withTeleportationSchedule,
  withTeleportations,
} from './edit-teleportations.ts';
import type { Experiment } from './experiment.ts';
import { parseExperiment } from './validate.ts';

const adaptive: Experiment = defaultExperiment;
const fixed: Experiment = withIntegrator(defaultExperiment, 'gradient-descent');

describe('edits of teleportations', () => {
  it('begin with an empty list and the defaults', () => {
    expect(withTeleportations(fixed).teleportations).toEqual({ at: [], ...fallback.teleportations });
    expect(withTeleportations(adaptive).teleportations).toEqual({ atTime: [], ...fallback.teleportations });
    expect(withoutTeleportations(withTeleportations(fixed))).toEqual(fixed);
  });

  it('change how flows teleport; a target comes and goes with its objective', () => {
    const quantity = withTeleportations(fixed, { objective: 'conserved-quantity' });
    expect(quantity.teleportations).toMatchObject({ objective: 'conserved-quantity', target: 0 });
    const aimed = withTeleportations(quantity, { target: -3 });
    expect(aimed.teleportations).toMatchObject({ target: -3 });
    expect(withTeleportations(aimed, { objective: 'sharpness' }).teleportations).not.toHaveProperty('target');
    for (const one of [quantity, aimed]) expect(parseExperiment(one)).toEqual(one);
  });

  it('add a teleportation where the flow is, in order and once', () => {
    const at = { step: 7, time: 0.5 };
    const first = withTeleportationAt(fixed, at);
    expect(first.teleportations).toMatchObject({ at: [7] });
    const second = withTeleportationAt(first, { step: 3, time: 0.2 });
    expect(withTeleportationAt(second, at).teleportations).toMatchObject({ at: [3, 7] });
    expect(withTeleportationAt(adaptive, at).teleportations).toMatchObject({ atTime: [0.5] });
  });

  it('give up another schedule for the list', () => {
    const every = withTeleportationSchedule(fixed, { kind: 'every', steps: 100 });
    expect(withTeleportationAt(every, { step: 7, time: 1 }).teleportations).toMatchObject({ at: [7] });
    const falling = withTeleportationSchedule(adaptive, {
      kind: 'when-gradient-norm-below',
      bound: 0.1,
      limit: 2,
    });
    expect(falling.teleportations).toMatchObject({ whenGradientNormBelow: 0.1, limit: 2 });
    const listed = withTeleportationAt(falling, { step: 7, time: 1 });
    expect(listed.teleportations).toEqual({ atTime: [1], ...fallback.teleportations });
  });

  it('keep the times of the jumps when the integrator adapts', () => {
    const { stepSize } = fixed.flow as { stepSize: number };
    const at = withTeleportationSchedule(fixed, { kind: 'at', steps: [0, 50] });
    expect(withIntegrator(at, 'dormand-prince').teleportations).toMatchObject({ atTime: [0, 50 * stepSize] });
    const every = withTeleportationSchedule(fixed, { kind: 'every', steps: 4000 });
    expect(withIntegrator(every, 'dormand-prince').teleportations).toMatchObject({
      atTime: [4000 * stepSize, 8000 * stepSize],
    });
  });

  it('drop jumps after the end of the flow, and say so', () => {
    const before = withTeleportationSchedule(fixed, { kind: 'at', steps: [10, 5000] });
    const after = withSteps(before, 100);
    expect(after.teleportations).toMatchObject({ at: [10] });
    expect(adaptationNotice(before, after)).toBe('Teleportations after the end of the flow were removed.');
    const late = withTeleportationAt(adaptive, { step: 0, time: 150 });
    expect(withTime(late, 100).teleportations).toMatchObject({ atTime: [] });
  });

  it('drop a bound at which flows stop, and say so', () => {
    const before = withTeleportationSchedule(adaptive, {
      kind: 'when-gradient-norm-below',
      bound: 0.1,
      limit: 1,
    });
    const after = withStop(before, 0.2);
    expect(after.teleportations).toBeUndefined();
    expect(adaptationNotice(before, after)).toBe(
      'The schedule of the teleportations no longer fits the flow, so they were removed.',
    );
  });

  it('choose the group anew where it does not act, and say so', () => {
    const before = withTeleportations(fixed, { group: 'general-linear' });
    const after = withActivation(before, 'relu');
    expect(after.teleportations).toMatchObject({ group: 'auto' });
    expect(adaptationNotice(before, after)).toBe(
      'The group of the teleportations does not act on this network and is chosen automatically.',
    );
  });

  it('set the weight decay, which stays when the integrator changes', () => {
    const decayed = withWeightDecay(fixed, 0.1);
    expect(withIntegrator(decayed, 'dormand-prince').flow.weightDecay).toBe(0.1);
    expect(withWeightDecay(decayed, 0)).toEqual(fixed);
  });
});
