import { expect, it } from 'vitest';
import type { FlowPlan } from '../../flow/plan.ts';
import { explicitSchedule } from '../../flow/record.ts';
import { whitenedDataset } from '../../model/data.ts';
import { initialise } from '../../model/initialisation.ts';
import type { MlpProblem } from '../../model/problem.ts';
import { testGoldenCurves } from '../testing/golden.ts';
import { createCpuEngine } from './cpu-engine.ts';

testGoldenCurves('fig7-', createCpuEngine);

/** Losses and final parameters of row inversion 6-5-4 from `factor` theta0 with step size `stepSize`. */
async function descent(factor: number, stepSize: number) {
  const problem: MlpProblem = {
    architecture: { kind: 'mlp', widths: [6, 5, 4], activation: 'row-inversion', bias: false },
    dataset: whitenedDataset(6, 4, 1, 'mean-squared-error'),
    loss: 'mean-squared-error',
  };
  const start = initialise(problem.architecture, { kind: 'normal', std: [0.5, 0.5] }, 2);
  const plan: FlowPlan = {
    kind: 'fixed-step',
    integrator: 'gradient-descent',
    stepSize,
    steps: 2000,
    record: explicitSchedule([0, 500, 1000, 2000]),
    stop: {},
  };
  const losses: number[] = [];
  let final = new Float64Array(start.length);
  const batch = { count: 1, parameters: start.map((x) => factor * x) };
  for await (const { frames } of createCpuEngine().flow(problem, batch, plan)) {
    losses.push(...frames.loss.subarray(0, frames.count));
    if (frames.count > 0) final = frames.parameters.slice(-start.length);
  }
  return { losses, final };
}

/** Largest relative difference of the losses of two runs, and of the final parameters, the second divided by `factor`. */
function difference(a: Awaited<ReturnType<typeof descent>>, b: typeof a, factor: number) {
  const relative = (x: ArrayLike<number>, y: ArrayLike<number>, scale: number) =>
    Math.max(...Array.from(x, (value, i) => Math.abs(y[i]! / scale - value) / Math.abs(value)));
  return Math.max(relative(a.losses, b.losses, 1), relative(a.final, b.final, factor));
}

it('from c theta with steps c^2 as long goes through c times the same states', async () => {
  // The function is of degree 0 in theta, so its gradient is of degree -1; nothing of the kind holds with other steps.
  const run = await descent(1, 0.002);
  expect(run.losses.at(-1)!).toBeLessThan(0.9 * run.losses[0]!);
  expect(difference(run, await descent(3, 9 * 0.002), 3)).toBeLessThan(1e-10);
  expect(difference(run, await descent(3, 3 * 0.002), 3)).toBeGreaterThan(1e-2);
});
