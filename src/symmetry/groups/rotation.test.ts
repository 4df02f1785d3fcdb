import { describe, expect, test } from 'vitest';
import { createRandom } from '../../model/random.ts';
import { testFunctionNames } from '../../model/test-function.ts';
import { groups } from '../groups.ts';
import { expectGroupLaws, expectLieAlgebra, gradientNorm, lossChange } from '../testing/actions.ts';

const { rotation } = groups;

describe.each(testFunctionNames)('rotation of the residuals of %s', (name) => {
  const problem = { architecture: { kind: 'test-function', name } } as const;
  const action = rotation.create(problem);
  const theta = Float64Array.of(-0.7, 1.9);

  test('keeps the loss, is a group action and has the Lie algebra that it says', () => {
    const random = createRandom(3, name);
    const [first, second] = [action.random(random, 2), action.random(random, 2)];
    expect(lossChange(problem, theta, action.act(first, theta))).toBeLessThan(1e-12);
    expectGroupLaws(action, theta, [first, second], 1e-12);
    expectLieAlgebra(action, theta, 5);
  });
});

test('Booth from (5, -5): 45 degrees lead to the greatest gradient of the level set', () => {
  const booth = { architecture: { kind: 'test-function', name: 'booth' } } as const;
  const { algebra } = rotation.create(booth);
  const start = Float64Array.of(5, -5);
  expect(gradientNorm(booth, start) ** 2).toBeCloseTo(2880, 9);
  // (u, v) = (-12, 0) has to be turned to u = v, by 45 degrees.
  const turned = algebra!.flow(Float64Array.of(Math.PI / 4), start);
  expect(gradientNorm(booth, turned) ** 2).toBeCloseTo(5184, 8);
});
