import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ActivationName } from '../model/activation.ts';
import { createNetwork } from '../model/network.ts';
import type { MlpProblem } from '../model/problem.ts';
import { createRandom } from '../model/random.ts';
import type { GroupName, LieAlgebra } from '../symmetry/group-action.ts';
import { groups } from '../symmetry/groups.ts';
import { createObserver } from './observe.ts';
import type { FlowPlan } from './plan.ts';
import { createSolver } from './solve.ts';
import { genericStart, teacherProblem } from './testing/flows.ts';

const plan: FlowPlan = {
  kind: 'adaptive',
  integrator: 'dormand-prince',
  tolerance: 1e-10,
  time: 0.05,
  record: { by: 'time', at: Float64Array.of(0) },
  stop: {},
};

/** Coordinates of a random symmetric X in a basis of matrix entries, one block for each hidden layer. */
function symmetricCoordinates(sizes: readonly number[], seed: number): Float64Array {
  const random = createRandom(seed, 'symmetric');
  return Float64Array.from(
    sizes.flatMap((n) => {
      const x = Array.from({ length: n * n }, () => random.normal());
      return x.map((value, k) => value + x[(k % n) * n + Math.floor(k / n)]!);
    }),
  );
}

const randomCoordinates = (dimension: number, seed: number): Float64Array => {
  const random = createRandom(seed, 'coordinates');
  return Float64Array.from({ length: dimension }, () => random.normal());
};

/** 1/2 <theta, xi_X(theta)>: the Noether quantity of X where its generator is symmetric (math.md B1). */
function noether(algebra: LieAlgebra, coordinates: Float64Array, theta: Float64Array): number {
  const out = new Float64Array(theta.length);
  algebra.infinitesimal(theta, coordinates, out);
  return out.reduce((sum, x, i) => sum + x * theta[i]!, 0) / 2;
}

/** Attempted steps after which a flow is judged where it is: at a kink they may become very short. */
const ENOUGH_STEPS = 500;

/** Where gradient flow is from `start` after the time of the plan. */
function flowFrom(problem: MlpProblem, start: Float64Array): Float64Array {
  const network = createNetwork(problem);
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
  for (let taken = 0; taken < ENOUGH_STEPS && solver.outcome === null; ) {
    taken += solver.advance(ENOUGH_STEPS);
  }
  solver.cancel();
  return final;
}

/** |Q(end) - Q(start)| of X along gradient flow, and |<grad L, xi_X>| at the start. */
function along(problem: MlpProblem, algebra: LieAlgebra, coordinates: Float64Array, seed: number) {
  const start = genericStart(problem.architecture, seed);
  const final = flowFrom(problem, start);
  const [gradient, velocity] = [new Float64Array(start.length), new Float64Array(start.length)];
  createNetwork(problem).gradient(start, gradient);
  algebra.infinitesimal(start, coordinates, velocity);
  return {
    drift: Math.abs(noether(algebra, coordinates, final) - noether(algebra, coordinates, start)),
    slope: Math.abs(gradient.reduce((sum, g, i) => sum + g * velocity[i]!, 0)),
    size: Math.hypot(...gradient) * Math.hypot(...velocity),
    quantity: Math.abs(noether(algebra, coordinates, start)),
  };
}

const widths = fc.array(fc.integer({ min: 2, max: 4 }), { minLength: 3, maxLength: 4 });
const seed = fc.integer({ min: 0, max: 1e6 });
const runs = { seed: 5, numRuns: 12 };

describe('symmetric generators', () => {
  it.each([
    ['general-linear', 'linear'],
    ['rescaling', 'relu'],
    ['rescaling', 'leaky-relu'],
    ['rescaling', 'row-inversion'],
    ['radial-scaling', 'radial-square'],
  ] as const)('of %s on %s: the loss is constant along them, Q along the flow', (name, activation) => {
    fc.assert(
      fc.property(widths, fc.boolean(), seed, (w, bias, seed) => {
        const problem = teacherProblem(
          { kind: 'mlp', widths: w, activation, bias },
          seed,
          'half-squared-error',
        );
        const { algebra, sizes } = groups[name].create(problem);
        const coordinates =
          algebra!.generators === 'mixed'
            ? symmetricCoordinates(sizes, seed)
            : randomCoordinates(algebra!.dimension, seed);
        const { drift, slope, size } = along(problem, algebra!, coordinates, seed);
        expect(slope).toBeLessThan(1e-12 * size);
        expect(drift).toBeLessThan(1e-7);
      }),
      runs,
    );
  });
});

describe('antisymmetric generators', () => {
  const network = (activation: ActivationName, seed: number) =>
    teacherProblem({ kind: 'mlp', widths: [3, 4, 2], activation, bias: true }, seed, 'half-squared-error');
  const action = (name: GroupName, problem: MlpProblem) => groups[name].create(problem).algebra!;

  it('of O(h) on radial networks: a constraint on the direction of the flow, and no quantity', () => {
    fc.assert(
      fc.property(seed, (seed) => {
        const problem = network('squash', seed);
        const algebra = action('orthogonal', problem);
        expect(algebra.generators).toBe('antisymmetric');
        const { slope, size, quantity } = along(problem, algebra, randomCoordinates(6, seed), seed);
        expect(size).toBeGreaterThan(1e-6);
        expect(slope).toBeLessThan(1e-12 * size);
        expect(quantity).toBeLessThan(1e-14 * size + 1e-14);
      }),
      runs,
    );
  });

  it('the symmetric generators of GL(h) are none of a radial network: their Q drifts', () => {
    const problem = network('squash', 4);
    const linear = action('general-linear', network('linear', 4));
    const { drift, slope, size } = along(problem, linear, symmetricCoordinates([4], 4), 4);
    expect(slope).toBeGreaterThan(1e-4 * size);
    expect(drift).toBeGreaterThan(1e-3);
  });

  it('the general linear group of a linear network has both halves', () => {
    const problem = network('linear', 6);
    const algebra = action('general-linear', problem);
    const symmetric = symmetricCoordinates([4], 6);
    const skew = symmetric.map((x, k) =>
      Math.floor(k / 4) < k % 4 ? x : Math.floor(k / 4) > k % 4 ? -x : 0,
    );
    const start = genericStart(problem.architecture, 6);
    expect(Math.abs(noether(algebra, skew, start))).toBeLessThan(1e-14);
    expect(Math.abs(noether(algebra, symmetric, start))).toBeGreaterThan(1e-2);
    expect(along(problem, algebra, skew, 6).slope).toBeLessThan(1e-12);
  });
});
