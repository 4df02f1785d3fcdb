import { memory } from '@tensorflow/tfjs-core';
import { describe, expect, it, type TestContext } from 'vitest';
import type { FlowPlan } from '../../flow/plan.ts';
import { explicitSchedule, timeSchedule } from '../../flow/record.ts';
import { genericStart, relativeError, solveFlow, teacherProblem } from '../../flow/testing/flows.ts';
import { createNetwork } from '../../model/network.ts';
import { concatenate } from '../chunks.ts';
import type { Engine } from '../engine.ts';
import { obtainDevice } from '../webgpu/device.ts';
import { nodeGpu } from '../webgpu/testing/node-device.ts';
import { createWebGpuEngine } from '../webgpu/webgpu-engine.ts';
import { engineOn } from './testing/engines.ts';

const problem = teacherProblem({ kind: 'mlp', widths: [4, 6, 3], activation: 'tanh', bias: true }, 1);
const starts = [1, 2].map((seed) => genericStart(problem.architecture, seed));
const batch = { count: starts.length, parameters: concatenate(starts) };
const descent: FlowPlan = {
  kind: 'fixed-step',
  integrator: 'gradient-descent',
  stepSize: 0.05,
  steps: 6,
  record: explicitSchedule([0, 3]),
  stop: {},
};
const adaptive: FlowPlan = {
  kind: 'adaptive',
  integrator: 'dormand-prince',
  tolerance: 1e-4,
  time: 0.3,
  record: timeSchedule(0.3, 2, 'linear'),
  stop: {},
};

async function finals(engine: Engine, plan: FlowPlan): Promise<Float64Array[]> {
  const size = starts[0]!.length;
  const last: Float64Array[] = [];
  for await (const { frames } of engine.flow(problem, batch, plan)) {
    for (let i = 0; i < frames.count; i++) {
      last[frames.flow[i]!] = frames.parameters.slice(i * size, (i + 1) * size);
    }
  }
  return last;
}

/** Puts the WebGPU of Dawn where browsers have theirs; skips the test where there is no adapter. */
async function browserWebGpu(context: TestContext): Promise<void> {
  const gpu = await nodeGpu();
  if (!(await gpu?.requestAdapter())) return context.skip('no WebGPU adapter for Node here');
  const { globals } = await import('webgpu');
  Object.assign(globalThis, globals);
  Object.defineProperty(globalThis, 'navigator', { value: { gpu }, configurable: true });
}

describe('tfjs on webgpu', () => {
  it('computes what float64 computes, beside the fused engine on the same device, and leaves no tensor', async (context) => {
    await browserWebGpu(context);
    const found = await obtainDevice();
    if (!found.device) throw new Error(found.reason);
    const fused = createWebGpuEngine(found.device, { info: found.info });
    const engine = await engineOn('webgpu');
    expect(engine.device).toBe('TF.js webgpu');
    const again = await obtainDevice();
    expect(again.device).toBe(found.device);

    const network = createNetwork(problem);
    const expected = starts.map((start) => {
      const out = new Float64Array(network.size);
      network.hessianVectorProduct(start, starts[0]!, out);
      return out;
    });
    const before = memory().numTensors;
    const directions = concatenate([starts[0]!, starts[0]!]);
    const products = await engine.hessianVectorProduct(problem, batch.parameters, directions);
    expect(relativeError(products, concatenate(expected))).toBeLessThan(1e-5);

    for (const plan of [descent, adaptive]) {
      // Both at once, and TF.js switched away from WebGPU in between.
      const runs = [finals(engine, plan), finals(fused, plan)];
      await engineOn('cpu');
      for (const run of runs) {
        const states = await run;
        for (const [i, start] of starts.entries()) {
          const accuracy = plan.kind === 'adaptive' ? 1e-4 : 1e-6;
          expect(relativeError(states[i]!, solveFlow(problem, plan, start).final)).toBeLessThan(accuracy);
        }
      }
    }
    expect(memory().numTensors).toBe(before);
    expect(fused.liveBuffers).toBe(0);
  });
});
