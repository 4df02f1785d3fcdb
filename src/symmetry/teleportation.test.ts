import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { ActivationName } from '../model/activation.ts';
import { createLoss } from '../model/network.ts';
import type { MlpProblem, Problem } from '../model/problem.ts';
import { createRandom } from '../model/random.ts';
import { sharpness } from '../model/sharpness.ts';
import type { TestFunctionName } from '../model/test-function.ts';
import { norm } from '../model/vector.ts';
import { conservedQuantities } from './conserved-quantities.ts';
import { groupNames } from './group-action.ts';
import { groups } from './groups.ts';
import { setTotal } from './set-conserved.ts';
import { objectiveNames, type TeleportationOptions } from './teleportation/options.ts';
import { largestSharpness } from './teleportation/stability.ts';
import { TeleportationError } from './teleportation/teleportation-error.ts';
import { teleport } from './teleportation.ts';
import { PROPERTY, randomProblem, randomTheta, seeds } from './testing/problems.ts';

const defaults: TeleportationOptions = {
  group: 'auto',
  objective: 'gradient-norm',
  direction: 'increase',
  iterations: 20,
  maximumDistance: 5,
};

const jumpOf = (problem: Problem, theta: Float64Array, options: Partial<TeleportationOptions> = {}) =>
  teleport(problem, createLoss(problem), theta, { ...defaults, ...options });

const testFunctionProblem = (name: TestFunctionName): Problem => ({
  architecture: { kind: 'test-function', name },
});

/** Losses of gradient descent: of the start and after each step. */
function descend(problem: Problem, start: Float64Array, stepSize: number, steps: number): number[] {
  const loss = createLoss(problem);
  const theta = start.slice();
  const gradient = new Float64Array(theta.length);
  const losses = [loss.loss(theta)];
  for (let t = 0; t < steps; t++) {
    loss.gradient(theta, gradient);
    for (let i = 0; i < theta.length; i++) theta[i]! -= stepSize * gradient[i]!;
    losses.push(loss.loss(theta));
  }
  return losses;
}

const relative = (a: number, b: number): number => Math.abs(a - b) / Math.abs(b);

describe('test functions (math.md E1)', () => {
  test('Booth from (5, -5): |grad L|^2 rises from 2880 to 5184, and the loss then falls by 0.1936 a step', () => {
    const booth = testFunctionProblem('booth');
    const { before, after, to, distance, message } = jumpOf(booth, Float64Array.of(5, -5));
    expect(before.gradientNorm ** 2).toBeCloseTo(2880, 9);
    expect(Math.abs(after.gradientNorm ** 2 - 5184)).toBeLessThan(1e-6);
    expect(after.loss).toBeCloseTo(144, 10);
    expect(distance).toBeCloseTo(Math.PI / 4, 6);
    expect(message).toMatch(
      /^It stopped where no step along the orbit increases the gradient norm any more\.$/,
    );
    const losses = descend(booth, to, 0.08, 6);
    for (let t = 1; t < losses.length; t++) expect(losses[t]! / losses[t - 1]!).toBeCloseTo(0.1936, 5);
    // Without the jump it does not.
    const twin = descend(booth, Float64Array.of(5, -5), 0.08, 2);
    expect(twin[2]! / twin[1]!).toBeGreaterThan(0.5);
  });

  test('Booth: the least gradient on the level set is 4 c', () => {
    const { after } = jumpOf(testFunctionProblem('booth'), Float64Array.of(5, -5), { direction: 'decrease' });
    expect(Math.abs(after.gradientNorm ** 2 - 576)).toBeLessThan(1e-6);
  });

  test('every start on Booth reaches 36 c and 4 c', () => {
    fc.assert(
      fc.property(
        fc.double({ min: -9, max: 9, noNaN: true }),
        fc.double({ min: -9, max: 9, noNaN: true }),
        (x, y) => {
          const theta = Float64Array.of(x, y);
          const up = jumpOf(testFunctionProblem('booth'), theta).after;
          const down = jumpOf(testFunctionProblem('booth'), theta, { direction: 'decrease' }).after;
          fc.pre(up.loss > 1e-3);
          expect(relative(up.gradientNorm ** 2, 36 * up.loss)).toBeLessThan(1e-6);
          expect(relative(down.gradientNorm ** 2, 4 * up.loss)).toBeLessThan(1e-6);
        },
      ),
      PROPERTY,
    );
  });

  test('Rosenbrock from (-1, -1): the greatest |grad L|^2 of the circle, past another maximum, and the least', () => {
    const rosenbrock = testFunctionProblem('rosenbrock');
    const start = Float64Array.of(-1, -1);
    const up = jumpOf(rosenbrock, start);
    expect(up.before.gradientNorm ** 2).toBeCloseTo(806416, 6);
    expect(relative(up.after.gradientNorm ** 2, 7.5449534e7)).toBeLessThan(1e-7);
    expect(relative(up.after.loss, 404)).toBeLessThan(1e-12);
    expect(up.to[0]).toBeCloseTo(14.9735, 3);
    expect(up.message).toMatch(/sharpness is 105 times as large.* only below step size 0\.0000111\.$/);
    const down = jumpOf(rosenbrock, start, { direction: 'decrease' });
    expect(down.after.gradientNorm ** 2).toBeCloseTo(0.90699, 3);
    const near = jumpOf(rosenbrock, start, { maximumDistance: 0.5 });
    expect(near.after.gradientNorm ** 2).toBeLessThan(7e7);
    expect(near.distance).toBeLessThanOrEqual(0.5);
  });
});

/** Networks on which 'auto' finds an exact group. */
const exactNet = fc
  .tuple(
    fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 3, maxLength: 4 }),
    fc.constantFrom<ActivationName>('linear', 'relu', 'leaky-relu', 'row-inversion'),
    fc.boolean(),
    seeds,
  )
  .map(([widths, activation, bias, seed]) => {
    const shape = activation === 'row-inversion' ? widths.slice(0, 3) : widths;
    const problem = randomProblem({ widths: shape, activation, bias, loss: 'half-squared-error', seed });
    return { problem, theta: randomTheta(problem.architecture, seed) };
  });

describe('networks', () => {
  test('the loss stays, the objective never gets worse, the path keeps its length, theta its start', () => {
    fc.assert(
      fc.property(
        exactNet,
        fc.constantFrom('gradient-norm', 'sharpness', 'curvature', 'random'),
        fc.constantFrom('increase', 'decrease'),
        fc.double({ min: 0.1, max: 3, noNaN: true }),
        ({ problem, theta }, objective, direction, maximumDistance) => {
          const start = theta.slice();
          const options = { objective, direction, maximumDistance, iterations: 6 } as const;
          const { before, after, from, to, distance, displacement, iterations } = jumpOf(
            problem,
            theta,
            options,
          );
          expect(theta).toEqual(start);
          expect(from).toEqual(start);
          expect(relative(after.loss, before.loss)).toBeLessThan(1e-10);
          expect(distance).toBeLessThanOrEqual(maximumDistance * (1 + 1e-12));
          expect(iterations).toBeLessThanOrEqual(6);
          expect(displacement).toBeCloseTo(norm(to.map((x, i) => x - from[i]!)), 12);
          const sign = direction === 'increase' ? 1 : -1;
          if (objective === 'gradient-norm') {
            expect(sign * (after.gradientNorm - before.gradientNorm)).toBeGreaterThanOrEqual(0);
          }
          if (objective === 'sharpness') {
            expect(sign * (after.sharpness - before.sharpness)).toBeGreaterThanOrEqual(
              -1e-3 * Math.abs(before.sharpness),
            );
          }
          expect(jumpOf(problem, theta, options).to).toEqual(to);
        },
      ),
      PROPERTY,
    );
  });

  test.each(['linear', 'relu', 'leaky-relu'] as const)(
    '%s: the gradient norm rises, Q changes and the loss is the same to 1e-12',
    (activation) => {
      const problem = randomProblem({
        widths: [5, 8, 6, 3],
        activation,
        bias: true,
        loss: 'mean-squared-error',
        seed: 3,
      });
      const theta = randomTheta(problem.architecture, 4);
      const { before, after } = jumpOf(problem, theta, { maximumDistance: 2 });
      expect(relative(after.loss, before.loss)).toBeLessThan(1e-12);
      expect(after.gradientNorm).toBeGreaterThan(2 * before.gradientNorm);
      expect(after.conserved).toHaveLength(2);
      after.conserved.forEach((q, i) => {
        expect(Math.abs(q - before.conserved[i]!)).toBeGreaterThan(0.1);
        expect(before.conserved[i]).toBe(conservedQuantities(problem)[i]!.total(theta));
      });
      const lower = jumpOf(problem, theta, { direction: 'decrease' }).after;
      expect(lower.gradientNorm).toBeLessThan(0.9 * before.gradientNorm);
    },
  );

  test.each(['linear', 'relu', 'row-inversion'] as const)(
    '%s goes to a target of Q, where setTotal goes too',
    (activation) => {
      const widths = [4, 6, 3];
      const problem = randomProblem({ widths, activation, bias: false, loss: 'squared-error', seed: 5 });
      const theta = randomTheta(problem.architecture, 6);
      const [quantity] = conservedQuantities(problem);
      for (const target of [0.5, 2, 9]) {
        const { before, after, message } = jumpOf(problem, theta, {
          objective: 'conserved-quantity',
          target,
          direction: target > 2 ? 'increase' : 'decrease',
        });
        expect(message).toMatch(/^Q reached its target/);
        const closedForm = quantity!.total(setTotal(problem, theta, 0, target));
        expect(Math.abs(after.conserved[0]! - closedForm)).toBeLessThan(1e-10 * (1 + target));
        expect(relative(after.loss, before.loss)).toBeLessThan(1e-10);
      }
    },
  );

  test.each(['linear', 'leaky-relu'] as const)('%s: the sharpness falls and rises', (activation) => {
    const problem = randomProblem({
      widths: [4, 6, 3],
      activation,
      bias: false,
      loss: 'squared-error',
      seed: 7,
    });
    const theta = randomTheta(problem.architecture, 8);
    const exact = (at: Float64Array) => sharpness(createLoss(problem), at, { tolerance: 1e-10 });
    const down = jumpOf(problem, theta, {
      objective: 'sharpness',
      direction: 'decrease',
      maximumDistance: 1,
    });
    expect(exact(down.to)).toBeLessThan(0.85 * exact(theta));
    expect(relative(down.after.sharpness, exact(down.to))).toBeLessThan(1e-3);
    const up = jumpOf(problem, theta, { objective: 'sharpness', maximumDistance: 1 });
    expect(exact(up.to)).toBeGreaterThan(1.5 * exact(theta));
  });

  test('an action that needs few samples says by how much the loss changed where there are more', () => {
    const net = (samples: number) =>
      randomProblem({
        widths: [4, 5, 2],
        activation: 'leaky-relu',
        bias: false,
        loss: 'squared-error',
        seed: 9,
        samples,
      });
    const theta = randomTheta(net(3).architecture, 3);
    const options = { group: 'after-activation', maximumDistance: 1 } as const;
    const few = jumpOf(net(3), theta, options);
    expect(relative(few.after.loss, few.before.loss)).toBeLessThan(1e-10);
    expect(few.after.gradientNorm).toBeGreaterThan(1.2 * few.before.gradientNorm);
    expect(few.message).not.toMatch(/not exact/);
    const many = jumpOf(net(20), theta, options);
    const change = relative(many.after.loss, many.before.loss);
    expect(change).toBeGreaterThan(1e-3);
    expect(many.message).toMatch(/the action is not exact here and changed the loss by -?[\d.]+ %/);
    // Nor does the first-order action keep it, whatever the data.
    const first = jumpOf(net(3), theta, { ...options, group: 'after-activation-first-order' });
    expect(relative(first.after.loss, first.before.loss)).toBeGreaterThan(1e-4);
    expect(first.message).toMatch(/not exact/);
  });

  test('orthogonal groups leave the gradient norm as it is, and nothing moves', () => {
    const linear = randomProblem({
      widths: [3, 4, 2],
      activation: 'linear',
      bias: true,
      loss: 'squared-error',
      seed: 1,
    });
    const squash = randomProblem({
      widths: [3, 4, 2],
      activation: 'squash',
      bias: true,
      loss: 'squared-error',
      seed: 1,
    });
    for (const [problem, group, symbol] of [
      [linear, 'orthogonal', 'O(h)'],
      [squash, 'auto', 'O(h)'],
      [linear, 'permutation', 'S_h'],
    ] as const) {
      const theta = randomTheta(problem.architecture, 2);
      const { to, before, after, distance, message } = jumpOf(problem, theta, { group });
      expect(to).toEqual(theta);
      expect(after).toEqual(before);
      expect(distance).toBe(0);
      expect(message).toBe(`${symbol} leaves the gradient norm as it is, so nothing moved.`);
      // And so they do: a random element changes theta but not the gradient norm.
      const random = jumpOf(problem, theta, { group, objective: 'random', maximumDistance: 2, seed: 1 });
      expect(random.displacement).toBeGreaterThan(0.1);
      expect(relative(random.after.gradientNorm, before.gradientNorm)).toBeLessThan(1e-12);
    }
  });

  test('a random element has the length asked for and depends on the seed', () => {
    const problem = randomProblem({
      widths: [3, 4, 2],
      activation: 'relu',
      bias: true,
      loss: 'squared-error',
      seed: 1,
    });
    const theta = randomTheta(problem.architecture, 2);
    const draw = (seed: number) =>
      jumpOf(problem, theta, { objective: 'random', maximumDistance: 1.5, seed });
    expect(draw(1).distance).toBe(1.5);
    expect(draw(1).to).toEqual(draw(1).to);
    expect(draw(1).to).not.toEqual(draw(2).to);
    const { algebra } = groups.rescaling.create(problem);
    // d_k is the ratio of the rows of the inner weight.
    const logs = Array.from({ length: 4 }, (_, k) => Math.log(draw(1).to[3 * k]! / theta[3 * k]!));
    expect(Math.hypot(...logs)).toBeCloseTo(1.5, 12);
    expect(algebra!.dimension).toBe(4);
  });

  test('costs what it says: gradients as one, Hessian-vector products as two', () => {
    const problem = randomProblem({
      widths: [3, 4, 2],
      activation: 'relu',
      bias: true,
      loss: 'squared-error',
      seed: 1,
    });
    const loss = createLoss(problem);
    let cost = 0;
    const watched = {
      ...loss,
      gradient: (theta: Float64Array, out: Float64Array) => {
        cost += 1;
        return loss.gradient(theta, out);
      },
      hessianVectorProduct: (theta: Float64Array, vector: Float64Array, out: Float64Array) => {
        cost += 2;
        loss.hessianVectorProduct(theta, vector, out);
      },
    };
    const jump = teleport(problem, watched, randomTheta(problem.architecture, 2), defaults);
    expect(jump.gradients).toBe(cost);
    expect(jump.gradients).toBeGreaterThan(20);
  });

  test('where the loss is not finite, or the gradient zero, nothing moves and the message says so', () => {
    const problem = randomProblem({
      widths: [2, 3, 1],
      activation: 'relu',
      bias: false,
      loss: 'squared-error',
      seed: 1,
    });
    const nowhere = jumpOf(problem, new Float64Array(9).fill(Number.NaN));
    expect(nowhere.displacement).toBeNaN();
    expect(nowhere.message).toBe('The loss or its gradient is not finite here, so nothing moved.');
    const flat = jumpOf(problem, new Float64Array(9));
    expect(flat.displacement).toBe(0);
    expect(flat.message).toMatch(/so nothing moved\.$/);
  });
});

describe('refusals', () => {
  const relu = randomProblem({
    widths: [2, 3, 1],
    activation: 'relu',
    bias: false,
    loss: 'squared-error',
    seed: 1,
  });
  const theta = randomTheta(relu.architecture, 1);

  test('a group that does not act on the network is refused with its own sentence', () => {
    expect(() => jumpOf(relu, theta, { group: 'general-linear' })).toThrow(TeleportationError);
    expect(() => jumpOf(relu, theta, { group: 'general-linear' })).toThrow(
      groups['general-linear'].applies(relu)!,
    );
    for (const group of groupNames) {
      if (groups[group].applies(relu) === null) continue;
      expect(() => jumpOf(relu, theta, { group })).toThrow(TeleportationError);
    }
  });

  test('iterations and distance must make sense', () => {
    expect(() => jumpOf(relu, theta, { iterations: 0 })).toThrow(/iterations .* whole number from 1 up/);
    expect(() => jumpOf(relu, theta, { maximumDistance: Number.POSITIVE_INFINITY })).toThrow(
      /positive number/,
    );
    expect(() => jumpOf(relu, theta, { objective: 'conserved-quantity' })).toThrow(/set target/);
  });

  test('every objective has a name in the options', () => {
    for (const objective of objectiveNames) {
      expect(() => jumpOf(relu, theta, { objective, target: 0.1 })).not.toThrow();
    }
  });
});

describe('with the step size of the flow', () => {
  test('no jump ends where gradient descent of it would be unstable, unless it began there', () => {
    fc.assert(
      fc.property(
        exactNet,
        fc.constantFrom('gradient-norm', 'sharpness', 'curvature'),
        fc.constantFrom('increase', 'decrease'),
        fc.double({ min: 1e-3, max: 1, noNaN: true }),
        ({ problem, theta }, objective, direction, stepSize) => {
          const { before, after, to } = jumpOf(problem, theta, {
            objective,
            direction,
            stepSize,
            iterations: 6,
          });
          const most = largestSharpness(stepSize, before.sharpness);
          expect(sharpness(createLoss(problem), to, { tolerance: 1e-6 })).toBeLessThan(1.03 * most);
          expect(relative(after.loss, before.loss)).toBeLessThan(1e-10);
        },
      ),
      PROPERTY,
    );
  });

  test('a linear network goes up to it and no further, and says so', () => {
    const problem = randomProblem({
      widths: [4, 6, 3],
      activation: 'linear',
      bias: false,
      loss: 'squared-error',
      seed: 7,
    });
    const theta = randomTheta(problem.architecture, 8);
    const free = jumpOf(problem, theta);
    const stepSize = 0.05 / free.before.sharpness;
    const most = largestSharpness(stepSize, free.before.sharpness);
    expect(free.after.sharpness).toBeGreaterThan(10 * most);
    const { before, after, message } = jumpOf(problem, theta, { stepSize });
    expect(message).toMatch(/^It stopped before it became too sharp for gradient descent of step size/);
    expect(after.sharpness / most).toBeCloseTo(1, 1);
    expect(after.gradientNorm).toBeGreaterThan(1.5 * before.gradientNorm);
    // At rest beyond the limit, nothing that is sharper is taken.
    const coarse = jumpOf(problem, theta, { stepSize: 2 / before.sharpness });
    expect(coarse.after.sharpness).toBeLessThan(1.02 * before.sharpness);
  });

  test('compact groups have a maximum and no such limit', () => {
    const rosenbrock = testFunctionProblem('rosenbrock');
    const start = Float64Array.of(-1, -1);
    expect(jumpOf(rosenbrock, start, { stepSize: 1e-3 })).toEqual(jumpOf(rosenbrock, start));
  });
});

describe('the published regression nets, X 5 x 4, widths 5-6-7-8 (math.md E3)', () => {
  const STEP_SIZE = 1e-4;

  /** Losses after 300 steps of the flow that teleports at step 5 and of its twin. */
  function race(seed: number, options: Partial<TeleportationOptions>): { jumped: number; twin: number } {
    const random = createRandom(seed, 'regression');
    const uniform = (length: number) => Float64Array.from({ length }, () => random.uniform());
    const problem: MlpProblem = {
      architecture: { kind: 'mlp', widths: [5, 6, 7, 8], activation: 'leaky-relu', bias: false },
      dataset: { samples: 4, inputWidth: 5, outputWidth: 8, inputs: uniform(20), targets: uniform(32) },
      loss: 'half-squared-error',
    };
    const start = uniform(30 + 42 + 56);
    const loss = createLoss(problem);
    const gradient = new Float64Array(start.length);
    const run = (teleports: boolean): number => {
      let theta: Float64Array = start.slice();
      for (let t = 0; t < 300; t++) {
        if (teleports && t === 5) {
          const { to, before, after } = jumpOf(problem, theta, { iterations: 8, ...options });
          expect(relative(after.loss, before.loss)).toBeLessThan(1e-12);
          expect(after.gradientNorm).toBeGreaterThan(1.2 * before.gradientNorm);
          expect(Math.abs(after.conserved[0]! - before.conserved[0]!)).toBeGreaterThan(0.01);
          theta = to;
        }
        loss.gradient(theta, gradient);
        for (let i = 0; i < theta.length; i++) theta[i]! -= STEP_SIZE * gradient[i]!;
      }
      return loss.loss(theta);
    };
    return { jumped: run(true), twin: run(false) };
  }

  const wins = (seeds: readonly number[], options: Partial<TeleportationOptions>): number =>
    seeds.filter((seed) => {
      const { jumped, twin } = race(seed, options);
      return jumped < twin;
    }).length;
  const published = [0, 1, 2, 3, 4];
  const fresh = Array.from({ length: 10 }, (_, i) => 5 + i);

  test('after 300 steps the flow that teleported at step 5 is lower on at least four of five', () => {
    expect(wins(published, { stepSize: STEP_SIZE })).toBeGreaterThanOrEqual(4);
    expect(wins(fresh, { stepSize: STEP_SIZE })).toBeGreaterThanOrEqual(8);
    expect(wins(published, { maximumDistance: 1 })).toBeGreaterThanOrEqual(4);
  });

  test('without a limit a jump of distance 5 goes where the descent does not stand it', () => {
    expect(wins([...published, ...fresh], { maximumDistance: 5 })).toBeLessThan(10);
  });
});
