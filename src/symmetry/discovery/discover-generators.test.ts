import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { ActivationName } from '../../model/activation.ts';
import { createNetwork } from '../../model/network.ts';
import { packParameters, unpackParameters } from '../../model/parameters.ts';
import { randomTheta } from '../testing/problems.ts';
import { type DiscoveryProgress, discoverGenerators, type LinearGenerator } from './discover-generators.ts';
import { matrixClasses } from './matrix-class.ts';
import { onIdentity } from './testing/problems.ts';

describe('generators found from gradients', () => {
  // Widths n-h-m; math.md K lists (m, n, h).
  test.each(['2-2-2', '2-3-2', '2-3-1', '3-2-2', '3-5-1'])(
    '%s: linear h^2, ReLU h, tanh 0',
    async (widths) => {
      const h = Number(widths.split('-')[1]);
      const found = async (activation: ActivationName) => {
        const [pair] = await discoverGenerators(onIdentity(widths, activation));
        expect(pair!.gap).toBeGreaterThan(1e7);
        expect(pair!.other).toBe(0);
        return [pair!.dimension, pair!.symmetric.length, pair!.antisymmetric.length];
      };
      expect(await found('linear')).toEqual([h * h, (h * (h + 1)) / 2, (h * (h - 1)) / 2]);
      expect(await found('relu')).toEqual([h, h, 0]);
      expect(await found('tanh')).toEqual([0, 0, 0]);
    },
  );

  test.each<[string, ActivationName, boolean, [symmetric: number, antisymmetric: number][]]>([
    ['2-4-2', 'squash', true, [[0, 6]]],
    ['3-3-2', 'shifted-relu', false, [[0, 3]]],
    ['2-4-2', 'shifted-sigmoid', true, [[0, 6]]],
    // Homogeneous radial: the rotations and one scaling.
    ['2-4-2', 'radial-square', false, [[1, 6]]],
    // Linear wherever it is not zero.
    ['2-3-2', 'step-relu', false, [[6, 3]]],
    ['2-4-2', 'row-inversion', true, [[4, 0]]],
    ['1-5-1', 'elu', true, [[0, 0]]],
    [
      '2-3-3-2',
      'linear',
      true,
      [
        [6, 3],
        [6, 3],
      ],
    ],
    [
      '2-3-4-2',
      'leaky-relu',
      true,
      [
        [3, 0],
        [4, 0],
      ],
    ],
    [
      '2-3-3-2',
      'squash',
      true,
      [
        [0, 3],
        [0, 3],
      ],
    ],
    [
      '2-3-3-2',
      'sigmoid',
      false,
      [
        [0, 0],
        [0, 0],
      ],
    ],
  ])('%s %s, bias %s: symmetric and antisymmetric %j', async (widths, activation, bias, expected) => {
    const found = await discoverGenerators(onIdentity(widths, activation, bias));
    expect(found.map((pair) => [pair.symmetric.length, pair.antisymmetric.length])).toEqual(expected);
    for (const [layerPair, pair] of found.entries()) {
      expect(pair).toMatchObject({ layerPair, other: 0, unknowns: 2 * pair.units ** 2 });
      expect(pair.dimension).toBe(pair.symmetric.length + pair.antisymmetric.length);
      expect(pair.gap).toBeGreaterThan(1e7);
    }
  });

  test.each<[ActivationName, number]>([
    ['linear', 1],
    ['squash', 1],
    ['leaky-relu', 1],
    ['row-inversion', -1],
    ['radial-square', 2],
  ])(
    'of %s are those of the theory: A = %d B for scalings, A = B for rotations, and the outputs do not move',
    async (activation, degree) => {
      const problem = onIdentity('3-4-2', activation);
      const [pair] = await discoverGenerators(problem);
      const theta = randomTheta(problem.architecture, 3);
      const network = createNetwork(problem);
      const outputs = network.outputs(theta);
      const step = 1e-5;
      const { symmetric, antisymmetric } = pair!;
      expect(symmetric.length + antisymmetric.length).toBe(pair!.dimension);
      for (const generator of [...symmetric, ...antisymmetric]) {
        // A rotation commutes with every radial activation; the degree is that of scalings.
        const factor = symmetric.includes(generator) ? degree : 1;
        generator.outer.forEach((a, i) => {
          expect(a).toBeCloseTo(factor * generator.inner[i]!, 6);
        });
        const moved = network.outputs(moveAlong(problem, theta, generator, step));
        const back = network.outputs(moveAlong(problem, theta, generator, -step));
        moved.forEach((y, i) => {
          expect(Math.abs(y - back[i]!) / (2 * step)).toBeLessThan(1e-6 * (1 + Math.abs(outputs[i]!)));
        });
      }
    },
  );

  test('of test functions there are none: they have no layer pair', async () => {
    expect(await discoverGenerators({ architecture: { kind: 'test-function', name: 'booth' } })).toEqual([]);
  });
});

describe('as a computation', () => {
  test('the same seed gives the same generators, and every gradient is reported', async () => {
    const seen: DiscoveryProgress[] = [];
    let pauses = 0;
    const problem = onIdentity('2-2-2-2', 'relu');
    const first = await discoverGenerators(problem, {
      progress: (p) => void seen.push(p),
      pause: async () => void pauses++,
    });
    expect(await discoverGenerators(problem)).toEqual(first);
    expect(await discoverGenerators(problem, { seed: 2 })).not.toEqual(first);
    expect(pauses).toBe(seen.length);
    expect(seen[0]).toEqual({ layerPair: 0, layerPairs: 2, gradients: 1 });
    expect(new Set(seen.map((p) => p.layerPair))).toEqual(new Set([0, 1]));
  });

  test('it stops when it is aborted', async () => {
    const signal = {
      throwIfAborted() {
        throw new Error('enough');
      },
    };
    await expect(discoverGenerators(onIdentity('2-2-2', 'relu'), { signal })).rejects.toThrow('enough');
  });

  test('networks that are too large or too wide are refused in one sentence', async () => {
    await expect(discoverGenerators(onIdentity('10-7-5', 'relu'))).rejects.toThrow(
      'Discovering symmetries takes networks of at most 100 parameters and this one has 105: choose smaller widths.',
    );
    await expect(discoverGenerators(onIdentity('1-40-1', 'relu'))).rejects.toThrow(
      'Discovering symmetries takes at most 20 units in a hidden layer and one has 40: choose smaller widths.',
    );
  });
});

test('coordinates of matrix classes are orthonormal and complete', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 5 }), fc.integer(), (h, seed) => {
      const matrix = randomTheta(
        { kind: 'mlp', widths: [h, h, 1], activation: 'linear', bias: false },
        seed,
      ).slice(0, h * h);
      const roundTrip = (name: keyof typeof matrixClasses) => {
        const space = matrixClasses[name](h);
        const coordinates = space.coordinates(matrix);
        expect(coordinates).toHaveLength(space.dimension);
        const part = space.matrix(coordinates, 0);
        expect(Math.hypot(...part)).toBeCloseTo(Math.hypot(...coordinates), 12);
        return part;
      };
      const [symmetric, antisymmetric] = [roundTrip('symmetric'), roundTrip('antisymmetric')];
      matrix.forEach((x, i) => {
        const transposed = (i % h) * h + Math.floor(i / h);
        expect(symmetric[i]! + antisymmetric[i]!).toBeCloseTo(x, 12);
        expect(symmetric[i]).toBe(symmetric[transposed]);
        expect(antisymmetric[i]! + antisymmetric[transposed]!).toBe(0);
      });
      expect(roundTrip('all')).toEqual(matrix);
    }),
    { numRuns: 20, seed: 3 },
  );
});

/** theta + step M theta for a generator of the first layer pair of a network without biases. */
function moveAlong(
  { architecture }: ReturnType<typeof onIdentity>,
  theta: Float64Array,
  { outer, inner }: LinearGenerator,
  step: number,
): Float64Array {
  const [below, above] = unpackParameters(architecture, theta);
  const h = below!.weight.length;
  const inside = below!.weight.map((row, k) =>
    row.map(
      (x, j) => x + step * below!.weight.reduce((sum, other, l) => sum + inner[k * h + l]! * other[j]!, 0),
    ),
  );
  const outside = above!.weight.map((row) =>
    row.map((x, l) => x - step * row.reduce((sum, y, k) => sum + y * outer[k * h + l]!, 0)),
  );
  return packParameters(architecture, [{ weight: inside }, { weight: outside }]);
}
