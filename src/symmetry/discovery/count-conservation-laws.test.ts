import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { ActivationName } from '../../model/activation.ts';
import type { MlpProblem } from '../../model/problem.ts';
import { datasetOf, normals, orthonormalSamples, randomProblem } from '../testing/problems.ts';
import { type CountProgress, countConservationLaws } from './count-conservation-laws.ts';
import { onIdentity } from './testing/problems.ts';

/** The formula of math.md B2 for one hidden layer of h linear units with n inputs (and a bias) and m outputs. */
const linearLaws = (n: number, h: number, m: number, bias: boolean): number => {
  const N = n + m + (bias ? 1 : 0);
  return h <= N ? (h * (h + 1)) / 2 : h * N - (N * (N - 1)) / 2;
};

/** The same network on samples (rows) of one's own. */
const onSamples = (problem: MlpProblem, inputs: Float64Array, samples: number): MlpProblem => ({
  ...problem,
  dataset: datasetOf(inputs, samples, problem.dataset.outputWidth, 1),
});

describe('laws for any data', () => {
  // Widths n-h-m; math.md K lists (m, n, h).
  test.each([
    ['2-2-2', [4, 5], 3],
    ['2-3-2', [4, 6], 6],
    ['2-3-1', [2, 3], 6],
    ['3-2-2', [6, 7], 3],
  ] as const)('linear %s: ranks %j, %d laws', async (widths, ranks, laws) => {
    const count = await countConservationLaws(onIdentity(widths, 'linear'), { data: 'any' });
    expect(count).toMatchObject({ ranks, laws, doubt: null });
    expect(count.parameters - count.dimension).toBe(laws);
    expect(count.gap).toBeGreaterThan(1e10);
  });

  test('linear nets of any size follow the formula, biases included', async () => {
    const width = fc.integer({ min: 1, max: 4 });
    await fc.assert(
      fc.asyncProperty(width, fc.integer({ min: 1, max: 7 }), width, fc.boolean(), async (n, h, m, bias) => {
        const count = await countConservationLaws(onIdentity(`${n}-${h}-${m}`, 'linear', bias), {
          data: 'any',
        });
        expect(count).toMatchObject({ laws: linearLaws(n, h, m, bias), doubt: null });
      }),
      { numRuns: 12, seed: 4 },
    );
  });

  test.each<[string, ActivationName, boolean, number]>([
    // Homogeneous: one law per hidden unit, any depth; the fields are closed at once (math.md B4).
    ['2-2-2', 'relu', false, 2],
    ['2-3-1', 'relu', false, 3],
    ['3-5-2', 'leaky-relu', true, 5],
    ['2-3-3-2', 'relu', true, 6],
    ['3-3-2-2', 'leaky-relu', false, 5],
    ['2-3-2', 'row-inversion', true, 3],
    // Linear, three layers: both layer pairs.
    ['2-3-3-2', 'linear', true, 12],
    // No law at all.
    ['2-2-2', 'tanh', false, 0],
    ['2-3-2', 'tanh', true, 0],
    ['2-3-1', 'sigmoid', false, 0],
    ['3-3-2', 'elu', false, 0],
    ['2-2-2-2', 'arctan', true, 0],
    // Radial: the rotations give none, a degree of homogeneity gives one (math.md B5).
    ['2-4-2', 'squash', false, 0],
    ['3-3-2', 'shifted-relu', true, 0],
    ['2-3-2', 'shifted-sigmoid', false, 0],
    ['2-4-2', 'radial-square', false, 1],
    ['2-3-3-2', 'radial-square', false, 2],
    // With more units than the N rows of V and columns of U together, the space that these span in R^h stays: N (h - N).
    ['1-5-1', 'squash', false, 6],
    ['1-5-1', 'shifted-sigmoid', true, 6],
    // Step-ReLU is linear wherever it is not zero.
    ['2-3-2', 'step-relu', false, linearLaws(2, 3, 2, false)],
  ])('%s %s, bias %s: %d laws', async (widths, activation, bias, laws) => {
    const count = await countConservationLaws(onIdentity(widths, activation, bias), { data: 'any' });
    expect(count).toMatchObject({ laws, doubt: null });
    expect(count.gap).toBeGreaterThan(1e8);
  });

  test('ReLU fields are closed at once, tanh fields are everything at once', async () => {
    const relu = await countConservationLaws(onIdentity('3-4-2', 'relu'), { data: 'any' });
    expect(relu.ranks).toEqual([16]);
    const tanh = await countConservationLaws(onIdentity('3-4-2', 'tanh'), { data: 'any' });
    expect(tanh.ranks).toEqual([20]);
  });
});

describe('laws for the present data', () => {
  test.each<[string, ActivationName, number[], number]>([
    ['2-3-2', 'tanh', [4, 7, 9], 3],
    ['3-4-3', 'tanh', [9, 19, 20], 4],
    ['3-4-3', 'sigmoid', [9, 19, 20], 4],
    ['3-4-3', 'arctan', [9, 19, 20], 4],
    ['3-4-2', 'softsign', [6, 12, 16], 4],
    ['3-4-2', 'sinh', [6, 12, 16], 4],
    ['3-4-2', 'inverse-square-root', [6, 12, 16], 4],
    // Deeper networks keep those of the first hidden layer: its derivation never looks above W_2.
    ['2-3-3-2', 'tanh', [4, 10, 18], 3],
    ['2-4-4-2', 'sigmoid', [4, 10, 28], 4],
    // Radial: 1/2 |U|^2 - sum_j int h/h' at |z_j|, by the same derivation.
    ['3-3-2', 'squash', [6, 12, 14], 1],
  ])('%s %s on the identity: ranks %j, %d laws', async (widths, activation, ranks, laws) => {
    const count = await countConservationLaws(onIdentity(widths, activation), { data: 'present' });
    expect(count).toMatchObject({ ranks, laws, doubt: null });
    expect(count.gap).toBeGreaterThan(1e10);
  });

  test('orthonormal samples: a law per unit, and what no sample reaches stays; biases count as an input', async () => {
    const tanh = onIdentity('3-4-2', 'tanh');
    const two = onSamples(tanh, orthonormalSamples(2, 3, 0.8, false, 5), 2);
    expect((await countConservationLaws(two, { data: 'present' })).laws).toBe(4 + 4);
    const biased = onSamples(onIdentity('3-4-2', 'tanh', true), orthonormalSamples(3, 3, 4, true, 5), 3);
    expect((await countConservationLaws(biased, { data: 'present' })).laws).toBe(4 + 4);
  });

  test('samples that are not orthonormal: none for tanh, the same for what holds for any data', async () => {
    const inputs = normals(9, 3);
    const laws = async (activation: ActivationName) =>
      (
        await countConservationLaws(onSamples(onIdentity('3-4-2', activation), inputs, 3), {
          data: 'present',
        })
      ).laws;
    expect(await laws('tanh')).toBe(0);
    expect(await laws('linear')).toBe(linearLaws(3, 4, 2, false));
  });

  test('more samples than one field holds count as any data', async () => {
    const many = (activation: ActivationName) =>
      randomProblem({
        widths: [2, 3, 2],
        activation,
        bias: false,
        loss: 'squared-error',
        seed: 2,
        samples: 50,
      });
    for (const activation of ['linear', 'relu', 'tanh'] as const) {
      const problem = many(activation);
      const present = await countConservationLaws(problem, { data: 'present' });
      expect(present.laws).toBe((await countConservationLaws(problem, { data: 'any' })).laws);
    }
  });

  test('one sample and one output: a single field, that every function constant along it keeps', async () => {
    const problem = onSamples(onIdentity('2-2-1', 'tanh'), normals(2, 1), 1);
    const count = await countConservationLaws(problem, { data: 'present' });
    expect(count).toMatchObject({ ranks: [1], laws: 5, doubt: null });
  });
});

describe('as a computation', () => {
  test('the same seed gives the same count, another one the same numbers with another gap', async () => {
    const problem = onIdentity('3-3-2', 'tanh');
    const count = (seed: number) => countConservationLaws(problem, { data: 'present', seed });
    const first = await count(1);
    expect(await count(1)).toEqual(first);
    const { gap, ...numbers } = await count(2);
    expect(first).toMatchObject(numbers);
    expect(gap).not.toBe(first.gap);
  });

  test('networks above 100 parameters are refused before any work', async () => {
    let began = 0;
    const options = {
      data: 'any',
      progress: () => {
        began++;
        throw new Error('begun');
      },
    } as const;
    await expect(countConservationLaws(onIdentity('10-7-5', 'relu'), options)).rejects.toThrow(
      'Counting conservation laws takes networks of at most 100 parameters and this one has 105: choose smaller widths.',
    );
    expect(began).toBe(0);
    await expect(countConservationLaws(onIdentity('4-20-1', 'relu'), options)).rejects.toThrow('begun');
  });

  test('it reports ranks that only grow, in two draws, and pauses as often', async () => {
    const seen: CountProgress[] = [];
    let pauses = 0;
    const { ranks } = await countConservationLaws(onIdentity('2-3-2', 'tanh'), {
      data: 'present',
      progress: (p) => void seen.push(p),
      pause: async () => void pauses++,
    });
    expect(pauses).toBe(seen.length);
    expect(seen.map(({ draw }) => draw)).toEqual(seen.map(({ draw }) => draw).sort());
    for (const draw of [1, 2]) {
      const sizes = seen.filter((p) => p.draw === draw).map((p) => p.ranks.at(-1) ?? 0);
      expect(sizes).toEqual([...sizes].sort((a, b) => a - b));
      expect(sizes.at(-1)).toBe(ranks.at(-1));
    }
  });

  test('it stops at the next pause after an abort, with its reason', async () => {
    let pauses = 0;
    const signal = {
      throwIfAborted() {
        if (pauses >= 5) throw new Error('enough');
      },
    };
    const count = countConservationLaws(onIdentity('2-3-2', 'tanh'), {
      data: 'present',
      signal,
      pause: async () => void pauses++,
    });
    await expect(count).rejects.toThrow('enough');
    expect(pauses).toBe(5);
  });
});
