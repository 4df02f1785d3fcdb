import { describe, expect, it } from 'vitest';
import { norm } from '../flow/norm.ts';
import { teacherDataset, whitenedDataset } from '../model/data.ts';
import { createNetwork } from '../model/network.ts';
import type { MlpProblem } from '../model/problem.ts';
import { gradientWork } from '../model/work.ts';
import { layered } from './layered.ts';
import { specimenPoint, withFewSamples } from './specimen.ts';

function problemOf(widths: readonly number[], samples: number): MlpProblem {
  const architecture = { kind: 'mlp', widths, activation: 'tanh', bias: true } as const;
  return {
    architecture,
    dataset: teacherDataset(architecture, samples, 1, 'cross-entropy'),
    loss: 'cross-entropy',
  };
}

describe('what an engine is tested on', () => {
  it.each(['step-relu', 'shifted-relu'] as const)(
    'is alive, also where hidden vectors are short: %s',
    (activation) => {
      const { architecture, ...data } = problemOf([40, 2, 3], 4);
      const identity = { ...data, dataset: whitenedDataset(40, 3, 1, 'cross-entropy') };
      const problem = { ...identity, architecture: { ...architecture, activation, bias: false } };
      const first = ({ gradient }: ReturnType<typeof specimenPoint>) => norm(gradient.subarray(0, 80));
      const point = specimenPoint(problem, 1);
      expect(first(point)).toBeGreaterThan(1e-3);
      const network = createNetwork(problem);
      const gradient = new Float64Array(network.size);
      network.gradient(
        point.parameters.map((value) => value / 8),
        gradient,
      );
      expect(first({ ...point, gradient })).toBe(0);
      // Others start as they always do.
      const tanh = specimenPoint(problemOf([40, 2, 3], 4), 1).parameters;
      expect(norm(tanh) / Math.sqrt(tanh.length)).toBeLessThan(0.5);
    },
  );

  it('samples are left out only where there are too many for the reference', () => {
    const small = problemOf([4, 8, 2], 100);
    expect(withFewSamples(small)).toBe(small);
    const { architecture, dataset } = layered(withFewSamples(problemOf([4, 8, 2], 60_000)));
    expect(gradientWork(architecture, dataset.samples)).toBeLessThanOrEqual(5e6);
    expect(gradientWork(architecture, dataset.samples + 1)).toBeGreaterThan(5e6);
    expect(dataset.inputs).toHaveLength(4 * dataset.samples);
    expect(dataset.targets).toHaveLength(2 * dataset.samples);
  });
});
