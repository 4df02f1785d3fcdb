import {
  getKernel,
  memory,
  Pack,
  registerKernel,
  setBackend,
  Tanh,
  unregisterKernel,
} from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import type { FlowChunk } from '../../flow/chunk.ts';
import type { FlowPlan } from '../../flow/plan.ts';
import { explicitSchedule, stepSchedule, timeSchedule } from '../../flow/record.ts';
import { genericStart, relativeError, solveFlow, teacherProblem } from '../../flow/testing/flows.ts';
import type { Problem } from '../../model/problem.ts';
import { concatenate } from '../chunks.ts';
import { EngineLostError } from '../engine.ts';
import { layerActivationNames } from '../layered.ts';
import { describeEngine } from '../testing/engine-suite.ts';
import { flowCapacity, TENSOR_LIMIT } from './memory.ts';
import { engineOn } from './testing/engines.ts';
import { createTfjsEngine, type TfjsEngine } from './tfjs-engine.ts';

describeEngine('tfjs on wasm', () => engineOn('wasm'), 1e-4, layerActivationNames);

const problem = teacherProblem({ kind: 'mlp', widths: [4, 6, 3], activation: 'tanh', bias: true }, 1);
const starts = [1, 2, 3].map((seed) => genericStart(problem.architecture, seed));
const batch = { count: starts.length, parameters: concatenate(starts) };
const descent: FlowPlan = {
  kind: 'fixed-step',
  integrator: 'gradient-descent',
  stepSize: 0.05,
  steps: 60,
  record: stepSchedule(60, 4, 'linear'),
  stop: {},
};
const adaptive: FlowPlan = {
  kind: 'adaptive',
  integrator: 'dormand-prince',
  tolerance: 1e-5,
  time: 2,
  record: timeSchedule(2, 4, 'linear'),
  stop: {},
};

async function collect(
  engine: TfjsEngine,
  plan: FlowPlan,
  { signal, onChunk }: { signal?: AbortSignal; onChunk?: (chunk: FlowChunk) => unknown } = {},
) {
  const size = starts[0]!.length;
  const finals: Float64Array[] = [];
  const outcomes: string[] = [];
  for await (const chunk of engine.flow(problem, batch, plan, signal)) {
    const { frames, ended } = chunk;
    for (let i = 0; i < frames.count; i++) {
      finals[frames.flow[i]!] = frames.parameters.slice(i * size, (i + 1) * size);
    }
    for (const { flow, outcome } of ended) outcomes[flow] = `${outcome.kind} ${outcome.message}`;
    await onChunk?.(chunk);
  }
  return { finals, outcomes };
}

describe('tfjs engine, tensors', () => {
  /** Runs something and demands that no tensor is left. */
  async function withoutLeak(run: () => Promise<unknown>): Promise<void> {
    const { numTensors } = memory();
    await run();
    expect(memory().numTensors).toBe(numTensors);
  }

  for (const backend of ['wasm', 'cpu'] as const) {
    it(`on ${backend}: none are left by flows that complete, converge, diverge, fail or resume`, async () => {
      const engine = await engineOn(backend);
      const far = { ...descent, record: explicitSchedule([]) };
      const step = new Float64Array(3).fill(30);
      const time = new Float64Array(3).fill(1e30);
      for (const run of [
        () => collect(engine, descent),
        () => collect(engine, { ...descent, integrator: 'rk4', steps: 5 }),
        () => collect(engine, adaptive),
        () => collect(engine, { ...far, stop: { gradientNorm: 0.3 } }),
        () => collect(engine, { ...far, stepSize: 50 }),
        () => collect(engine, { ...adaptive, stop: { gradientNorm: 0.3 } }),
        async () => {
          for await (const _ of engine.flow(problem, { ...batch, step }, descent));
        },
        async () => {
          const late = { ...adaptive, time: 3e30 };
          for await (const { ended } of engine.flow(problem, { ...batch, time }, late)) {
            for (const { outcome } of ended) expect(outcome.kind).toBe('failed');
          }
        },
      ]) {
        await withoutLeak(run);
      }
    });

    it(`on ${backend}: none are left by flows that are cancelled or abandoned`, async () => {
      const engine = await engineOn(backend);
      for (const plan of [
        { ...descent, steps: 1e6 },
        { ...adaptive, time: 1e6 },
      ]) {
        await withoutLeak(async () => {
          const controller = new AbortController();
          const { outcomes } = await collect(engine, plan, {
            signal: controller.signal,
            onChunk: ({ steps }) => steps > 0 && controller.abort(),
          });
          expect(outcomes.map((outcome) => outcome.split(' ')[0])).toEqual(Array(3).fill('cancelled'));
        });
        for (const chunks of [1, 2, 3]) {
          await withoutLeak(async () => {
            let seen = 0;
            for await (const _ of engine.flow(problem, batch, plan)) if (++seen === chunks) break;
          });
        }
      }
    });

    it(`on ${backend}: none are left by losses, derivatives, checks and disposal`, async () => {
      await withoutLeak(async () => {
        const engine = await engineOn(backend);
        await engine.loss(problem, batch.parameters);
        await engine.gradient(problem, batch.parameters);
        await engine.hessianVectorProduct(problem, batch.parameters, batch.parameters);
        expect(await engine.check(problem, descent)).toBeNull();
        engine.dispose();
      });
    });
  }

  it('are freed when the backend fails, which the engine reports as its loss', async () => {
    const engine = await engineOn('wasm');
    const kernel = getKernel(Pack, 'wasm')!;
    for (const plan of [descent, adaptive]) {
      await withoutLeak(async () => {
        const run = collect(engine, plan, {
          onChunk: ({ steps }) => steps > 0 && getKernel(Pack, 'wasm') && unregisterKernel(Pack, 'wasm'),
        });
        await expect(run).rejects.toThrow(EngineLostError);
        await expect(run).rejects.toThrow(/^TF\.js wasm: /);
        registerKernel(kernel);
      });
    }
  });

  it('of flows that advance together stay within the limit; the others wait their turn', async () => {
    for (const rowsAtOnce of [1, Number.POSITIVE_INFINITY]) {
      const wide = flowCapacity(problem, rowsAtOnce, descent);
      expect(flowCapacity(problem, rowsAtOnce, descent, TENSOR_LIMIT / 2)).toBeCloseTo(wide / 2, -1);
      expect(flowCapacity(problem, rowsAtOnce, descent, 1)).toBe(1);
      expect(flowCapacity(problem, rowsAtOnce, adaptive)).toBeLessThan(wide);
    }
    const together = await engineOn('wasm');
    const inTurns = await engineOn('wasm', { tensorLimit: 1 });
    for (const plan of [descent, adaptive]) {
      expect(await collect(inTurns, plan)).toEqual(await collect(together, plan));
    }
  });
});

describe('tfjs engine, numbers', () => {
  it('ends a flow at the very step at which its gradient is small, however far a walk goes', async () => {
    const engine = await engineOn('wasm');
    const plan = { ...descent, steps: 5000, record: explicitSchedule([]), stop: { gradientNorm: 0.12 } };
    const { outcomes, finals } = await collect(engine, plan);
    starts.forEach((start, flow) => {
      const alone = solveFlow(problem, plan, start);
      expect(alone.outcome?.kind).toBe('converged');
      expect(outcomes[flow]).toBe(`converged ${alone.outcome?.message}`);
      expect(relativeError(finals[flow]!, alone.final)).toBeLessThan(1e-5);
    });
    expect(new Set(outcomes).size).toBe(3);
  });

  it('loses no update far below half an ulp of float32', async () => {
    const engine = await engineOn('wasm');
    const plan = { ...descent, stepSize: 1e-9, steps: 300, record: explicitSchedule([]) };
    const { finals } = await collect(engine, plan);
    starts.forEach((start, flow) => {
      const moved = (theta: Float64Array) => theta.map((value, i) => value - start[i]!);
      const expected = moved(solveFlow(problem, plan, start).final);
      expect(relativeError(moved(finals[flow]!), expected)).toBeLessThan(1e-4);
      const plain = start.map(Math.fround);
      for (let step = 0; step < 300; step++) {
        for (const [i, change] of expected.entries()) plain[i] = Math.fround(plain[i]! + change / 300);
      }
      expect(relativeError(moved(plain), expected)).toBeGreaterThan(0.5);
    });
  });

  it('runs on its own backend, whatever TF.js is switched to between chunks', async () => {
    const engine = await engineOn('wasm');
    for (const plan of [descent, adaptive]) {
      const undisturbed = await collect(engine, plan);
      await engineOn('cpu');
      const disturbed = await collect(engine, plan, { onChunk: () => setBackend('cpu') });
      expect(disturbed).toEqual(undisturbed);
    }
  });

  it('passes its own check on the cpu backend, with every activation and integrator', async () => {
    const engine = await engineOn('cpu');
    const plans = [descent, { ...descent, integrator: 'rk4' } as const, adaptive];
    for (const [i, activation] of layerActivationNames.entries()) {
      const other = teacherProblem({ ...problem.architecture, activation }, 2, 'cross-entropy');
      expect(await engine.check(other, plans[i % plans.length]!)).toBeNull();
    }
  });

  it('does not pass its check with an operation that is wrong', async () => {
    const engine = await engineOn('cpu');
    const kernel = getKernel(Tanh, 'cpu')!;
    unregisterKernel(Tanh, 'cpu');
    try {
      registerKernel({ ...kernel, kernelFunc: getKernel('ZerosLike', 'cpu')!.kernelFunc });
      expect(await engine.check(problem, descent)).not.toBeNull();
    } finally {
      unregisterKernel(Tanh, 'cpu');
      registerKernel(kernel);
    }
    expect(await engine.check(problem, descent)).toBeNull();
  });
});

describe('tfjs engine, where it runs', () => {
  it('takes the first backend that is there', async () => {
    const created = await createTfjsEngine({ backends: ['webgpu', 'webgl', 'wasm', 'cpu'] });
    expect(created).toMatchObject({ engine: { device: 'TF.js wasm', precision: 'float32', kind: 'tfjs' } });
  });

  it('says why there is none, backend by backend', async () => {
    expect(await createTfjsEngine({ backends: ['webgpu', 'webgl'] })).toEqual({
      reason: expect.stringMatching(/^TF\.js has no backend here \(webgpu: no WebGPU adapter; webgl: .+\)$/),
    });
  });

  it('refuses what memory cannot hold in one sentence, from sizes alone', async () => {
    const engine = await engineOn('wasm');
    const widths = [4, 1e6, 3];
    const huge: Problem = {
      ...problem,
      architecture: { ...problem.architecture, widths },
      dataset: { ...problem.dataset, samples: 1e6 },
    };
    expect(engine.unsupported(problem, descent, 3)).toBeNull();
    expect(engine.unsupported(huge, descent)).toMatch(/^The run would take .* at most .*: use .*\.$/);
  });
});
