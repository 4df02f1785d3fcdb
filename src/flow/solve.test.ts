import { describe, expect, it } from 'vitest';
import type { Architecture } from '../model/architecture.ts';
import { createNetwork } from '../model/network.ts';
import { type IntegratorName, integrators } from './integrator.ts';
import { createObserver } from './observe.ts';
import type { AdaptivePlan, FixedStepPlan } from './plan.ts';
import { explicitSchedule, stepSchedule, timeSchedule } from './record.ts';
import { createSolver } from './solve.ts';
import { genericStart, relativeError, solveFlow, teacherProblem } from './testing/flows.ts';
import { balancedProduct, scalarProblem, scalarSolution } from './testing/scalar.ts';
import { fittedSlope } from './testing/slope.ts';

const fixed = (integrator: IntegratorName, stepSize: number, steps: number): FixedStepPlan => ({
  kind: 'fixed-step',
  integrator,
  stepSize,
  steps,
  record: explicitSchedule([0]),
  stop: {},
});

const adaptive = (tolerance: number, time: number): AdaptivePlan => ({
  kind: 'adaptive',
  integrator: 'dormand-prince',
  tolerance,
  time,
  record: { by: 'time', at: Float64Array.of(0) },
  stop: {},
});

const tanh: Architecture = { kind: 'mlp', widths: [3, 6, 2], activation: 'tanh', bias: true };
const smooth = teacherProblem(tanh, 1);
const start = genericStart(tanh, 1);

describe('closed forms', () => {
  it('the hyperbola of math.md H4 to 1e-9', () => {
    const { final } = solveFlow(scalarProblem(1.7), adaptive(1e-11, 1), Float64Array.of(0.3, 1.9));
    const exact = scalarSolution(1.7, 1.9, 0.3, 1);
    expect(exact[1]).toBeCloseTo(2.0490981062, 10);
    expect(exact[0]).toBeCloseTo(0.8238950473, 10);
    expect(Math.abs(final[1]! - exact[1]!)).toBeLessThan(1e-9);
    expect(Math.abs(final[0]! - exact[0]!)).toBeLessThan(1e-9);
  });

  it('the balanced flow of math.md H5 to 1e-9 at every recorded time', () => {
    const root = Math.sqrt(0.05);
    const plan = { ...adaptive(1e-11, 5), record: timeSchedule(5, 20, 'linear') };
    const { frames } = solveFlow(scalarProblem(1.7), plan, Float64Array.of(root, root));
    expect(frames.count).toBe(20);
    for (let i = 0; i < frames.count; i++) {
      const product = frames.parameters[2 * i]! * frames.parameters[2 * i + 1]!;
      expect(frames.time[i]).toBe(plan.record.at[i]);
      expect(Math.abs(product - balancedProduct(1.7, 0.05, frames.time[i]!))).toBeLessThan(1e-9);
    }
  });

  it.each([
    ['gradient-descent', [200, 283, 400, 566, 800]],
    ['rk4', [16, 24, 32, 48, 64]],
    ['dormand-prince', [16, 20, 24, 32, 40]],
  ] as const)('%s converges with the order of its tableau', (name, stepCounts) => {
    const time = 0.3;
    const exact = scalarSolution(1.7, 1.9, 0.3, time);
    const errors = stepCounts.map((steps) =>
      relativeError(
        solveFlow(scalarProblem(1.7), fixed(name, time / steps, steps), Float64Array.of(0.3, 1.9)).final,
        exact,
      ),
    );
    const slope = fittedSlope(
      stepCounts.map((steps) => 1 / steps),
      errors,
    );
    expect(Math.abs(slope - integrators[name].tableau.order)).toBeLessThan(0.1);
  });

  it('the error of dormand-prince follows its tolerance', () => {
    const exact = solveFlow(smooth, adaptive(1e-13, 3), start).final;
    for (const tolerance of [1e-5, 1e-7, 1e-9, 1e-11]) {
      const error = relativeError(solveFlow(smooth, adaptive(tolerance, 3), start).final, exact);
      expect(error).toBeLessThan(10 * tolerance);
      expect(error).toBeGreaterThan(tolerance / 100);
    }
  });
});

describe('gradient descent', () => {
  it('is theta -= h grad, bit for bit', () => {
    const network = createNetwork(smooth);
    const theta = start.slice();
    const gradient = new Float64Array(network.size);
    for (let step = 0; step < 50; step++) {
      network.gradient(theta, gradient);
      for (let i = 0; i < theta.length; i++) theta[i]! -= 0.3 * gradient[i]!;
    }
    expect(solveFlow(smooth, fixed('gradient-descent', 0.3, 50), start).final).toEqual(theta);
  });

  it('is stable at a minimum up to 2 / sqrt(q^2 + 4 y^2) (math.md H21)', () => {
    const [y, u] = [1.7, 2];
    const v = y / u;
    const threshold = 2 / Math.hypot(u * u - v * v, 2 * y);
    const nearby = Float64Array.of(v + 1e-4, u - 1e-4);
    const before = createNetwork(scalarProblem(y)).loss(nearby);
    const run = (factor: number) => {
      const plan = fixed('gradient-descent', factor * threshold, 2000);
      const record = stepSchedule(2000, 2001, 'linear');
      return solveFlow(scalarProblem(y), { ...plan, record }, nearby).frames.loss;
    };
    expect(Math.max(...run(0.99))).toBe(before);
    expect(run(0.99).at(-1)!).toBeLessThan(before * 1e-10);
    // Beyond the threshold the flow leaves this minimum (and settles at a flatter one along the valley).
    expect(Math.max(...run(1.01))).toBeGreaterThan(before * 1000);
  });
});

describe('slices and resuming', () => {
  const plans = [
    { ...fixed('gradient-descent', 0.1, 300), record: stepSchedule(300, 20, 'log') },
    { ...fixed('rk4', 0.1, 300), record: timeSchedule(30, 10, 'linear') },
    { ...adaptive(1e-8, 30), record: timeSchedule(30, 20, 'log') },
    { ...adaptive(1e-8, 30), record: explicitSchedule([0, 3, 10, 11]) },
  ];

  it.each(plans)('the numbers do not depend on the slices ($integrator, by $record.by)', (plan) => {
    const whole = solveFlow(smooth, plan, start);
    for (const budget of [1, 7]) expect(solveFlow(smooth, plan, start, { budget })).toEqual(whole);
  });

  it.each(plans.slice(0, 2))('$integrator resumes bit for bit, without repeating a frame', (plan) => {
    const { frames } = solveFlow(smooth, plan, start);
    const size = start.length;
    for (const at of [0, 4, frames.count - 2, frames.count - 1]) {
      const from = frames.parameters.slice(at * size, (at + 1) * size);
      const resumed = solveFlow(smooth, plan, from, { step: frames.step[at]!, time: frames.time[at]! });
      expect(resumed.frames.step).toEqual(frames.step.slice(at + 1));
      expect(resumed.frames.time).toEqual(frames.time.slice(at + 1));
      expect(resumed.frames.parameters).toEqual(frames.parameters.slice((at + 1) * size));
      expect(resumed.outcome.kind).toBe('completed');
    }
  });

  it('dormand-prince resumes to within its tolerance', () => {
    const plan = plans[2]!;
    const { frames, final } = solveFlow(smooth, plan, start);
    const from = frames.parameters.slice(10 * start.length, 11 * start.length);
    const resumed = solveFlow(smooth, plan, from, { step: frames.step[10]!, time: frames.time[10]! });
    expect(resumed.frames.time).toEqual(frames.time.slice(11));
    expect(relativeError(resumed.final, final)).toBeLessThan(1e-7);
  });
});

describe('what is recorded', () => {
  it('the start when the schedule has 0, and the last state always', () => {
    const steps = (record: readonly number[]) =>
      Array.from(
        solveFlow(smooth, { ...fixed('rk4', 0.1, 9), record: explicitSchedule(record) }, start).frames.step,
      );
    expect(steps([0, 4])).toEqual([0, 4, 9]);
    expect(steps([4, 9])).toEqual([4, 9]);
    expect(steps([])).toEqual([9]);
  });

  it('fixed steps meet record times at the nearest step', () => {
    const record = { by: 'time', at: Float64Array.of(0, 0.24, 0.26, 0.61, 1) } as const;
    const { frames } = solveFlow(smooth, { ...fixed('rk4', 0.1, 10), record }, start);
    expect(Array.from(frames.step)).toEqual([0, 2, 3, 6, 10]);
  });

  it('clipping for record times hardly adds to the steps of an adaptive flow', () => {
    const free = solveFlow(smooth, adaptive(1e-9, 30), start);
    const clipped = solveFlow(
      smooth,
      { ...adaptive(1e-9, 30), record: timeSchedule(30, 40, 'linear') },
      start,
    );
    expect(clipped.taken).toBeLessThan(free.taken + 45);
    expect(relativeError(clipped.final, free.final)).toBeLessThan(1e-8);
  });

  it('what the observer sees there', () => {
    const { frames, final } = solveFlow(smooth, fixed('rk4', 0.1, 9), start);
    const { loss, gradientNorm, conserved } = createObserver(smooth)(final);
    expect([frames.loss.at(-1), frames.gradientNorm.at(-1)]).toEqual([loss, gradientNorm]);
    expect(frames.conserved.slice(-conserved.length)).toEqual(conserved);
  });
});

describe('outcomes', () => {
  it('converged at the first step whose gradient is small enough', () => {
    const plan = { ...fixed('gradient-descent', 0.1, 100000), stop: { gradientNorm: 1e-2 } };
    const { frames, outcome } = solveFlow(
      smooth,
      { ...plan, record: stepSchedule(2000, 2001, 'linear') },
      start,
    );
    expect(outcome.kind).toBe('converged');
    expect(frames.gradientNorm.at(-1)!).toBeLessThanOrEqual(1e-2);
    expect(frames.gradientNorm.at(-2)!).toBeGreaterThan(1e-2);
  });

  it('diverged, with a step size that works', () => {
    const problem = scalarProblem(3);
    const at = Float64Array.of(1.5, 2.5);
    const { outcome, frames } = solveFlow(problem, fixed('gradient-descent', 0.8, 1000), at);
    expect(outcome.kind).toBe('diverged');
    expect(frames.loss.every(Number.isFinite)).toBe(true);
    const suggested = Number(/step size below ([\d.e-]+)\.$/.exec(outcome.message)?.[1]);
    expect(suggested).toBeGreaterThan(0.01);
    const { outcome: second } = solveFlow(problem, fixed('gradient-descent', suggested, 1000), at);
    expect(second.kind).toBe('completed');
  });

  it('diverged at once when the start is not finite', () => {
    const { outcome, frames } = solveFlow(
      smooth,
      adaptive(1e-8, 1),
      start.map(() => 1e200).fill(Number.NaN, 0, 1),
    );
    expect(outcome.kind).toBe('diverged');
    expect(outcome.message).toMatch(/at the start. Try/);
    expect(frames.count).toBe(1);
  });

  it('cancelled in the present state, once', () => {
    const network = createNetwork(smooth);
    const steps: number[] = [];
    const plan = fixed('rk4', 0.1, 1000);
    const solver = createSolver(network, createObserver(smooth), plan, { parameters: start }, (step) =>
      steps.push(step),
    );
    expect(solver.advance(7)).toBe(7);
    solver.cancel();
    const cancelled = solver.outcome;
    expect(cancelled?.kind).toBe('cancelled');
    solver.cancel();
    expect(solver.advance(7)).toBe(0);
    expect(solver.outcome).toBe(cancelled);
    expect(steps).toEqual([0, 7]);
  });

  it('an integrator without an error estimate takes no tolerance', () => {
    expect(() => solveFlow(smooth, { ...adaptive(1e-8, 1), integrator: 'rk4' }, start)).toThrow(
      /rk4 estimates no error/,
    );
  });
});
