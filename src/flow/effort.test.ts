import { describe, expect, it } from 'vitest';
import type { Network } from '../model/network.ts';
import { createNetwork } from '../model/network.ts';
import { gradientCount } from './effort.ts';
import { createObserver } from './observe.ts';
import type { FlowPlan } from './plan.ts';
import { timeSchedule } from './record.ts';
import { createSolver } from './solve.ts';
import { genericStart, teacherProblem } from './testing/flows.ts';

const problem = teacherProblem({ kind: 'mlp', widths: [3, 4, 2], activation: 'tanh', bias: true }, 1);
const none = { by: 'step', at: new Float64Array(0) } as const;

/** Gradients that a flow really takes, without those of its observer. */
function counted(plan: FlowPlan): number {
  const network = createNetwork(problem);
  let gradients = 0;
  const counting: Network = {
    ...network,
    gradient(theta, out) {
      gradients++;
      return network.gradient(theta, out);
    },
  };
  const start = { parameters: genericStart(problem.architecture, 1) };
  const solver = createSolver(counting, createObserver(problem), plan, start, () => {});
  while (solver.outcome === null) solver.advance(1e6);
  return gradients;
}

describe('the gradients of a plan', () => {
  it.each(['gradient-descent', 'rk4'] as const)(
    '%s: as many as are taken, and the one at the start',
    (name) => {
      const plan: FlowPlan = {
        kind: 'fixed-step',
        integrator: name,
        stepSize: 0.01,
        steps: 30,
        record: none,
        stop: {},
      };
      expect(counted(plan)).toBe(gradientCount(plan) + 1);
    },
  );

  it('dormand-prince: the right order for a smooth flow, at least a step per recorded time', () => {
    const plan = (frames: number): FlowPlan => ({
      kind: 'adaptive',
      integrator: 'dormand-prince',
      tolerance: 1e-8,
      time: 20,
      record: timeSchedule(20, frames, 'log'),
      stop: {},
    });
    const ratio = counted(plan(200)) / gradientCount(plan(200));
    expect(ratio).toBeGreaterThan(0.1);
    expect(ratio).toBeLessThan(10);
    expect(gradientCount(plan(5000))).toBeGreaterThanOrEqual(6 * 5000);
  });
});
