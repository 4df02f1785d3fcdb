import { describe, expect, it } from 'vitest';
import type { FlowBatch, FlowChunk } from '../../flow/chunk.ts';
import type { FixedStepPlan } from '../../flow/plan.ts';
import { explicitSchedule, stepSchedule } from '../../flow/record.ts';
import { genericStart, teacherProblem } from '../../flow/testing/flows.ts';
import type { Problem } from '../../model/problem.ts';
import { describeEngine } from '../testing/engine-suite.ts';
import { type CpuEngineOptions, createCpuEngine } from './cpu-engine.ts';
import { MEMORY_LIMIT, memoryEstimate } from './memory.ts';

describeEngine('cpu engine', async () => createCpuEngine(), 1e-12);
describeEngine('cpu engine without SIMD', async () => createCpuEngine({ simd: false }), 1e-12);

const problem = teacherProblem({ kind: 'mlp', widths: [4, 6, 3], activation: 'tanh', bias: true }, 1);
const starts = [1, 2, 3].map((seed) => genericStart(problem.architecture, seed));
const batch: FlowBatch = { count: 3, parameters: Float64Array.from(starts.flatMap((theta) => [...theta])) };
const plan = (steps: number, count: number): FixedStepPlan => ({
  kind: 'fixed-step',
  integrator: 'gradient-descent',
  stepSize: 0.05,
  steps,
  record: stepSchedule(steps, count, 'linear'),
  stop: {},
});

/** A clock that advances by `milliseconds` at every look: time is in the test's hands. */
function clock(milliseconds: number): () => number {
  let time = 0;
  return () => {
    time += milliseconds;
    return time;
  };
}

async function collect(options: CpuEngineOptions, flowPlan = plan(400, 41)): Promise<FlowChunk[]> {
  const chunks: FlowChunk[] = [];
  for await (const chunk of createCpuEngine(options).flow(problem, batch, flowPlan)) chunks.push(chunk);
  return chunks;
}

/** Every frame of one flow, whatever chunks they came in. */
function framesOf(chunks: readonly FlowChunk[], flow: number): number[][] {
  return chunks.flatMap(({ frames }) => {
    const size = frames.parameters.length / Math.max(frames.count, 1);
    return Array.from(frames.flow, (owner, i) =>
      owner === flow
        ? [
            frames.step[i]!,
            frames.time[i]!,
            frames.loss[i]!,
            frames.gradientNorm[i]!,
            ...frames.parameters.slice(i * size, (i + 1) * size),
          ]
        : [],
    ).filter((row) => row.length > 0);
  });
}

describe('cpu engine, in time', () => {
  it('gives the same numbers however fast the clock runs', async () => {
    const [still, slow, fast] = await Promise.all(
      [0, 2, 20].map((milliseconds) => collect({ now: clock(milliseconds) })),
    );
    expect(still!.length).toBe(1);
    expect(slow!.length).toBeGreaterThan(10);
    expect(fast!.length).toBeGreaterThan(slow!.length);
    for (const flow of [0, 1, 2]) {
      expect(framesOf(slow!, flow)).toEqual(framesOf(still!, flow));
      expect(framesOf(fast!, flow)).toEqual(framesOf(still!, flow));
    }
  });

  it('starts every flow in the first chunk and keeps flows together', async () => {
    const chunks = await collect({ now: clock(2) });
    const seen = [0, 0, 0];
    for (const { frames } of chunks) {
      for (const flow of frames.flow) seen[flow]! += 1;
      expect(Math.max(...seen) - Math.min(...seen)).toBeLessThanOrEqual(1);
      expect(Math.min(...seen)).toBeGreaterThan(0);
    }
  });

  it('hands the first chunk over sooner than the others', async () => {
    const chunks = await collect({ now: clock(0.7) }, plan(400, 2));
    expect(chunks[0]!.steps).toBeLessThan(chunks[2]!.steps / 2);
  });

  it('lets timers run between chunks, so that a cancel arrives', async () => {
    const controller = new AbortController();
    const timer = setTimeout(() => controller.abort(), 5);
    let ended: FlowChunk['ended'] = [];
    for await (const chunk of createCpuEngine().flow(problem, batch, plan(1e12, 2), controller.signal)) {
      ended = chunk.ended;
    }
    clearTimeout(timer);
    expect(ended.map(({ outcome }) => outcome.kind)).toEqual(['cancelled', 'cancelled', 'cancelled']);
  });

  it('stops within a chunk when it is aborted meanwhile', async () => {
    const controller = new AbortController();
    let looks = 0;
    const now = () => {
      looks++;
      if (looks === 50) controller.abort();
      return 0;
    };
    const chunks: FlowChunk[] = [];
    const flow = createCpuEngine({ now }).flow(problem, batch, plan(1e12, 2), controller.signal);
    for await (const chunk of flow) chunks.push(chunk);
    expect(chunks).toHaveLength(1);
    expect(looks).toBe(50);
    expect(chunks[0]!.ended).toHaveLength(3);
  });

  it('yields one chunk for a batch that has already ended', async () => {
    const done = { ...batch, step: new Float64Array(3).fill(400), time: new Float64Array(3).fill(20) };
    const chunks: FlowChunk[] = [];
    for await (const chunk of createCpuEngine().flow(problem, done, plan(400, 41))) chunks.push(chunk);
    expect(chunks).toHaveLength(1);
    expect(chunks[0]!.frames.count).toBe(0);
    expect(chunks[0]!.ended.map(({ outcome }) => outcome.kind)).toEqual(Array(3).fill('completed'));
  });
});

describe.each([
  ['single', createCpuEngine()],
  ['without SIMD', createCpuEngine({ simd: false })],
])('test functions on the cpu engine, %s', (_, engine) => {
  const booth: Problem = { architecture: { kind: 'test-function', name: 'booth' } };
  const thetas = Float64Array.of(5, -5, 1, 3);

  it('losses, gradients and Hessian-vector products', async () => {
    expect(engine.unsupported(booth, plan(100, 2), 4)).toBeNull();
    expect([...(await engine.loss(booth, thetas))]).toEqual([144, 0]);
    const gradient = await engine.gradient(booth, thetas);
    expect(gradient[0]! ** 2 + gradient[1]! ** 2).toBe(2880);
    expect([...gradient.subarray(2)]).toEqual([0, 0]);
    const products = await engine.hessianVectorProduct(booth, thetas, Float64Array.of(1, 0, 0, 1));
    expect([...products]).toEqual([10, 8, 8, 10]);
  });

  it('gradient descent contracts the eigenvectors by 1 - 18 h and 1 - 2 h', async () => {
    const flow = engine.flow(
      booth,
      { count: 1, parameters: thetas.slice(0, 2) },
      {
        ...plan(20, 21),
        stepSize: 0.08,
      },
    );
    for await (const { frames } of flow) {
      for (let i = 0; i < frames.count; i++) {
        const k = frames.step[i]!;
        // x - 1 and y - 3 start as 4 and -8.
        const [slow, fast] = [6 * 0.84 ** k, -2 * (-0.44) ** k];
        expect(frames.parameters[2 * i]).toBeCloseTo(1 + fast + slow, 12);
        expect(frames.parameters[2 * i + 1]).toBeCloseTo(3 + fast - slow, 12);
        expect(frames.loss[i]).toBeCloseTo(18 * fast ** 2 + 2 * slow ** 2, 11);
      }
    }
  });
});

describe('cpu engine, memory', () => {
  const wide = teacherProblem({ kind: 'mlp', widths: [2, 512, 2], activation: 'relu', bias: true }, 1);

  it('counts the network, every flow and every frame', () => {
    const one = memoryEstimate(wide, plan(1000, 100), 1);
    expect(memoryEstimate(wide, plan(1000, 100), 2)).toBeGreaterThan(1.5 * one);
    expect(memoryEstimate(wide, plan(1000, 200), 1)).toBeGreaterThan(1.5 * one);
    expect(memoryEstimate(wide)).toBeLessThan(one);
  });

  it('says of a test function what helps it', () => {
    const rosenbrock: Problem = { architecture: { kind: 'test-function', name: 'rosenbrock' } };
    expect(memoryEstimate(rosenbrock, plan(1000, 200))).toBeGreaterThan(
      1.5 * memoryEstimate(rosenbrock, plan(1000, 100)),
    );
    expect(createCpuEngine().unsupported(rosenbrock, plan(1000, 100), 1e7)).toMatch(
      /^The run would take .* \(10000000 flows of 2 parameters, 101 frames each\) .*: use fewer flows, or record fewer frames\.$/,
    );
  });

  it('refuses what would not fit in one sentence that says what to do', () => {
    const engine = createCpuEngine();
    expect(engine.unsupported(wide, plan(1000, 100))).toBeNull();
    const flows = Math.ceil(MEMORY_LIMIT / memoryEstimate(wide, plan(1000, 100)));
    expect(engine.unsupported(wide, { ...plan(1000, 100), record: explicitSchedule([]) }, 10)).toBeNull();
    expect(engine.unsupported(wide, plan(1000, 100), 2 * flows)).toMatch(
      /^The run would take .*GiB of memory .*at most 1 GiB .*: use .*\.$/,
    );
  });
});
