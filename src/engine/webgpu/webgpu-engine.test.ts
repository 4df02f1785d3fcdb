import { describe, expect, vi } from 'vitest';
import type { FlowChunk } from '../../flow/chunk.ts';
import type { FlowPlan } from '../../flow/plan.ts';
import { explicitSchedule, timeSchedule } from '../../flow/record.ts';
import { genericStart, relativeError, solveFlow, teacherProblem } from '../../flow/testing/flows.ts';
import { explicitDataset, whitenedDataset } from '../../model/data.ts';
import { createNetwork } from '../../model/network.ts';
import type { MlpProblem, Problem } from '../../model/problem.ts';
import { type RadialName, radialActivations } from '../../model/radial.ts';
import { createCpuEngine } from '../cpu/cpu-engine.ts';
import { EngineLostError } from '../engine.ts';
import { layerActivationNames } from '../layered.ts';
import { describeEngine } from '../testing/engine-suite.ts';
import { GPU, SOFTWARE } from './kernel-context.ts';
import { nodeDevice } from './testing/node-device.ts';
import { deviceTest } from './testing/with-device.ts';
import { createWebGpuEngine, type WebGpuEngine } from './webgpu-engine.ts';

describeEngine(
  'webgpu',
  async () => {
    const device = await nodeDevice();
    return device && createWebGpuEngine(device);
  },
  1e-4,
  layerActivationNames,
);

const descent: FlowPlan = {
  kind: 'fixed-step',
  integrator: 'gradient-descent',
  stepSize: 0.05,
  steps: 40,
  record: explicitSchedule([0, 1, 40]),
  stop: {},
};
const adaptive: FlowPlan = {
  kind: 'adaptive',
  integrator: 'dormand-prince',
  tolerance: 1e-5,
  time: 2,
  record: timeSchedule(2, 5, 'linear'),
  stop: {},
};

/** A problem with `samples` samples. */
function problemOf(widths: readonly number[], samples: number): MlpProblem {
  const base = teacherProblem({ kind: 'mlp', widths, activation: 'tanh', bias: true }, 1);
  const repeat = (rows: Float64Array, width: number) =>
    Float64Array.from({ length: samples * width }, (_, i) => rows[i % rows.length]! * (1 + 0.01 * i));
  const { inputWidth, outputWidth, inputs, targets } = base.dataset;
  return {
    ...base,
    dataset: {
      samples,
      inputWidth,
      outputWidth,
      inputs: repeat(inputs, inputWidth).map(Math.sin),
      targets: repeat(targets, outputWidth).map(Math.sin),
    },
  };
}

const cpu = createCpuEngine();
const radialNames = Object.keys(radialActivations) as RadialName[];

/** Two hidden layers, in several tiles of which the last is not full. */
const several = (activation: RadialName): MlpProblem => {
  const problem = problemOf([3, 6, 4, 2], 81);
  return { ...problem, architecture: { ...problem.architecture, activation } };
};

/** Hidden vectors of length 0, dead ones and long ones, without biases. */
const withShortVectors = (activation: RadialName): MlpProblem => ({
  architecture: { kind: 'mlp', widths: [2, 3, 2], activation, bias: false },
  dataset: explicitDataset(
    [
      [0, 0],
      [0.1, -0.2],
      [2, 1],
    ],
    [
      [1, 2],
      [0, 1],
      [1, 0],
    ],
  ),
  loss: 'mean-squared-error',
});

/** Unit vectors as inputs, in two tiles of which the last is not full. */
const unitVectors: MlpProblem = {
  architecture: { kind: 'mlp', widths: [81, 3, 2], activation: 'tanh', bias: true },
  dataset: whitenedDataset(81, 2, 1, 'mean-squared-error'),
  loss: 'mean-squared-error',
};

const concatenate = (rows: readonly Float64Array[]) => Float64Array.from(rows.flatMap((row) => [...row]));

async function finals(
  engine: WebGpuEngine,
  problem: MlpProblem,
  plan: FlowPlan,
  starts: readonly Float64Array[],
) {
  const size = starts[0]!.length;
  const last: Float64Array[] = [];
  const batch = { count: starts.length, parameters: concatenate(starts) };
  for await (const { frames } of engine.flow(problem, batch, plan)) {
    for (let i = 0; i < frames.count; i++) {
      last[frames.flow[i]!] = frames.parameters.slice(i * size, (i + 1) * size);
    }
  }
  return last;
}

describe('the kernels', () => {
  for (const [where, profile] of Object.entries({
    'a GPU': GPU,
    'a GPU, with parameters in storage': { ...GPU, registers: 0 },
    'a software adapter': SOFTWARE,
  })) {
    deviceTest(
      `as laid out for ${where}: many samples in several tiles, every integrator`,
      async (device) => {
        const engine = createWebGpuEngine(device, { profile });
        for (const problem of [problemOf([3, 6, 4, 2], 150), unitVectors]) {
          const starts = [1, 2, 3].map((seed) => genericStart(problem.architecture, seed));
          for (const plan of [descent, { ...descent, integrator: 'rk4', steps: 10 } as const, adaptive]) {
            const ended = await finals(engine, problem, plan, starts);
            for (const [i, start] of starts.entries()) {
              const accuracy = plan.kind === 'adaptive' ? 1e-4 : 1e-6;
              expect(relativeError(ended[i]!, solveFlow(problem, plan, start).final)).toBeLessThan(accuracy);
            }
          }
        }
      },
    );
  }

  for (const [where, profile, names] of [
    ['a GPU', GPU, ['shifted-sigmoid']],
    ['a software adapter', SOFTWARE, radialNames],
  ] as const) {
    deviceTest(`as laid out for ${where}: hidden vectors of any length`, async (device) => {
      const engine = createWebGpuEngine(device, { profile });
      for (const activation of names) {
        for (const problem of [several(activation), withShortVectors(activation)]) {
          const starts = [1, 2].map((seed) => genericStart(problem.architecture, seed));
          const vectors = [3, 4].map((seed) => genericStart(problem.architecture, seed));
          const [thetas, directions] = [concatenate(starts), concatenate(vectors)];
          const actual = await engine.hessianVectorProduct(problem, thetas, directions);
          const expected = await cpu.hessianVectorProduct(problem, thetas, directions);
          expect(relativeError(actual, expected), activation).toBeLessThan(1e-4);
          const gradient = await engine.gradient(problem, thetas);
          expect(relativeError(gradient, await cpu.gradient(problem, thetas)), activation).toBeLessThan(1e-5);
          const ended = await finals(engine, problem, { ...descent, stepSize: 0.005 }, starts);
          for (const [i, start] of starts.entries()) {
            const { final } = solveFlow(problem, { ...descent, stepSize: 0.005 }, start);
            expect(relativeError(ended[i]!, final), activation).toBeLessThan(1e-5);
          }
        }
      }
    });
  }

  deviceTest('what is not layer upon layer is left to the cpu engine, in one clause', async (device) => {
    const engine = createWebGpuEngine(device);
    const booth: Problem = { architecture: { kind: 'test-function', name: 'booth' } };
    const inverted: Problem = teacherProblem(
      { kind: 'mlp', widths: [2, 3, 1], activation: 'row-inversion', bias: false },
      1,
    );
    expect(engine.unsupported(booth)).toBe('the test function Booth runs on the cpu engine');
    expect(engine.unsupported(inverted)).toBe('row inversion runs on the cpu engine');
    await expect(engine.loss(booth, new Float64Array(2))).rejects.toThrow(engine.unsupported(booth)!);
    await expect(engine.loss(inverted, new Float64Array(9))).rejects.toThrow(engine.unsupported(inverted)!);
  });

  deviceTest('a batch of 33 gives what its flows give alone, and leaves no buffer behind', async (device) => {
    const engine = createWebGpuEngine(device);
    const problem = problemOf([4, 5, 3], 6);
    const starts = Array.from({ length: 33 }, (_, i) => genericStart(problem.architecture, i));
    const together = await finals(engine, problem, descent, starts);
    for (const [i, start] of starts.entries()) {
      expect((await finals(engine, problem, descent, [start]))[0]).toEqual(together[i]);
    }
    expect(engine.liveBuffers).toBe(0);
  });

  deviceTest('updates far below half an ulp of float32 are not lost', async (device) => {
    const engine = createWebGpuEngine(device);
    const problem = problemOf([4, 5, 3], 6);
    const start = genericStart(problem.architecture, 1);
    const plan: FlowPlan = { ...descent, stepSize: 1e-9, steps: 400, record: explicitSchedule([400]) };
    const [final] = await finals(engine, problem, plan, [start]);
    const moved = (theta: Float64Array) => theta.map((value, i) => value - start[i]!);
    expect(relativeError(moved(final!), moved(solveFlow(problem, plan, start).final))).toBeLessThan(1e-5);
    expect(Float32Array.from(final!)).not.toEqual(final);
  });

  deviceTest('4096 flows of 10-50-5 are one batch', async (device) => {
    const engine = createWebGpuEngine(device);
    const problem = problemOf([10, 50, 5], 10);
    const plan: FlowPlan = { ...descent, steps: 4, record: explicitSchedule([4]) };
    expect(engine.unsupported(problem, plan, 4096)).toBeNull();
    const start = genericStart(problem.architecture, 1);
    const scaled = (i: number) => start.map((value) => value * (1 + i / 4096));
    const starts = Array.from({ length: 4096 }, (_, i) => scaled(i));
    const create = vi.spyOn(device, 'createBuffer');
    const ended = await finals(engine, problem, plan, starts);
    expect(ended.filter(Boolean)).toHaveLength(4096);
    const states = create.mock.calls.filter(([{ label }]) => label === 'orbitscape flow states');
    expect(states).toHaveLength(1);
    for (const i of [0, 1234, 4095]) {
      expect(relativeError(ended[i]!, solveFlow(problem, plan, starts[i]!).final)).toBeLessThan(1e-6);
    }
    expect(engine.liveBuffers).toBe(0);
  });

  deviceTest('flows whose states fit no one buffer run in several batches', async (device) => {
    const problem = problemOf([4, 5, 3], 6);
    const starts = Array.from({ length: 9 }, (_, i) => genericStart(problem.architecture, i));
    const engine = createWebGpuEngine(device, { largestBuffer: 4096 });
    const together = await finals(createWebGpuEngine(device), problem, descent, starts);
    expect(await finals(engine, problem, descent, starts)).toEqual(together);
  });

  deviceTest('losses of thousands of rows: as many at a time as a buffer holds', async (device) => {
    const problem = problemOf([4, 5, 3], 6);
    const starts = Array.from({ length: 3000 }, (_, i) => genericStart(problem.architecture, i));
    const network = createNetwork(problem);
    const rows = concatenate(starts);
    const create = vi.spyOn(device, 'createBuffer');
    const losses: Float64Array[] = [];
    for (const largestBuffer of [2 ** 27, 2 ** 16]) {
      create.mockClear();
      const engine = createWebGpuEngine(device, { largestBuffer });
      losses.push(await engine.loss(problem, rows));
      const sizes = create.mock.calls.map(([{ size }]) => size);
      expect(Math.max(...sizes)).toBeLessThanOrEqual(largestBuffer);
      // The second time the pacer knows the kernel.
      expect(await engine.loss(problem, rows)).toEqual(losses[0]);
      expect(engine.liveBuffers).toBe(0);
    }
    expect(losses[1]).toEqual(losses[0]);
    expect(relativeError(losses[0]!, Float64Array.from(starts, network.loss))).toBeLessThan(1e-6);
  });

  deviceTest('gradients of rows beyond one buffer', async (device) => {
    const problem = problemOf([4, 5, 3], 6);
    const rows = concatenate(Array.from({ length: 40 }, (_, i) => genericStart(problem.architecture, i)));
    const [whole, parts] = [createWebGpuEngine(device), createWebGpuEngine(device, { largestBuffer: 4096 })];
    expect(await parts.gradient(problem, rows)).toEqual(await whole.gradient(problem, rows));
    const vectors = rows.toReversed();
    expect(await parts.hessianVectorProduct(problem, rows, vectors)).toEqual(
      await whole.hessianVectorProduct(problem, rows, vectors),
    );
  });
});

describe('failures', () => {
  deviceTest('parameters that do not fit are refused with the sizes', async (device) => {
    const engine = createWebGpuEngine(device);
    expect(engine.unsupported(problemOf([10, 50, 5], 10))).toBeNull();
    expect(engine.unsupported(problemOf([100, 100, 10], 10))).toMatch(
      /^the 11110 parameters of 100-100-10 do not fit in workgroup memory \([\d.]+ KiB of [\d.]+ KiB\)$/,
    );
  });

  deviceTest('a shader that does not compile is reported with its place', async (device) => {
    const engine = createWebGpuEngine(device, {
      transformShader: (source) => source.replace('fn activation(', 'fn ('),
    });
    const problem = problemOf([2, 3, 1], 3);
    const error = await engine.loss(problem, genericStart(problem.architecture, 1)).catch((caught) => caught);
    expect(error).toBeInstanceOf(EngineLostError);
    expect(error.message).toMatch(/^the loss shader does not compile \(line \d+, column \d+: /);
    expect(error.cause).toContain('fn (');
    // A failure is not kept: the same source is compiled, and refused, again.
    await expect(engine.loss(problem, genericStart(problem.architecture, 1))).rejects.toThrow(
      EngineLostError,
    );
    expect(engine.liveBuffers).toBe(0);
  });

  deviceTest(
    'a device lost in the middle ends the run with EngineLostError, and says so ever after',
    async (device) => {
      const engine = createWebGpuEngine(device);
      const problem = problemOf([4, 5, 3], 6);
      const start = genericStart(problem.architecture, 1);
      const endless = { ...descent, steps: 1e9, record: explicitSchedule([0]) };
      const chunks: FlowChunk[] = [];
      const run = async () => {
        for await (const chunk of engine.flow(problem, { count: 1, parameters: start }, endless)) {
          chunks.push(chunk);
          if (chunks.length === 3) device.destroy();
        }
      };
      await expect(run()).rejects.toThrow(EngineLostError);
      expect(chunks).toHaveLength(3);
      expect(engine.liveBuffers).toBe(0);
      expect(engine.unsupported(problem)).toMatch(/^the WebGPU device was lost/);
      await expect(engine.loss(problem, start)).rejects.toThrow(EngineLostError);
    },
  );
});
