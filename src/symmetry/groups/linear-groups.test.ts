import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { ActivationName } from '../../model/activation.ts';
import { createRandom } from '../../model/random.ts';
import type { GroupName } from '../group-action.ts';
import { groups } from '../groups.ts';
import { expectGroupLaws, expectLieAlgebra, lossChange } from '../testing/actions.ts';
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

  test.skipIf(!group.continuous)('has the Lie algebra that it says', () => {
    fc.assert(
      fc.property(setup(activation), ({ problem, theta, seed }) => {
        expectLieAlgebra(group.create(problem), theta, seed);
      }),
      PROPERTY,
    );
  });
});
