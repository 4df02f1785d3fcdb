import { expect, it } from 'vitest';
import { explicitDataset, gramMatrix, teacherDataset, whitenedDataset } from './data.ts';
import { drawParameters, initialise } from './initialisation.ts';
import { lossNames } from './loss.ts';
import { createNetwork } from './network.ts';
import { createRandom } from './random.ts';

const architecture = { kind: 'mlp', widths: [3, 5, 4], activation: 'tanh', bias: true } as const;

function rowsOf(values: Float64Array, width: number): number[][] {
  return Array.from({ length: values.length / width }, (_, i) => [
    ...values.subarray(i * width, (i + 1) * width),
  ]);
}

const identity = (size: number): number[] =>
  Array.from({ length: size * size }, (_, i) => (i % (size + 1) === 0 ? 1 : 0));

it('whitened inputs are orthonormal, one sample per input', () => {
  const dataset = whitenedDataset(6, 2, 1, 'mean-squared-error');
  expect(dataset.samples).toBe(6);
  expect([...dataset.inputs]).toEqual(identity(6));
  expect([...gramMatrix(dataset, false)]).toEqual(identity(6));
});

it('a bias column spoils the orthogonality, and teacher inputs are not orthogonal', () => {
  expect([...gramMatrix(whitenedDataset(2, 1, 1, 'squared-error'), true)]).toEqual([2, 1, 1, 2]);
  const gram = gramMatrix(teacherDataset(architecture, 3, 1, 'squared-error'), false);
  expect(Math.abs(gram[1]!)).toBeGreaterThan(0.1);
  expect(gram[1]).toBe(gram[3]);
});

it('whitened targets are N(0, 1), for cross-entropy the class of the largest', () => {
  const { targets } = whitenedDataset(200, 50, 9, 'mean-squared-error');
  const variance = targets.reduce((sum, t) => sum + t * t, 0) / targets.length;
  expect(Math.abs(variance - 1)).toBeLessThan(0.05);
  const classes = rowsOf(whitenedDataset(200, 50, 9, 'cross-entropy').targets, 50);
  rowsOf(targets, 50).forEach((row, i) => {
    expect(classes[i]!.indexOf(1)).toBe(row.indexOf(Math.max(...row)));
    expect(classes[i]!.reduce((sum, t) => sum + t, 0)).toBe(1);
  });
});

it.each(lossNames)('a teacher of the same kind reaches the least %s', (loss) => {
  const dataset = teacherDataset(architecture, 8, 5, loss);
  expect([dataset.samples, dataset.inputs.length, dataset.targets.length]).toEqual([8, 24, 32]);
  for (const row of rowsOf(dataset.targets, 4)) {
    const total = row.reduce((sum, t) => sum + t, 0);
    if (loss === 'cross-entropy') expect(total).toBeCloseTo(1, 14);
  }
  const std = [3, 5].map((fanIn) => 1 / Math.sqrt(fanIn));
  const teacher = drawParameters(architecture, { kind: 'normal', std }, createRandom(5, 'teacher'));
  const network = createNetwork({ architecture, dataset, loss });
  const entropy = -dataset.targets.reduce((sum, t) => sum + t * Math.log(t), 0) / 8;
  const least = loss === 'cross-entropy' ? entropy : 0;
  expect(network.loss(teacher)).toBeCloseTo(least, 14);
  const other = initialise(architecture, { kind: 'normal', std: [1, 1] }, 6);
  expect(network.loss(other)).toBeGreaterThan(least + 1e-3);
});

it('repeats with its seed, and shares no numbers with an initialisation of the same seed', () => {
  const dataset = teacherDataset(architecture, 8, 5, 'squared-error');
  expect(teacherDataset(architecture, 8, 5, 'squared-error')).toEqual(dataset);
  expect(teacherDataset(architecture, 8, 6, 'squared-error').inputs).not.toEqual(dataset.inputs);
  const theta = initialise(architecture, { kind: 'normal', std: [1, 1] }, 5);
  const drawn = new Set([...dataset.inputs, ...whitenedDataset(5, 5, 5, 'squared-error').targets]);
  expect([...theta].some((x) => drawn.has(x))).toBe(false);
});

it('explicit rows become flat arrays', () => {
  expect(
    explicitDataset(
      [
        [1, 2],
        [3, 4],
        [5, 6],
      ],
      [[7], [8], [9]],
    ),
  ).toEqual({
    samples: 3,
    inputWidth: 2,
    outputWidth: 1,
    inputs: Float64Array.of(1, 2, 3, 4, 5, 6),
    targets: Float64Array.of(7, 8, 9),
  });
});
