import { describe, expect, it } from 'vitest';
import { defaultExperiment } from '../../experiment/defaults.ts';
import { fakeSummary } from '../../workers/testing/fake-port.ts';
import { teleportObstacle } from './teleport.ts';

const group = (name: 'rescaling' | 'rotation', refusal = '') => ({
  name,
  label: name,
  symbol: name,
  refusal,
});
const run = (...groups: ReturnType<typeof group>[]) => ({
  summary: { ...fakeSummary(defaultExperiment, 1), groups },
});

describe('what keeps a flow from teleporting', () => {
  it('is nothing where a group applies', () => {
    expect(teleportObstacle(run(group('rescaling'), group('rotation', 'No.')), 'auto')).toBe('');
    expect(teleportObstacle(run(group('rescaling')), 'rescaling')).toBe('');
  });

  it('is the reason of the group that is asked for', () => {
    expect(teleportObstacle(run(group('rescaling'), group('rotation', 'No.')), 'rotation')).toBe('No.');
  });

  it('is said where no group applies, and before the first run', () => {
    expect(teleportObstacle(run(group('rotation', 'No.')), 'auto')).toMatch(/choose another activation\.$/);
    expect(teleportObstacle({ summary: null }, 'auto')).toMatch(/no flow/);
  });
});
