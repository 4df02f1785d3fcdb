import { describe, expect, it } from 'vitest';
import { teacherDataset } from '../model/data.ts';
import type { Problem } from '../model/problem.ts';
import { gradientWork } from '../model/work.ts';
import { withFewSamples } from './specimen.ts';

function problemOf(widths: readonly number[], samples: number): Problem {
  const architecture = { kind: 'mlp', widths, activation: 'tanh', bias: true } as const;
  return {
    architecture,
    dataset: teacherDataset(architecture, samples, 1, 'cross-entropy'),
    loss: 'cross-entropy',
  };
}

describe('what an engine is tested on', () => {
  it('samples are left out only where there are too many for the reference', () => {
    const small = problemOf([4, 8, 2], 100);
    expect(withFewSamples(small)).toBe(small);
    const { architecture, dataset } = withFewSamples(problemOf([4, 8, 2], 60_000));
    expect(gradientWork(architecture, dataset.samples)).toBeLessThanOrEqual(5e6);
    expect(gradientWork(architecture, dataset.samples + 1)).toBeGreaterThan(5e6);
    expect(dataset.inputs).toHaveLength(4 * dataset.samples);
    expect(dataset.targets).toHaveLength(2 * dataset.samples);
  });
});
