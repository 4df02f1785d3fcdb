import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ActivationName } from '../model/activation.ts';
import type { Architecture } from '../model/architecture.ts';
import { whitenedDataset } from '../model/data.ts';
import { initialise, orthogonalMatrix } from '../model/initialisation.ts';
import { createNetwork } from '../model/network.ts';
import { parameterLayout } from '../model/parameters.ts';
import type { Dataset, MlpProblem } from '../model/problem.ts';
import { createRandom } from '../model/random.ts';
import { conservedQuantities } from '../symmetry/conserved-quantities.ts';
import type { IntegratorName } from './integrator.ts';
import { createObserver } from './observe.ts';
import type { FlowPlan } from './plan.ts';
import { createSolver } from './solve.ts';
import { genericStart, solveFlow, teacherProblem } from './testing/flows.ts';
import { fittedSlope } from './testing/slope.ts';

const fixed = (integrator: IntegratorName, stepSize: number, steps: number): FlowPlan => ({
  kind: 'fixed-step',
  integrator,
  stepSize,
  steps,
  record: { by: 'step', at: Float64Array.of(0) },
  stop: {},
});

const adaptive = (tolerance: number, time: number): FlowPlan => ({
  kind: 'adaptive',
  integrator: 'dormand-prince',
  tolerance,
  time,
  record: { by: 'time', at: Float64Array.of(0) },
  stop: {},
});

/** Attempted steps after which a flow is judged where it is: at a kink it may slide along, steps become very short. */
const ENOUGH_STEPS = 4000;

/** Greatest |q_k(end) - q_k(start)| over all units and layer pairs, relative to the size of theta where it is large. */
function drift(problem: MlpProblem, plan: FlowPlan, start: Float64Array): number {
  const network = createNetwork(problem);
  const observe = createObserver(problem, network);
  // A dead network does not move: nothing to test.
  fc.pre(observe(start).gradientNorm > 0);
  let final = start;
  const solver = createSolver(
    network,
    createObserver(problem, network),
    plan,
    { parameters: start },
    (...state) => {
      final = state[3].slice();
    },
  );
  for (let taken = 0; taken < ENOUGH_STEPS && solver.outcome === null; )
    taken += solver.advance(ENOUGH_STEPS);
  solver.cancel();
  const scale = Math.max(1, 0.5 * start.reduce((sum, value) => sum + value * value, 0));
  const drifts = conservedQuantities(problem).flatMap((quantity) => {
    const before = quantity.perUnit(start);
    return Array.from(quantity.perUnit(final), (q, k) => Math.abs(q - before[k]!));
  });
  return Math.max(...drifts) / scale;
}

/** `samples` orthonormal samples of `inputs` numbers (samples <= inputs), times `scale`; targets N(0, 1). */
function orthonormalDataset(
  inputs: number,
  samples: number,
  outputs: number,
  scale: number,
  seed: number,
): Dataset {
  const random = createRandom(seed, 'orthonormal');
  const targets = Float64Array.from({ length: samples * outputs }, () => random.normal());
  const rows = orthogonalMatrix(samples, inputs, random).map((value) => value * scale);
  return { samples, inputWidth: inputs, outputWidth: outputs, inputs: rows, targets };
}

const runs = { seed: 11, numRuns: 25 };
const seed = fc.integer({ min: 0, max: 1e6 });
const width = fc.integer({ min: 1, max: 7 });

describe('dormand-prince at 1e-10 keeps Q of every unit to 1e-7', () => {
  it.each(['linear', 'relu', 'leaky-relu'] as const)(
    '%s: any depth, widths, biases, data and loss',
    (activation) => {
      fc.assert(
        fc.property(
          fc.array(width, { minLength: 3, maxLength: 6 }),
          fc.boolean(),
          fc.constantFrom('mean-squared-error' as const, 'cross-entropy' as const),
          seed,
          (widths, bias, loss, seed) => {
            const problem = teacherProblem({ kind: 'mlp', widths, activation, bias }, seed, loss);
            const start = genericStart(problem.architecture, seed);
            expect(drift(problem, adaptive(1e-10, 3), start)).toBeLessThan(1e-7);
          },
        ),
        runs,
      );
    },
  );

  it.each(['row-inversion', 'radial-square'] as const)('%s: widths, biases, data and loss', (activation) => {
    fc.assert(
      fc.property(
        fc.array(width, { minLength: 3, maxLength: activation === 'row-inversion' ? 3 : 4 }),
        fc.boolean(),
        seed,
        (widths, bias, seed) => {
          const problem = teacherProblem(
            { kind: 'mlp', widths, activation, bias },
            seed,
            'half-squared-error',
          );
          const start = genericStart(problem.architecture, seed);
          expect(drift(problem, adaptive(1e-10, 0.05), start)).toBeLessThan(1e-7);
        },
      ),
      runs,
    );
  });

  it.each(['tanh', 'sigmoid', 'arctan', 'softsign', 'inverse-square-root', 'elu', 'sinh'] as const)(
    '%s: two layers, orthogonal samples of one length',
    (activation) => {
      fc.assert(
        fc.property(
          fc.tuple(fc.integer({ min: 2, max: 7 }), width, width),
          fc.integer({ min: 1, max: 2 }),
          fc.double({ min: 0.5, max: 2, noNaN: true }),
          seed,
          (widths, samples, scale, seed) => {
            const architecture: Architecture = { kind: 'mlp', widths, activation, bias: false };
            const dataset = orthonormalDataset(widths[0], samples, widths[2], scale, seed);
            const problem: MlpProblem = { architecture, dataset, loss: 'half-squared-error' };
            expect(drift(problem, adaptive(1e-10, 3), genericStart(architecture, seed))).toBeLessThan(1e-7);
          },
        ),
        runs,
      );
    },
  );

  it.each(['tanh', 'sigmoid'] as const)('%s: on other data Q visibly drifts', (activation) => {
    const architecture: Architecture = { kind: 'mlp', widths: [4, 6, 3], activation, bias: false };
    const problem = teacherProblem(architecture, 1, 'half-squared-error');
    expect(conservedQuantities(problem)[0]!.condition.holds).toBe(false);
    const start = initialise(architecture, { kind: 'normal', std: [1, 1] }, 1);
    expect(drift(problem, adaptive(1e-10, 0.5), start)).toBeGreaterThan(1e-3);
  });
});

/** A problem whose Q drifts for no other reason than the steps. */
function conservedProblem(activation: ActivationName): MlpProblem {
  const architecture: Architecture = { kind: 'mlp', widths: [4, 6, 3], activation, bias: false };
  return {
    architecture,
    dataset: whitenedDataset(4, 3, 5, 'half-squared-error'),
    loss: 'half-squared-error',
  };
}

describe('drift of Q over a fixed time', () => {
  it.each([
    ['gradient-descent', 1, [400, 800, 1600, 3200]],
    ['rk4', 4, [20, 40, 80, 160]],
  ] as const)('%s: falls with slope %d when the step halves', (name, order, stepCounts) => {
    for (const activation of ['linear', 'tanh', 'sigmoid'] as const) {
      const problem = conservedProblem(activation);
      const start = genericStart(problem.architecture, 3);
      const drifts = stepCounts.map((steps) => drift(problem, fixed(name, 1 / steps, steps), start));
      const slope = fittedSlope(
        stepCounts.map((steps) => 1 / steps),
        drifts,
      );
      expect(Math.abs(slope - order)).toBeLessThan(0.1 * order);
    }
  });

  it('one step of gradient descent on a linear network: eta^2 (dU^T dU - dV dV^T), math.md H1', () => {
    const problem = conservedProblem('linear');
    const start = genericStart(problem.architecture, 3);
    const gradient = new Float64Array(start.length);
    createNetwork(problem).gradient(start, gradient);
    const { final } = solveFlow(problem, fixed('gradient-descent', 0.01, 1), start);
    const [before, after, change] = [start, final, gradient].map((theta) => imbalance(problem, theta));
    const scale = Math.max(...before!.map(Math.abs));
    before!.forEach((q, i) => {
      expect(Math.abs(after![i]! - q - 1e-4 * change![i]!)).toBeLessThan(1e-13 * scale);
    });
    expect(Math.max(...change!.map(Math.abs))).toBeGreaterThan(0.01);
  });
});

/** U^T U - V V^T of a two-layer network, [h][h]. */
function imbalance({ architecture }: MlpProblem, theta: Float64Array): Float64Array {
  const [inner, outer] = parameterLayout(architecture).layers;
  const units = inner!.rows;
  return Float64Array.from({ length: units * units }, (_, at) => {
    const [j, k] = [Math.floor(at / units), at % units];
    let sum = 0;
    for (let o = 0; o < outer!.rows; o++) {
      sum += theta[outer!.weight + o * units + j]! * theta[outer!.weight + o * units + k]!;
    }
    for (let i = 0; i < inner!.columns; i++) {
      sum -= theta[inner!.weight + j * inner!.columns + i]! * theta[inner!.weight + k * inner!.columns + i]!;
    }
    return sum;
  });
}
