import { describe, expect, it } from 'vitest';
import { defaultExperiment } from '../experiment/defaults.ts';
import { withTeleportationAt } from '../experiment/edit-teleportations.ts';
import type { Experiment, MlpExperiment } from '../experiment/experiment.ts';
import { keptDescription } from './kept-description.ts';

const described: MlpExperiment = { ...defaultExperiment, description: 'What is seen here.' };

describe('keptDescription', () => {
  it('stays while only Q is set', () => {
    const after: Experiment = { ...described, conservedQuantity: { kind: 'total', layerPair: 0, value: 1 } };
    expect(keptDescription(described, after)).toBe(after);
  });
  it('stays when a part is equal but not the same object', () => {
    const after: Experiment = { ...described, loss: { ...described.loss } };
    expect(keptDescription(described, after)).toBe(after);
  });
  it('goes when the network is another', () => {
    const architecture = { ...described.architecture, activation: 'tanh' as const };
    const after = keptDescription(described, { ...described, architecture });
    expect(after).toEqual({ ...defaultWithout(), architecture });
    expect('description' in after).toBe(false);
  });
  it('goes when flows come to teleport', () => {
    const after = withTeleportationAt(described, { step: 3, time: 2 });
    expect('description' in keptDescription(described, after)).toBe(false);
  });
  it('leaves an experiment without one as it is', () => {
    const bare = defaultWithout();
    const after: MlpExperiment = { ...bare, data: { kind: 'whitened', seed: 9 } };
    expect(keptDescription(bare, after)).toBe(after);
  });
});

function defaultWithout(): MlpExperiment {
  const { description: _, ...bare } = described;
  return bare;
}
