import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { MlpArchitecture } from './architecture.ts';
import {
  type InitialisationScheme,
  initialisationNames,
  initialisationStd,
  initialise,
  orthogonalMatrix,
} from './initialisation.ts';
import { parameterLayout } from './parameters.ts';
import { createRandom } from './random.ts';
import { checks } from './testing/problems.ts';

const architecture: MlpArchitecture = { kind: 'mlp', widths: [60, 90, 40], activation: 'tanh', bias: true };

const schemes: InitialisationScheme[] = initialisationNames.map((kind) =>
  kind === 'normal' ? { kind, std: [0.1, 2] } : { kind, gain: 1.5 },
);

const rootMeanSquare = (values: Float64Array): number =>
  Math.sqrt(values.reduce((sum, x) => sum + x * x, 0) / values.length);

describe.each(schemes)('$kind', (scheme) => {
  const theta = initialise(architecture, scheme, 3);
  const { layers } = parameterLayout(architecture);

  it('has the stated standard deviation in every layer', () => {
    initialisationStd(architecture, scheme).forEach((std, index) => {
      const { rows, columns, weight, bias } = layers[index]!;
      const weights = theta.subarray(weight, weight + rows * columns);
      expect(Math.abs(rootMeanSquare(weights) / std.weight - 1)).toBeLessThan(0.05);
      const biases = rootMeanSquare(theta.subarray(bias, bias + rows));
      if (std.bias === 0) expect(biases).toBe(0);
      else expect(Math.abs(biases / std.bias - 1)).toBeLessThan(0.3);
    });
  });

  it('repeats with its seed only', () => {
    expect(initialise(architecture, scheme, 3)).toEqual(theta);
    expect(initialise(architecture, scheme, 4)).not.toEqual(theta);
  });
});

it('uses the published standard deviations', () => {
  const weightStd = (kind: 'xavier' | 'he' | 'lecun') => initialisationStd(architecture, { kind })[0]!.weight;
  expect(weightStd('xavier') ** 2).toBeCloseTo(2 / 150, 15);
  expect(weightStd('he') ** 2).toBeCloseTo(2 / 60, 15);
  expect(weightStd('lecun') ** 2).toBeCloseTo(1 / 60, 15);
});

/** Largest entry of |Q^T Q - I|, or of |Q Q^T - I| for a wide Q. */
function orthogonalityDefect(rows: number, columns: number, seed: number): number {
  const q = orthogonalMatrix(rows, columns, createRandom(seed, 'test'));
  const tall = rows >= columns;
  const entry = (vector: number, i: number) => (tall ? q[i * columns + vector]! : q[vector * columns + i]!);
  const [count, length] = tall ? [columns, rows] : [rows, columns];
  let largest = 0;
  for (let a = 0; a < count; a++) {
    for (let b = 0; b <= a; b++) {
      let product = a === b ? -1 : 0;
      for (let i = 0; i < length; i++) product += entry(a, i) * entry(b, i);
      largest = Math.max(largest, Math.abs(product));
    }
  }
  return largest;
}

it('orthogonal matrices have orthonormal columns, or rows when there are fewer', () => {
  const size = fc.integer({ min: 1, max: 40 });
  fc.assert(
    fc.property(size, size, fc.nat(1000), (rows, columns, seed) => {
      expect(orthogonalityDefect(rows, columns, seed)).toBeLessThan(3e-15);
    }),
    checks,
  );
  expect(orthogonalityDefect(200, 200, 1)).toBeLessThan(5e-15);
});

it('orthogonal matrices are uniform: no entry prefers a sign', () => {
  const random = createRandom(1, 'test');
  const sums = new Float64Array(9);
  const draws = 2000;
  for (let d = 0; d < draws; d++) {
    orthogonalMatrix(3, 3, random).forEach((x, i) => {
      sums[i]! += x;
    });
  }
  for (const sum of sums) expect(Math.abs(sum / draws)).toBeLessThan(4 * Math.sqrt(1 / 3 / draws));
});
