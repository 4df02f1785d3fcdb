import fc from 'fast-check';
import { expect, test } from 'vitest';
import { activationNames } from '../model/activation.ts';
import { dot, norm, unit } from '../model/vector.ts';
import { conservedQuantities } from './conserved-quantities.ts';
import type { ConservedQuantity } from './conserved-quantity.ts';
import { normals, PROPERTY, randomProblem, randomTheta, seeds } from './testing/problems.ts';

/** The derivative of Q along a direction, by central differences with one Richardson step. */
function derivative(quantity: ConservedQuantity, theta: Float64Array, direction: Float64Array): number {
  const at = (s: number) => quantity.total(theta.map((x, i) => x + s * direction[i]!));
  const difference = (s: number) => (at(s) - at(-s)) / (2 * s);
  return (4 * difference(1e-3) - difference(2e-3)) / 3;
}

test.each(activationNames)('grad Q of %s networks is the derivative of Q, biases included', (activation) => {
  fc.assert(
    fc.property(fc.integer({ min: 3, max: 4 }), fc.boolean(), seeds, (layers, bias, seed) => {
      const problem = randomProblem({
        widths: [3, 4, 3, 2].slice(0, layers),
        activation,
        bias,
        loss: 'squared-error',
        seed,
      });
      const theta = randomTheta(problem.architecture, seed + 1).map((x) => x / 2);
      const gradient = new Float64Array(theta.length).fill(Number.NaN);
      for (const quantity of conservedQuantities(problem)) {
        quantity.gradient(theta, gradient);
        // ReLU's S has a jump in its second derivative only: its differences are good to the step.
        for (const direction of [unit(normals(theta.length, seed + 2)), unit(gradient)]) {
          const error = Math.abs(dot(gradient, direction) - derivative(quantity, theta, direction));
          expect(error).toBeLessThan(1e-6 * (1 + norm(gradient)));
        }
      }
    }),
    { ...PROPERTY, numRuns: 12 },
  );
});

test('the sum over layer pairs telescopes: without biases only the first and the last weight are left', () => {
  const problem = randomProblem({
    widths: [3, 4, 3, 2],
    activation: 'linear',
    bias: false,
    loss: 'squared-error',
    seed: 1,
  });
  const theta = randomTheta(problem.architecture, 2);
  const sum = new Float64Array(theta.length);
  for (const quantity of conservedQuantities(problem)) {
    const gradient = new Float64Array(theta.length);
    quantity.gradient(theta, gradient);
    gradient.forEach((x, i) => {
      sum[i]! += x;
    });
  }
  const [first, second] = [12, 24];
  expect(sum.slice(0, first)).toEqual(theta.slice(0, first).map((x) => -x));
  expect(norm(sum.slice(first, second))).toBe(0);
  expect(sum.slice(second)).toEqual(theta.slice(second));
});
