import { afterAll, describe, expect, it } from 'vitest';
import { createCpuEngine } from '../src/engine/cpu/cpu-engine.ts';
import { createPooledEngine } from '../src/engine/cpu/pool/pooled-engine.ts';
import type { SpawnPort } from '../src/engine/cpu/pool/protocol.ts';
import {
  adaptivePlan,
  bytes,
  collect,
  endlessPlan,
  fixedPlan,
  problem,
  startBatch,
} from '../src/engine/cpu/pool/testing/collect.ts';
import type { Engine } from '../src/engine/engine.ts';
import { spawnPoolWorker } from './spawn-pool-worker.ts';

/** Counts what real threads compute; `flip` turns one bit of the first parameter of every chunk. */
function counted(flip = false) {
  const replies = { ready: 0, chunk: 0, rows: 0 };
  const spawn: SpawnPort = (events) =>
    spawnPoolWorker({
      crash: events.crash,
      message(reply) {
        if (reply.type === 'chunk' && reply.chunk.frames.count > 0) {
          replies.chunk++;
          if (flip) new Uint8Array(reply.chunk.frames.parameters.buffer)[0]! ^= 1;
        }
        if (reply.type === 'ready' || reply.type === 'rows') replies[reply.type]++;
        events.message(reply);
      },
    });
  return { spawn, replies };
}

const batch = startBatch(8);
const plans = [
  ['fixed steps', fixedPlan(4000, 0, 1, 17, 300, 3999)],
  ['adaptive steps', adaptivePlan(20)],
] as const;

/** Until every worker of an engine has started. */
async function warm(engine: Engine, replies: { ready: number }, workers: number): Promise<void> {
  const controller = new AbortController();
  await collect(engine, endlessPlan, batch, {
    signal: controller.signal,
    onChunk: () => replies.ready >= workers && controller.abort(),
  });
}

describe('the cpu engine on real threads', () => {
  const engines: Engine[] = [];
  afterAll(() => {
    for (const engine of engines) engine.dispose();
  });
  const threads = async (size: number, flip = false) => {
    const { spawn, replies } = counted(flip);
    const engine = createPooledEngine(createCpuEngine(), spawn, size);
    engines.push(engine);
    await warm(engine, replies, size - 1);
    return { engine, replies };
  };

  it('gives the same bits for 1, 2 and 3 threads: frames, outcomes, finals and rows', async () => {
    const alone = createCpuEngine();
    const size = batch.parameters.length / batch.count;
    const thetas = Float64Array.from({ length: 4000 * size }, (_, i) => Math.sin(i));
    const losses = bytes(await alone.loss(problem, thetas));
    for (const count of [1, 2, 3]) {
      const { engine, replies } = await threads(count);
      for (const [, plan] of plans) {
        const before = replies.chunk;
        expect(await collect(engine, plan, batch)).toEqual(await collect(alone, plan, batch));
        expect(replies.chunk - before).toBeGreaterThanOrEqual(count - 1);
      }
      do {
        // Lets the workers' last replies in: rows go to idle workers only.
        await new Promise(setImmediate);
        expect(bytes(await engine.loss(problem, thetas))).toBe(losses);
      } while (replies.rows < count - 1);
    }
  });

  it('notices one wrong bit', async () => {
    const { engine } = await threads(2, true);
    for (const [, plan] of plans) {
      const alone = await collect(createCpuEngine(), plan, batch);
      expect(await collect(engine, plan, batch)).not.toEqual(alone);
    }
  });

  it('survives threads that die', async () => {
    const lost: string[] = [];
    const { spawn } = counted();
    const terminate: (() => void)[] = [];
    const mortal: SpawnPort = (events) => {
      const port = spawn(events);
      terminate.push(port.terminate);
      return port;
    };
    const engine = createPooledEngine(createCpuEngine(), mortal, 3, (sentence) => lost.push(sentence));
    engines.push(engine);
    const plan = fixedPlan(40_000, 0, 10, 100, 1000, 20_000);
    const collected = await collect(engine, plan, batch, {
      onChunk: () => {
        for (const end of terminate.splice(0, 2)) end();
      },
    });
    const alone = await collect(createCpuEngine(), plan, batch);
    expect({ ...collected, steps: 0 }).toEqual({ ...alone, steps: 0 });
    expect(engine.device).toBe('this processor, 1 thread');
    expect(lost).toHaveLength(2);
    expect(lost[0]).toMatch(
      /^A worker of the cpu engine stopped \(it ended\): the others take over its work\.$/,
    );
  });
});
