import { describe, expect, it } from 'vitest';
import type { FlowBatch, FlowChunk } from '../flow/chunk.ts';
import type { FlowPlan } from '../flow/plan.ts';
import { explicitSchedule } from '../flow/record.ts';
import { genericStart, relativeError, solveFlow, teacherProblem } from '../flow/testing/flows.ts';
import { createCpuEngine } from './cpu/cpu-engine.ts';
import { type Engine, EngineLostError } from './engine.ts';
import { flowWithFailover } from './failover.ts';
import { deviceTest } from './webgpu/testing/with-device.ts';
import { createWebGpuEngine } from './webgpu/webgpu-engine.ts';

const problem = teacherProblem({ kind: 'mlp', widths: [3, 4, 2], activation: 'tanh', bias: false }, 1);
const starts = [1, 2, 3].map((seed) => genericStart(problem.architecture, seed));
const size = starts[0]!.length;
const batch: FlowBatch = { count: 3, parameters: Float64Array.from(starts.flatMap((start) => [...start])) };
const recordAt = Array.from({ length: 81 }, (_, i) => 5 * i);
const plan: FlowPlan = {
  kind: 'fixed-step',
  integrator: 'gradient-descent',
  stepSize: 0.05,
  steps: 400,
  record: explicitSchedule(recordAt),
  stop: {},
};
const cpu = createCpuEngine();

/** The cpu engine, lost after `chunks` chunks. */
const losing = (chunks: number, error: Error = new EngineLostError('it broke')): Engine => ({
  ...createCpuEngine({ chunkMilliseconds: 0.05 }),
  async *flow(...run) {
    let left = chunks;
    for await (const chunk of createCpuEngine({ chunkMilliseconds: 0.05 }).flow(...run)) {
      if (left-- === 0) throw error;
      yield chunk;
    }
  },
});

async function collect(chunks: AsyncIterable<FlowChunk>) {
  const steps: number[][] = [[], [], []];
  const last: Float64Array[] = [];
  const outcomes: string[] = [];
  for await (const { frames, ended } of chunks) {
    for (let i = 0; i < frames.count; i++) {
      steps[frames.flow[i]!]!.push(frames.step[i]!);
      last[frames.flow[i]!] = frames.parameters.slice(i * size, (i + 1) * size);
    }
    for (const { flow, outcome } of ended) outcomes[flow] = outcome.kind;
  }
  return { steps, last, outcomes };
}

describe('a run that outlives its engine', () => {
  for (const chunks of [0, 1, 2, 5]) {
    it(`goes on from the last frames when the engine is lost after ${chunks} chunks`, async () => {
      const messages: string[] = [];
      const choice = { engine: losing(chunks), reason: '', seconds: null };
      const run = flowWithFailover(choice, cpu, problem, batch, plan, undefined, (message) =>
        messages.push(message),
      );
      const { steps, last, outcomes } = await collect(run);
      expect(messages).toEqual(['The run goes on with the cpu engine from its last frames: it broke.']);
      expect(outcomes).toEqual(['completed', 'completed', 'completed']);
      for (const [i, start] of starts.entries()) {
        expect(steps[i]).toEqual(recordAt);
        expect(relativeError(last[i]!, solveFlow(problem, plan, start).final)).toBeLessThan(1e-12);
      }
    });
  }

  it('passes other errors on, and says nothing while all is well', async () => {
    const silent = (message: string) => expect.unreachable(message);
    const whole = flowWithFailover(
      { engine: cpu, reason: '', seconds: null },
      cpu,
      problem,
      batch,
      plan,
      undefined,
      silent,
    );
    expect((await collect(whole)).steps[2]).toEqual(recordAt);
    const choice = { engine: losing(1, new RangeError('a mistake')), reason: '', seconds: null };
    const broken = flowWithFailover(choice, cpu, problem, batch, plan, undefined, silent);
    await expect(collect(broken)).rejects.toThrow(RangeError);
  });

  deviceTest('survives a WebGPU device destroyed in the middle', async (device) => {
    const engine = createWebGpuEngine(device);
    const messages: string[] = [];
    const run = flowWithFailover(
      { engine, reason: '', seconds: null },
      cpu,
      problem,
      batch,
      plan,
      undefined,
      (message) => messages.push(message),
    );
    let chunks = 0;
    const destroying = async function* () {
      for await (const chunk of run) {
        yield chunk;
        if (++chunks === 2) device.destroy();
      }
    };
    const { steps, last, outcomes } = await collect(destroying());
    expect(messages).toHaveLength(1);
    expect(messages[0]).toMatch(
      /^The run goes on with the cpu engine from its last frames: the WebGPU device was lost/,
    );
    expect(outcomes).toEqual(['completed', 'completed', 'completed']);
    for (const [i, start] of starts.entries()) {
      expect(steps[i]).toEqual(recordAt);
      expect(relativeError(last[i]!, solveFlow(problem, plan, start).final)).toBeLessThan(1e-5);
    }
  });
});
