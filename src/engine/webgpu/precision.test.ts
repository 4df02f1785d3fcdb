import { describe, expect } from 'vitest';
import type { FlowPlan } from '../../flow/plan.ts';
import { stepSchedule } from '../../flow/record.ts';
import { whitenedDataset } from '../../model/data.ts';
import { initialise } from '../../model/initialisation.ts';
import type { Problem } from '../../model/problem.ts';
import { createCpuEngine } from '../cpu/cpu-engine.ts';
import type { Engine } from '../engine.ts';
import { withoutCompensation } from './testing/compensation.ts';
import { deviceTest } from './testing/with-device.ts';
import { createWebGpuEngine } from './webgpu-engine.ts';

const architecture = { kind: 'mlp', widths: [3, 100, 2], activation: 'sigmoid', bias: false } as const;
const loss = 'mean-squared-error';
const problem: Problem = { architecture, dataset: whitenedDataset(3, 2, 1, loss), loss };
const start = initialise(architecture, { kind: 'normal', std: [1, 1] }, 1);
/** From a loss of 24 to one of 4e-10: a wide network converges in a hundredth of the steps that 10-50-5 takes. */
const plan: FlowPlan = {
  kind: 'fixed-step',
  integrator: 'gradient-descent',
  stepSize: 1e-3,
  steps: 4000,
  record: stepSchedule(4000, 40, 'linear'),
  stop: {},
};

async function run(engine: Engine) {
  const losses: number[] = [];
  const conserved: number[] = [];
  for await (const { frames } of engine.flow(problem, { count: 1, parameters: start }, plan)) {
    losses.push(...frames.loss);
    conserved.push(...frames.conserved);
  }
  return { losses, conserved };
}

describe('compensated updates', () => {
  deviceTest(
    'follow the float64 loss where plain float32 stalls, and keep Q from drifting',
    async (device) => {
      const exact = await run(createCpuEngine());
      const compensated = await run(createWebGpuEngine(device));
      const plain = await run(createWebGpuEngine(device, { transformShader: withoutCompensation }));
      const largest = (values: readonly number[]) => Math.max(...values.map(Math.abs));
      const deviation = ({ losses }: typeof exact) =>
        largest(exact.losses.map((value, i) => losses[i]! / value - 1));
      // The finite step makes Q drift on all three alike; the difference is rounding.
      const drift = ({ conserved }: typeof exact) =>
        largest(exact.conserved.map((value, i) => conserved[i]! - value));

      for (const { losses } of [compensated, plain]) expect(losses).toHaveLength(exact.losses.length);
      expect(exact.losses.at(-1)).toBeLessThan(5e-10);
      expect(deviation(compensated)).toBeLessThan(1e-2);
      expect(deviation(plain)).toBeGreaterThan(1);
      expect(drift(compensated)).toBeLessThan(drift(plain) / 100);
    },
  );
});
