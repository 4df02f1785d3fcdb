import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { ActivationName } from '../../model/activation.ts';
import { createNetwork } from '../../model/network.ts';
import { createRandom } from '../../model/random.ts';
import { continuousNames, type GroupName, groupNames } from '../group-action.ts';
import { automaticGroup, groups } from '../groups.ts';
import { entry, identityMatrix, multiply, square, transpose, view } from '../matrix/view.ts';
import { difference, expectGroupLaws, expectLieAlgebra, lossChange } from '../testing/actions.ts';
import { lossName, normals, PROPERTY, randomProblem, randomTheta, seeds } from '../testing/problems.ts';

/** Well-conditioned networks on which `name` is exact: layers wide enough for the samples. */
function exactSetup(name: GroupName, activation: ActivationName, hiddenLayers: number) {
  return fc
    .record({
      width: fc.integer({ min: 3, max: 5 }),
      outputs: fc.integer({ min: 2, max: 4 }),
      bias: fc.boolean(),
      loss: lossName,
      seed: seeds,
    })
    .map(({ width, outputs, bias, loss, seed }) => {
      const samples = name === 'before-activation-sample' ? 1 : width - 1;
      const widths = [width, ...Array.from({ length: hiddenLayers }, () => width), outputs];
      const wide = randomProblem({ widths, activation, bias, loss, seed, samples });
      // Small inputs, so that sigma stays well inside its range.
      const inputs = wide.dataset.inputs.map((x) => 0.4 * x);
      const problem = { ...wide, dataset: { ...wide.dataset, inputs } };
      return { problem, seed, theta: moderateTheta(problem.architecture.widths, bias, seed) };
    });
}

/** Weights near a multiple of the identity: layers that lose no rank. */
function moderateTheta(widths: readonly number[], bias: boolean, seed: number): Float64Array {
  const random = createRandom(seed, 'moderate');
  return Float64Array.from(
    widths.slice(1).flatMap((rows, l) => {
      const columns = widths[l]!;
      const weight = Array.from(
        { length: rows * columns },
        (_, i) => (Math.floor(i / columns) === i % columns ? 0.7 : 0) + 0.15 * random.normal(),
      );
      return bias ? [...weight, ...Array.from({ length: rows }, () => 0.1 * random.normal())] : weight;
    }),
  );
}

const FEW = { ...PROPERTY, numRuns: 15 } as const;

const cases: readonly (readonly [GroupName, ActivationName])[] = [
  ['after-activation', 'leaky-relu'],
  ['after-activation', 'tanh'],
  ['after-activation', 'sinh'],
  ['before-activation', 'tanh'],
  ['before-activation', 'sigmoid'],
  ['before-activation-sample', 'tanh'],
  ['before-activation-sample', 'leaky-relu'],
];

describe.each(cases)('%s, %s', (name, activation) => {
  test.each([1, 2, 3])('keeps the loss on the data, %i hidden layers', (depth) => {
    fc.assert(
      fc.property(exactSetup(name, activation, depth), ({ problem, theta, seed }) => {
        const action = groups[name].create(problem);
        const { exact, conditioning } = action.exactness(theta);
        fc.pre(conditioning < 300);
        expect(exact).toBe(true);
        const moved = action.act(action.random(createRandom(seed, 'element'), 0.1), theta);
        expect(difference(moved, theta)).toBeGreaterThan(1e-4);
        expect(lossChange(problem, theta, moved)).toBeLessThan(1e-12);
      }),
      FEW,
    );
  });
});

// Smooth activations: differences that cross a kink say nothing.
describe.each(cases.filter(([, activation]) => activation !== 'leaky-relu'))('%s, %s', (name, activation) => {
  test.each([1, 2])('has the Lie algebra that it says, %i hidden layers', (depth) => {
    fc.assert(
      fc.property(exactSetup(name, activation, depth), ({ problem, theta, seed }) => {
        const action = groups[name].create(problem);
        fc.pre(action.exactness(theta).conditioning < 300);
        expectLieAlgebra(action, theta, seed, 0.1);
      }),
      FEW,
    );
  });
});

describe('group laws', () => {
  test.each(['leaky-relu', 'tanh', 'sinh'] as const)(
    'after %s, one hidden layer: a group action',
    (activation) => {
      fc.assert(
        fc.property(exactSetup('after-activation', activation, 1), ({ problem, theta, seed }) => {
          const action = groups['after-activation'].create(problem);
          fc.pre(action.exactness(theta).conditioning < 30);
          const random = createRandom(seed, 'element');
          expectGroupLaws(action, theta, [action.random(random, 0.05), action.random(random, 0.05)], 1e-10);
        }),
        FEW,
      );
    },
  );

  test.each([1, 2])('by one sample: a group action, %i hidden layers', (depth) => {
    fc.assert(
      fc.property(exactSetup('before-activation-sample', 'sigmoid', depth), ({ problem, theta, seed }) => {
        const action = groups['before-activation-sample'].create(problem);
        const random = createRandom(seed, 'element');
        expectGroupLaws(action, theta, [action.random(random, 1), action.random(random, 1)], 1e-11);
      }),
      FEW,
    );
  });

  test('before the activation by the batch: a group action where the samples are as many as the units, else not', () => {
    const gap = (samples: number) => {
      const problem = networkOn(samples, [4, 4, 2], 'tanh');
      const theta = moderateTheta([4, 4, 2], false, 5);
      const action = groups['before-activation'].create(problem);
      const random = createRandom(7, 'element');
      const [first, second] = [action.random(random, 0.5), action.random(random, 0.5)];
      const twice = action.act(second, action.act(first, theta));
      expect(lossChange(problem, theta, twice)).toBeLessThan(1e-10);
      return difference(twice, action.act(action.compose(second, first), theta));
    };
    expect(gap(4)).toBeLessThan(1e-10);
    expect(gap(3)).toBeGreaterThan(1e-3);
  });
});

/** A network without biases on N(0, 1) samples. */
const networkOn = (samples: number, widths: readonly number[], activation: ActivationName) =>
  randomProblem({ widths, activation, bias: false, loss: 'half-squared-error', seed: 3, samples });

describe('where the actions are not exact they say so, and the loss changes', () => {
  test('before the activation, 20 samples on 6 units: the outputs are off by tens of per cent', () => {
    const widths = [6, 6, 4];
    const problem = networkOn(20, widths, 'tanh');
    const theta = randomTheta(problem.architecture, 4);
    const action = groups['before-activation'].create(problem);
    const { exact, message } = action.exactness(theta);
    expect(exact).toBe(false);
    expect(message).toBe(
      'Not exact: σ of hidden layer 1, 6 units wide, has rank 6 for 20 samples, and it keeps as many samples as that.',
    );
    const random = createRandom(1, 'element');
    const g = identityMatrix(6).map((x) => x + 0.5 * random.normal());
    const network = createNetwork(problem);
    const [before, after] = [network.outputs(theta), network.outputs(action.act([g], theta))];
    const error = Math.hypot(...after.map((y, i) => y - before[i]!)) / Math.hypot(...before);
    expect(error).toBeGreaterThan(0.2);
    expect(error).toBeLessThan(0.8);
  });

  test('on linear networks they are exact for any data, like the group that they come from', () => {
    const problem = networkOn(20, [4, 5, 2], 'linear');
    const theta = randomTheta(problem.architecture, 4);
    for (const name of ['after-activation', 'before-activation'] as const) {
      const action = groups[name].create(problem);
      expect(action.exactness(theta)).toMatchObject({
        exact: true,
        message: expect.stringContaining('the network is linear'),
      });
      const moved = action.act(action.random(createRandom(1, 'element'), 0.3), theta);
      expect(difference(moved, theta)).toBeGreaterThan(1e-2);
      expect(lossChange(problem, theta, moved)).toBeLessThan(1e-12);
    }
  });

  test('after the activation, more samples than inputs', () => {
    const problem = networkOn(7, [4, 6, 2], 'leaky-relu');
    const theta = randomTheta(problem.architecture, 4);
    const action = groups['after-activation'].create(problem);
    expect(action.exactness(theta)).toMatchObject({
      exact: false,
      message:
        'Not exact: the inputs of hidden layer 1 have rank 4 for 7 samples, and it keeps as many samples as that.',
    });
    const moved = action.act(action.random(createRandom(1, 'element'), 0.5), theta);
    expect(lossChange(problem, theta, moved)).toBeGreaterThan(1e-3);
  });

  test('a deeper layer that is too narrow for the samples is named', () => {
    const problem = networkOn(4, [5, 3, 5, 2], 'tanh');
    const theta = randomTheta(problem.architecture, 4);
    expect(groups['after-activation'].create(problem).exactness(theta).message).toContain(
      'inputs of hidden layer 2 have rank 3 for 4 samples',
    );
    expect(groups['before-activation'].create(problem).exactness(theta).message).toContain('hidden layer 1');
    expect(groups['before-activation'].create(problem, [1]).exactness(theta).exact).toBe(true);
  });

  test('by one sample, three samples: the first is kept, the others are not', () => {
    const problem = networkOn(3, [4, 5, 2], 'tanh');
    const theta = randomTheta(problem.architecture, 4);
    const action = groups['before-activation-sample'].create(problem);
    expect(action.exactness(theta)).toMatchObject({
      exact: false,
      message: 'Exact on the first of the 3 samples only.',
    });
    const moved = action.act(action.random(createRandom(1, 'element'), 1), theta);
    const network = createNetwork(problem);
    const [before, after] = [network.outputs(theta), network.outputs(moved)];
    expect(difference(after.slice(0, 2), before.slice(0, 2))).toBeLessThan(1e-12);
    expect(difference(after.slice(2), before.slice(2))).toBeGreaterThan(1e-2);
  });

  test('an element that leads out of the range of tanh is refused; saturated units make the action undefined', () => {
    const problem = networkOn(3, [4, 5, 2], 'tanh');
    const theta = randomTheta(problem.architecture, 4);
    const action = groups['after-activation'].create(problem);
    expect(() => action.act([identityMatrix(5).map((x) => 3 * x)], theta)).toThrow(
      'out of the range of tanh',
    );
    const far = theta.map((x) => 100 * x);
    expect(action.exactness(far)).toMatchObject({
      exact: false,
      message: expect.stringContaining('saturated'),
    });
  });

  test('ReLU has no inverse, and where all units are dead the one-sample action is not defined', () => {
    const problem = networkOn(1, [2, 2, 1], 'relu');
    expect(groups['after-activation'].applies(problem)).toContain('has no inverse');
    const [a, b] = problem.dataset.inputs;
    // Both pre-activations are -|x|^2.
    const theta = Float64Array.of(-a!, -b!, -a!, -b!, 1, 1);
    const action = groups['before-activation-sample'].create(problem);
    expect(action.exactness(theta)).toMatchObject({ exact: false, message: expect.stringContaining('zero') });
    expect(() => action.act(action.identity(), theta)).toThrow(RangeError);
  });
});

describe('first order', () => {
  test('the outputs change by -U T^2 sigma(VH), those of the exact action by less than 1e-12', () => {
    const widths = [5, 5, 3];
    const problem = networkOn(4, widths, 'leaky-relu');
    const theta = moderateTheta(widths, false, 2);
    const firstOrder = groups['after-activation-first-order'].create(problem);
    const exact = groups['after-activation'].create(problem);
    expect(firstOrder.exactness(theta)).toMatchObject({
      exact: false,
      message: expect.stringContaining('First order'),
    });
    const network = createNetwork(problem);
    const before = network.outputs(theta);
    const z = network.preActivations(theta, 0);
    const u = square(theta.slice(25), 5);
    for (const size of [1e-1, 1e-2, 1e-3]) {
      const t = normals(25, 9).map((x) => (size * x) / 5);
      const g = t.map((x, i) => x + (i % 6 === 0 ? 1 : 0));
      const tt = multiply(square(t), square(t));
      const s = transpose(
        view(
          4,
          5,
          z.map((x) => (x > 0 ? x : 0.01 * x)),
        ),
      );
      const predicted = multiply(multiply({ ...u, rows: 3 }, tt), s);
      const after = network.outputs(firstOrder.act([g], theta));
      const change = view(
        4,
        3,
        after.map((y, i) => y - before[i]!),
      );
      const largest = Math.max(...predicted.data.map(Math.abs));
      for (let i = 0; i < 3; i++) {
        for (let j = 0; j < 4; j++) {
          expect(Math.abs(entry(change, j, i) + entry(predicted, i, j))).toBeLessThan(1e-13 + 1e-9 * largest);
        }
      }
      expect(largest).toBeGreaterThan(size * size * 1e-2);
      expect(difference(network.outputs(exact.act([g], theta)), before)).toBeLessThan(1e-12);
    }
  });

  test('it has the tangent of the exact action', () => {
    const widths = [5, 5, 3];
    const problem = networkOn(4, widths, 'sinh');
    const theta = moderateTheta(widths, false, 2);
    expectLieAlgebra(groups['after-activation-first-order'].create(problem), theta, 3, 0.1);
  });
});

test('the table has every group, in the order of the names', () => {
  expect(Object.keys(groups)).toEqual([...groupNames]);
  for (const name of groupNames) {
    expect(groups[name].name).toBe(name);
    expect(groups[name].continuous).toBe(continuousNames.some((other) => other === name));
  }
});

test('auto takes the first group of the table that is exact', () => {
  const auto = (samples: number, widths: readonly number[], activation: ActivationName) => {
    const problem = networkOn(samples, widths, activation);
    return automaticGroup(problem, randomTheta(problem.architecture, 4));
  };
  expect(auto(20, [4, 5, 2], 'linear')).toBe('general-linear');
  expect(auto(20, [4, 5, 2], 'leaky-relu')).toBe('rescaling');
  expect(auto(20, [4, 5, 2], 'radial-square')).toBe('radial-scaling');
  expect(auto(20, [4, 5, 2], 'squash')).toBe('orthogonal');
  expect(auto(3, [4, 5, 2], 'tanh')).toBe('after-activation');
  expect(auto(5, [4, 5, 2], 'tanh')).toBe('before-activation');
  expect(auto(20, [4, 5, 2], 'tanh')).toBeNull();
});
