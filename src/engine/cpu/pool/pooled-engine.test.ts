import { describe, expect, it } from 'vitest';
import type { FlowBatch } from '../../../flow/chunk.ts';
import { genericStart, teacherProblem } from '../../../flow/testing/flows.ts';
import type { Problem } from '../../../model/problem.ts';
import { type Engine, EngineLostError } from '../../engine.ts';
import { describeEngine } from '../../testing/engine-suite.ts';
import { createCpuEngine } from '../cpu-engine.ts';
import { createPause } from '../pause.ts';
import { poolSize } from './pool-size.ts';
import { createPooledEngine } from './pooled-engine.ts';
import {
  adaptivePlan,
  bytes,
  collect,
  endlessPlan,
  fixedPlan,
  problem,
  startBatch,
} from './testing/collect.ts';
import { type Deliver, inProcessWorkers } from './testing/in-process.ts';

/** A clock that advances by a millisecond at every look: chunks are small, and time is in the test's hands. */
function createSteppedEngine(): Engine {
  let time = 0;
  return createCpuEngine({ now: () => time++ });
}

const pause = createPause();
const later = async () => {
  for (let i = 0; i < 20; i++) await pause();
};

/** A pooled engine on threads that are none; `started`: its workers are ready. */
async function pool(size: number, deliver?: Deliver, started = true) {
  const lost: string[] = [];
  const { spawn, workers } = inProcessWorkers(createSteppedEngine, deliver);
  const engine = createPooledEngine(createSteppedEngine(), spawn, size, (sentence) => lost.push(sentence));
  if (started) {
    await collect(engine, fixedPlan(40, 0), startBatch(2 * size));
    await later();
  }
  return { engine, workers, lost };
}

const batch = startBatch(7);
const plans = [
  ['fixed steps', fixedPlan(300, 0, 3, 50, 299)],
  ['adaptive steps', adaptivePlan(4)],
] as const;

describeEngine('pooled cpu engine', async () => (await pool(2)).engine, 1e-12);

describe('a pooled engine', () => {
  it.each(plans)('gives the same bits for 1, 2, 3 and 9 threads: %s', async (_, plan) => {
    const alone = await collect(createSteppedEngine(), plan, batch);
    expect(alone.frames.map((frames) => frames.length > 2)).toEqual(Array(7).fill(true));
    for (const size of [1, 2, 3, 9]) {
      const { engine } = await pool(size);
      expect(await collect(engine, plan, batch)).toEqual(alone);
    }
  });

  it.each<[string, Problem, readonly number[]]>([
    ['a test function', { architecture: { kind: 'test-function', name: 'rosenbrock' } }, [-1.2, 1]],
    ...(['squash', 'row-inversion', 'arctan'] as const).map((activation): [string, Problem, number[]] => {
      const architecture = { kind: 'mlp', widths: [3, 4, 2], activation, bias: true } as const;
      return [activation, teacherProblem(architecture, 1), [...genericStart(architecture, 1)]];
    }),
  ])('takes every kind of problem to its workers: %s', async (_, of, start) => {
    const starts = Array.from({ length: 7 }, (_, i) => start.map((value) => value * (1 + i / 10)));
    const flows: FlowBatch = { count: 7, parameters: Float64Array.from(starts.flat()) };
    const descent = { ...fixedPlan(200, 0, 50), stepSize: 1e-3 };
    const alone = await collect(createSteppedEngine(), descent, flows, { of });
    const { engine, workers } = await pool(3);
    const before = workers.map(({ replies }) => replies.length);
    expect(await collect(engine, descent, flows, { of })).toEqual(alone);
    workers.forEach(({ replies }, i) => {
      expect(replies.slice(before[i]).some(({ type }) => type === 'chunk')).toBe(true);
    });
    expect(await engine.gradient(of, flows.parameters)).toEqual(
      await createSteppedEngine().gradient(of, flows.parameters),
    );
  });

  it('computes on its workers once they have started, and on its own thread until then', async () => {
    const { engine, workers } = await pool(3, undefined, false);
    const chunks: number[][] = [];
    await collect(engine, fixedPlan(4000, 0), batch, {
      onChunk: ({ frames }) => chunks.push([...frames.flow]),
    });
    expect(workers).toHaveLength(2);
    expect(chunks[0]).toEqual([0, 3, 6]);
    for (const { replies } of workers) expect(replies.some(({ type }) => type === 'chunk')).toBe(true);
  });

  it('keeps a single flow, and a pool of one, on the thread that calls', async () => {
    const { engine, workers } = await pool(3, undefined, false);
    await collect(engine, fixedPlan(300, 0), startBatch(1));
    expect(workers).toHaveLength(0);
    const local = createSteppedEngine();
    expect(createPooledEngine(local, inProcessWorkers(createSteppedEngine).spawn, 1)).toBe(local);
  });

  it('starts no more workers than there are flows to spread', async () => {
    const { engine, workers } = await pool(8, undefined, false);
    await collect(engine, fixedPlan(300, 0), startBatch(3));
    expect(workers).toHaveLength(2);
    expect(engine.device).toBe('this processor, 8 threads');
  });

  it('leaves one processor free, where there is one', () => {
    expect([1, 2, 3, 16].map(poolSize)).toEqual([1, 1, 2, 15]);
  });

  it('notices one wrong bit', async () => {
    const flip: Deliver = (reply, worker) => {
      if (worker === 1 && reply.type === 'chunk' && reply.chunk.frames.count > 0) {
        const { buffer } = reply.chunk.frames.parameters;
        new Uint8Array(buffer)[0]! ^= 1;
      }
      return reply;
    };
    const alone = await collect(createSteppedEngine(), fixedPlan(300, 0), batch);
    const { engine } = await pool(3, flip);
    expect(await collect(engine, fixedPlan(300, 0), batch)).not.toEqual(alone);
  });

  it('keeps its workers at most two chunks ahead', async () => {
    const { engine, workers } = await pool(3);
    const before = workers.map(({ replies }) => replies.length);
    const chunks = engine.flow(problem, batch, endlessPlan)[Symbol.asyncIterator]();
    for (let taken = 1; taken <= 3; taken++) {
      await chunks.next();
      await later();
      workers.forEach(({ replies }, i) => {
        expect(replies.length - before[i]!).toBeLessThanOrEqual(taken + 2);
      });
    }
    await chunks.return?.();
  });

  it('ends every flow as cancelled in the next chunk', async () => {
    for (const started of [true, false]) {
      const { engine } = await pool(3, undefined, started);
      const controller = new AbortController();
      let after = 0;
      const { outcomes, frames } = await collect(engine, endlessPlan, batch, {
        signal: controller.signal,
        onChunk() {
          if (controller.signal.aborted) after++;
          controller.abort();
        },
      });
      expect(after).toBe(1);
      expect(outcomes.map((outcome) => outcome?.kind)).toEqual(Array(7).fill('cancelled'));
      expect(frames.every(({ length }) => length > 0)).toBe(true);
    }
  });

  it('stops its workers when a batch is given up, and runs others meanwhile', async () => {
    const { engine, workers } = await pool(3);
    const forgotten = engine.flow(problem, batch, endlessPlan)[Symbol.asyncIterator]();
    await forgotten.next();
    const abandoned = engine.flow(problem, batch, endlessPlan)[Symbol.asyncIterator]();
    await abandoned.next();
    await abandoned.return?.();
    const both = await Promise.all(
      plans.map(async ([, plan]) => [await collect(engine, plan, batch), plan] as const),
    );
    for (const [together, plan] of both)
      expect(together).toEqual(await collect(createSteppedEngine(), plan, batch));
    await later();
    const replies = workers.map((worker) => worker.replies.length);
    await later();
    expect(workers.map((worker) => worker.replies.length)).toEqual(replies);
    for (const { requests } of workers) {
      const jobs = (type: string) => requests.filter((request) => request.type === type).length;
      expect(jobs('stop')).toBe(jobs('flow') - 1);
    }
    await forgotten.return?.();
  });

  it.each([0, 1, 4])('takes over from a worker that is lost after %i chunks', async (chunks) => {
    for (const [, plan] of plans) {
      const alone = await collect(createSteppedEngine(), plan, batch);
      const { engine, workers, lost } = await pool(3);
      let left = chunks;
      const collected = await collect(engine, plan, batch, {
        onChunk() {
          if (left-- === 0) for (const { crash } of workers) crash('out of memory');
        },
      });
      expect({ ...collected, steps: 0 }).toEqual({ ...alone, steps: 0 });
      expect(lost).toEqual(
        Array(2).fill('A worker of the cpu engine stopped (out of memory): the others take over its work.'),
      );
      expect(workers.every(({ terminated }) => terminated)).toBe(true);
      expect(engine.device).toBe('this processor, 1 thread');
      expect(await collect(engine, plan, batch)).toEqual(alone);
    }
  });

  it('waits for no worker that never starts', async () => {
    const { engine } = await pool(3, () => null, false);
    const alone = await collect(createSteppedEngine(), fixedPlan(300, 0), batch);
    expect(await collect(engine, fixedPlan(300, 0), batch)).toEqual(alone);
    const broken = createPooledEngine(
      createSteppedEngine(),
      () => {
        throw new Error('no threads here');
      },
      3,
    );
    expect(await collect(broken, fixedPlan(300, 0), batch)).toEqual(alone);
  });

  it('passes on what goes wrong in a flow', async () => {
    const impossible = { ...adaptivePlan(1), integrator: 'gradient-descent' } as const;
    const { engine } = await pool(3);
    for (const some of [createSteppedEngine(), engine]) {
      await expect(collect(some, impossible, batch)).rejects.toThrow('gradient-descent estimates no error');
    }
    const failing: Deliver = (reply) =>
      reply.type === 'chunk' ? { type: 'failed', job: reply.job, message: 'worn out' } : reply;
    const { engine: worn } = await pool(3, failing, false);
    await expect(collect(worn, endlessPlan, batch)).rejects.toThrow('worn out');
  });

  it('lets nothing hang when it is disposed of', async () => {
    const { engine, workers } = await pool(3);
    const flow = collect(engine, endlessPlan, batch, { onChunk: () => engine.dispose() });
    await expect(flow).rejects.toThrow('disposed');
    await expect(flow).rejects.not.toThrow(EngineLostError);
    expect(workers.every(({ terminated }) => terminated)).toBe(true);
  });
});

describe('rows on a pooled engine', () => {
  const rows = 2000;
  const size = startBatch(1).parameters.length;
  const thetas = Float64Array.from({ length: rows * size }, (_, i) => Math.sin(i));
  const vectors = Float64Array.from({ length: rows * size }, (_, i) => Math.cos(i));
  const evaluate = async (engine: Engine) =>
    [
      await engine.loss(problem, thetas),
      await engine.gradient(problem, thetas),
      await engine.hessianVectorProduct(problem, thetas, vectors),
    ].map(bytes);

  it('are spread over the workers that are idle, with the same bits', async () => {
    const alone = await evaluate(createCpuEngine());
    for (const size of [2, 3]) {
      const { engine, workers } = await pool(size);
      expect(await evaluate(engine)).toEqual(alone);
      for (const { requests } of workers) {
        expect(requests.filter(({ type }) => type === 'rows')).toHaveLength(3);
      }
    }
  });

  it('stay on the calling thread when they are few', async () => {
    const { engine, workers } = await pool(3);
    await engine.loss(problem, thetas.slice(0, 20 * size));
    for (const { requests } of workers) expect(requests.every(({ type }) => type !== 'rows')).toBe(true);
  });

  it('wait neither for workers that start nor for lost ones', async () => {
    const alone = await createCpuEngine().loss(problem, thetas);
    const starting = await pool(3, () => null, false);
    expect(await starting.engine.loss(problem, thetas)).toEqual(alone);
    const { engine, workers } = await pool(3, (reply) => (reply.type === 'rows' ? null : reply));
    const losses = engine.loss(problem, thetas);
    await later();
    for (const { crash } of workers) crash('');
    expect(await losses).toEqual(alone);
  });
});
