import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { integrator } from '../../../flow/integrator.ts';
import { createStepper } from '../../../flow/stepper.ts';
import { genericStart, relativeError, teacherProblem } from '../../../flow/testing/flows.ts';
import { whitenedDataset } from '../../../model/data.ts';
import { lossNames } from '../../../model/loss.ts';
import type { LossFunction } from '../../../model/loss-function.ts';
import { createNetwork } from '../../../model/network.ts';
import { pointwiseNames } from '../../../model/pointwise.ts';
import type { MlpProblem } from '../../../model/problem.ts';
import { createSimdLoss } from './simd-loss.ts';

/** Sums in another order: some hundred terms of 1e-16 each. */
const ROUNDING = 1e-13;

/** Any depth from one layer on, odd and even widths and sample counts, every pointwise activation and loss; unit vectors as inputs too. */
const problems: fc.Arbitrary<MlpProblem> = fc
  .record({
    widths: fc.array(fc.integer({ min: 1, max: 13 }), { minLength: 2, maxLength: 5 }),
    activation: fc.constantFrom(...pointwiseNames),
    bias: fc.boolean(),
    loss: fc.constantFrom(...lossNames),
    whitened: fc.boolean(),
    seed: fc.integer({ min: 1, max: 1000 }),
  })
  .map(({ widths, activation, bias, loss, whitened, seed }) => {
    const architecture = { kind: 'mlp', widths, activation, bias } as const;
    return whitened
      ? { architecture, dataset: whitenedDataset(widths[0]!, widths.at(-1)!, seed, loss), loss }
      : teacherProblem(architecture, seed, loss);
  })
  // sinh of sinh of sinh leaves the numbers.
  .filter((problem) => createNetwork(problem).loss(genericStart(problem.architecture, 11)) < 1e6);

/** Everything that a loss computes at one point, in one vector. */
function evaluate(loss: LossFunction, at: MlpProblem) {
  const theta = genericStart(at.architecture, 11);
  const direction = genericStart(at.architecture, 12);
  const gradient = new Float64Array(loss.size);
  const product = new Float64Array(loss.size);
  const value = loss.gradient(theta, gradient);
  loss.hessianVectorProduct(theta, direction, product);
  return { value: Float64Array.of(value, loss.loss(theta)), gradient, product };
}

function expectSame(
  problem: MlpProblem,
  ...kernels: Parameters<typeof createSimdLoss> extends [unknown, ...infer K] ? K : never
) {
  const simd = createSimdLoss(problem, ...kernels)!;
  const actual = evaluate(simd, problem);
  const expected = evaluate(createNetwork(problem), problem);
  simd.release();
  expect(relativeError(actual.value, expected.value)).toBeLessThanOrEqual(ROUNDING);
  expect(relativeError(actual.gradient, expected.gradient)).toBeLessThanOrEqual(ROUNDING);
  expect(relativeError(actual.product, expected.product)).toBeLessThanOrEqual(ROUNDING);
}

describe('the loss on SIMD kernels', () => {
  it('is that of the plain network with its derivatives, whatever the problem', () => {
    fc.assert(
      fc.property(problems, (problem) => expectSame(problem)),
      { seed: 3, numRuns: 300 },
    );
  });

  it('fills activations that have no kernel by their entry in the model', () => {
    fc.assert(
      fc.property(problems, (problem) => expectSame(problem, {})),
      { seed: 4, numRuns: 60 },
    );
  });

  it('is another one where an activation is filled by the wrong kernel', () => {
    const problem = teacherProblem({ kind: 'mlp', widths: [3, 4, 2], activation: 'tanh', bias: true }, 1);
    expect(() => expectSame(problem, { tanh: 5 })).toThrow();
  });

  it('gives the same bits again, also on memory that another problem has used', () => {
    const [small, large] = [[3, 5, 2] as const, [7, 9, 8, 3] as const].map((widths) =>
      teacherProblem({ kind: 'mlp', widths: [...widths], activation: 'sigmoid', bias: true }, 2),
    );
    const run = (problem: MlpProblem) => {
      const loss = createSimdLoss(problem)!;
      const result = evaluate(loss, problem);
      loss.release();
      loss.release();
      return result;
    };
    const first = run(small!);
    run(large!);
    expect(run(small!)).toEqual(first);
    const together = [small!, large!].map((problem) => createSimdLoss(problem)!);
    expect(evaluate(together[0]!, small!)).toEqual(first);
    evaluate(together[1]!, large!);
    expect(evaluate(together[0]!, small!)).toEqual(first);
    for (const loss of together) loss.release();
  });

  it('a parameter that is NaN makes the loss NaN', () => {
    fc.assert(
      fc.property(problems, (problem) => {
        const simd = createSimdLoss(problem)!;
        const theta = genericStart(problem.architecture, 1);
        theta[theta.length - 1] = Number.NaN;
        const value = simd.loss(theta);
        simd.release();
        expect(value).toBeNaN();
      }),
      { seed: 5, numRuns: 50 },
    );
  });
});

describe('the stepper on SIMD kernels', () => {
  it.each(['gradient-descent', 'rk4', 'dormand-prince'] as const)(
    'takes the steps of the plain one: %s',
    (name) => {
      const problem = teacherProblem({ kind: 'mlp', widths: [4, 7, 3], activation: 'tanh', bias: true }, 3);
      const { tableau } = integrator(name);
      const start = genericStart(problem.architecture, 5);
      const loss = createSimdLoss(problem)!;
      const actual = loss.createStepper(tableau, start);
      const expected = createStepper(createNetwork(problem), tableau, start);
      for (let step = 0; step < 20; step++) {
        const h = 0.01 * (1 + (step % 3));
        actual.attempt(h);
        expected.attempt(h);
        const error = expected.error(h, 1e-6);
        expect(Math.abs(actual.error(h, 1e-6) - error)).toBeLessThanOrEqual(1e-6 * error);
        if (step % 4 === 3) continue;
        actual.accept();
        expected.accept();
      }
      expect(relativeError(actual.theta, expected.theta)).toBeLessThanOrEqual(ROUNDING);
      expect(relativeError(actual.gradient, expected.gradient)).toBeLessThanOrEqual(ROUNDING);
      expect(Math.abs(actual.gradientNorm / expected.gradientNorm - 1)).toBeLessThanOrEqual(ROUNDING);
      expect(Math.abs(actual.loss / expected.loss - 1)).toBeLessThanOrEqual(ROUNDING);
      loss.release();
    },
  );
});
