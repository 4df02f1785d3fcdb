import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { ActivationName } from '../../model/activation.ts';
import { parameterLayout } from '../../model/parameters.ts';
import { createRandom } from '../../model/random.ts';
import type { GroupName } from '../group-action.ts';
import { applicableGroups, automaticGroup, groups } from '../groups.ts';
import { identityMatrix } from '../matrix/view.ts';
import { scaleUnits } from '../scale-units.ts';
import {
  difference,
  expectGroupLaws,
  expectLieAlgebra,
  gradientNorm,
  lossChange,
} from '../testing/actions.ts';
import { lossName, PROPERTY, randomProblem, randomTheta, seeds } from '../testing/problems.ts';

/** Widths of networks with 1 to 3 hidden layers. */
const deepWidths = fc.array(fc.integer({ min: 2, max: 5 }), { minLength: 3, maxLength: 5 });

/** Each group that keeps the function for every input, on each activation that has it. */
const cases: readonly (readonly [GroupName, ActivationName])[] = [
  ['general-linear', 'linear'],
  ['rescaling', 'linear'],
  ['rescaling', 'relu'],
  ['rescaling', 'leaky-relu'],
  ['rescaling', 'row-inversion'],
  ['radial-scaling', 'radial-square'],
  ['orthogonal', 'linear'],
  ['orthogonal', 'squash'],
  ['orthogonal', 'shifted-sigmoid'],
  ['orthogonal', 'radial-square'],
  ['permutation', 'sigmoid'],
  ['permutation', 'relu'],
  ['permutation', 'row-inversion'],
  ['permutation', 'squash'],
  ['sign', 'tanh'],
  ['sign', 'arctan'],
  ['sign', 'row-inversion'],
  ['sign', 'squash'],
];

const setup = (activation: ActivationName) =>
  fc.record({ widths: deepWidths, bias: fc.boolean(), loss: lossName, seed: seeds }).map((options) => {
    const problem = randomProblem({ ...options, activation });
    return { problem, seed: options.seed, theta: randomTheta(problem.architecture, options.seed) };
  });

describe.each(cases)('%s on %s', (name, activation) => {
  const group = groups[name];

  test('keeps the loss on any data, at any depth, with and without biases', () => {
    fc.assert(
      fc.property(setup(activation), ({ problem, theta, seed }) => {
        const action = group.create(problem);
        const g = action.random(createRandom(seed, 'element'), 1);
        expect(action.exactness(theta).exact).toBe(true);
        expect(lossChange(problem, theta, action.act(g, theta))).toBeLessThan(1e-12);
      }),
      PROPERTY,
    );
  });

  test('is a group action', () => {
    fc.assert(
      fc.property(setup(activation), ({ problem, theta, seed }) => {
        const action = group.create(problem);
        const random = createRandom(seed, 'element');
        expectGroupLaws(action, theta, [action.random(random, 1), action.random(random, 1)], 1e-12);
      }),
      PROPERTY,
    );
  });
});

test.each(cases.filter(([name]) => groups[name].continuous))(
  '%s on %s has the Lie algebra that it says',
  (name, activation) => {
    fc.assert(
      fc.property(setup(activation), ({ problem, theta, seed }) => {
        expectLieAlgebra(groups[name].create(problem), theta, seed);
      }),
      PROPERTY,
    );
  },
);

test.each(cases.filter(([name]) => ['orthogonal', 'permutation', 'sign'].includes(name)))(
  '%s on %s keeps the norm of the gradient: it is an isometry',
  (name, activation) => {
    fc.assert(
      fc.property(setup(activation), ({ problem, theta, seed }) => {
        const action = groups[name].create(problem);
        const moved = action.act(action.random(createRandom(seed, 'element'), 1), theta);
        const before = gradientNorm(problem, theta);
        expect(Math.abs(gradientNorm(problem, moved) - before)).toBeLessThan(1e-12 * before);
      }),
      PROPERTY,
    );
  },
);

describe('each group keeps to its networks', () => {
  const network = (activation: ActivationName, widths = [3, 4, 2]) =>
    randomProblem({ widths, activation, bias: true, loss: 'squared-error', seed: 1 });

  test('one hidden layer of several can be chosen', () => {
    const problem = network('linear', [3, 4, 5, 2]);
    const theta = randomTheta(problem.architecture, 2);
    const action = groups['general-linear'].create(problem, [1]);
    expect(action.layerPairs).toEqual([1]);
    expect(action.sizes).toEqual([5]);
    const moved = action.act(action.random(createRandom(1, 'element'), 1), theta);
    expect(lossChange(problem, theta, moved)).toBeLessThan(1e-12);
    const { weight, rows, columns } = parameterLayout(problem.architecture).layers[0]!;
    expect(moved.slice(weight, weight + rows * columns)).toEqual(theta.slice(0, rows * columns));
    expect(difference(moved, theta)).toBeGreaterThan(1e-2);
  });

  test.each([
    ['general-linear', 'relu', 'choose the linear activation'],
    ['rescaling', 'tanh', 'choose a homogeneous activation'],
    ['rescaling', 'squash', 'choose a homogeneous activation'],
    ['rescaling', 'radial-square', 'scale whole layers'],
    ['radial-scaling', 'squash', 'not a homogeneous radial activation'],
    ['orthogonal', 'tanh', 'choose a radial activation'],
    ['rotation', 'tanh', 'Only test functions'],
    ['sign', 'sigmoid', 'choose an odd activation'],
  ] as const)('%s does not apply to %s and says why', (name, activation, reason) => {
    expect(groups[name].applies(network(activation))).toContain(reason);
    const problem = network(activation);
    expect(applicableGroups(problem).map((group) => group.name)).not.toContain(name);
  });

  test('test functions have the rotation only, networks without a hidden layer nothing', () => {
    const booth = { architecture: { kind: 'test-function', name: 'booth' } } as const;
    expect(applicableGroups(booth).map(({ name }) => name)).toEqual(['rotation']);
    expect(automaticGroup(booth, Float64Array.of(1, 2))).toBe('rotation');
    const shallow = network('linear', [3, 2]);
    expect(applicableGroups(shallow)).toEqual([]);
    expect(automaticGroup(shallow, randomTheta(shallow.architecture, 1))).toBeNull();
  });

  test.each([
    ['rescaling', 'tanh', 'relu'],
    ['general-linear', 'relu', 'linear'],
    ['orthogonal', 'tanh', 'squash'],
    ['sign', 'sigmoid', 'tanh'],
  ] as const)('on another activation %s changes the loss: %s', (name, activation, own) => {
    const theta = randomTheta(network(own).architecture, 2);
    const action = groups[name].create(network(own));
    const moved = action.act(action.random(createRandom(4, 'element'), 1), theta);
    expect(lossChange(network(own), theta, moved)).toBeLessThan(1e-12);
    expect(lossChange(network(activation), theta, moved)).toBeGreaterThan(1e-3);
  });

  test('a negative factor on a ReLU unit is refused, and as an element of GL it changes the loss', () => {
    const problem = network('relu');
    const theta = randomTheta(problem.architecture, 2);
    const negative = [Float64Array.from(identityMatrix(4), (x, i) => (i === 5 ? -x : x))];
    expect(() => groups.rescaling.create(problem).act(negative, theta)).toThrow(RangeError);
    const flipped = groups.sign.create(network('tanh')).act(negative, theta);
    expect(lossChange(problem, theta, flipped)).toBeGreaterThan(1e-3);
  });

  test('factors that are powers of two are undone to the bit', () => {
    const problem = network('relu');
    const theta = randomTheta(problem.architecture, 2);
    const action = groups.rescaling.create(problem);
    const factors = [Float64Array.from(identityMatrix(4), (x, i) => x * 2 ** ((i % 4) - 1))];
    const moved = action.act(factors, theta);
    expect(moved).not.toEqual(theta);
    expect(action.act(action.inverse(factors), moved)).toEqual(theta);
  });

  test('a singular matrix and one that is not orthogonal are refused', () => {
    const theta = randomTheta(network('linear').architecture, 2);
    expect(() =>
      groups['general-linear'].create(network('linear')).act([new Float64Array(16)], theta),
    ).toThrow('has no inverse');
    const shear = [Float64Array.from(identityMatrix(4), (x, i) => (i === 1 ? 1 : x))];
    expect(() => groups.orthogonal.create(network('squash')).act(shear, theta)).toThrow('not orthogonal');
  });

  test('deep row inversion scales the units of the last hidden layer only: elsewhere it would not keep the loss', () => {
    const problem = network('row-inversion', [3, 4, 4, 2]);
    const theta = randomTheta(problem.architecture, 2);
    expect(groups.rescaling.create(problem).layerPairs).toEqual([1]);
    const units = Float64Array.of(2, 1, 1, 1);
    const moved = scaleUnits(problem.architecture, theta, 0, units, units);
    expect(lossChange(problem, theta, moved)).toBeGreaterThan(1e-3);
  });
});
