import { describe, expect, it } from 'vitest';
import type { FlowPlan } from '../flow/plan.ts';
import { explicitSchedule } from '../flow/record.ts';
import { genericStart, relativeError, teacherProblem } from '../flow/testing/flows.ts';
import { createLoss } from '../model/network.ts';
import { createCpuEngine } from './cpu/cpu-engine.ts';
import { cpuOnly } from './layered.ts';
import { batchFrom, tellFlows } from './testing/teleporting.ts';

const problem = teacherProblem({ kind: 'mlp', widths: [3, 4, 2], activation: 'relu', bias: true }, 1);
const start = genericStart(problem.architecture, 2);
const plan: FlowPlan = {
  kind: 'fixed-step',
  integrator: 'gradient-descent',
  stepSize: 0.05,
  steps: 1,
  record: explicitSchedule([0, 1]),
  stop: {},
  weightDecay: 0.2,
};

describe('weight decay on the engines', () => {
  it('steps along grad L + lambda theta, and records L and |grad L|', async () => {
    const [flow] = await tellFlows(createCpuEngine().flow(problem, batchFrom([start]), plan), 1);
    const gradient = new Float64Array(start.length);
    const loss = createLoss(problem).gradient(start, gradient);
    expect(flow!.loss[0]! / loss).toBeCloseTo(1, 12);
    expect(flow!.gradientNorm[0]! / Math.hypot(...gradient)).toBeCloseTo(1, 12);
    const stepped = start.map((x, i) => x - 0.05 * (gradient[i]! + 0.2 * x));
    expect(relativeError(flow!.parameters[1]!, stepped)).toBeLessThan(1e-14);
  });

  it('is for the cpu engine alone', () => {
    expect(cpuOnly(problem, plan)).toBe('weight decay runs on the cpu engine');
    expect(cpuOnly(problem, { ...plan, weightDecay: 0 })).toBeNull();
  });
});
