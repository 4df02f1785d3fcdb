import type { FlowBatch, FlowChunk } from '../../../flow/chunk.ts';
import type { FlowPlan } from '../../../flow/plan.ts';
import { parameterCount } from '../../../model/parameters.ts';
import { type Problem, sampleCount } from '../../../model/problem.ts';
import { lossWork } from '../../../model/work.ts';
import { concatenate, mergeChunks } from '../../chunks.ts';
import { type Engine, EngineLostError } from '../../engine.ts';
import type { RowKernel, SpawnPort } from './protocol.ts';
import { Share } from './share.ts';
import { createWorkerHandle, type WorkerHandle } from './worker-handle.ts';

/** Rows are spread from this many multiply-adds on, about a millisecond on a processor: below, messages cost more. */
const SPREAD_WORK = 1e6;

/**
 * A cpu engine on `size` threads: the one that calls it, which computes with `local`, and workers that run an engine of the
 * same kind. Workers start when a batch first needs them and are kept until `dispose`. A single flow stays on the calling
 * thread, so that a drag waits for nothing. Flows and rows are independent and each is computed by one thread, hence the
 * same bits whatever the number of threads.
 *
 * What a lost worker was computing, or one that is still starting would compute, is done on the calling thread once that
 * has nothing else to do; `onLost` is told in one sentence.
 */
export function createPooledEngine(
  local: Engine,
  spawn: SpawnPort,
  size: number,
  onLost: (sentence: string) => void = () => {},
): Engine {
  if (size <= 1) return local;
  const workers: WorkerHandle[] = [];

  /** At most `wanted` workers that are not lost; they may still be starting. */
  function staff(wanted: number): WorkerHandle[] {
    while (workers.length < Math.min(wanted, size - 1)) workers.push(createWorkerHandle(spawn, onLost));
    return workers.filter(({ state }) => state !== 'lost').slice(0, Math.max(0, wanted));
  }

  async function* flow(
    problem: Problem,
    batch: FlowBatch,
    plan: FlowPlan,
    signal?: AbortSignal,
  ): AsyncGenerator<FlowChunk> {
    const helpers = staff(batch.count - 1);
    if (helpers.length === 0) return yield* local.flow(problem, batch, plan, signal);
    const abort = new AbortController();
    const cancel = () => abort.abort();
    if (signal?.aborted) cancel();
    signal?.addEventListener('abort', cancel);
    const parameters = parameterCount(problem.architecture);
    const shares = deal(batch.count, helpers.length + 1).map(
      (flows) =>
        new Share(batch, flows, parameters, (engine, part) => engine.flow(problem, part, plan, abort.signal)),
    );
    try {
      let chunks: FlowChunk[] = [];
      for (;;) {
        const open = shares.filter(({ done }) => !done);
        if (open.length === 0) break;
        assign(open, helpers);
        await advance(open);
        chunks.push(...open.flatMap((share) => share.take() ?? []));
        // When cancelled, all that is still to come is one chunk.
        if (chunks.length > 0 && !abort.signal.aborted) {
          yield mergeChunks(chunks);
          chunks = [];
        }
      }
      if (chunks.length > 0) yield mergeChunks(chunks);
    } finally {
      signal?.removeEventListener('abort', cancel);
      abort.abort();
      for (const share of shares) share.stop();
    }
  }

  /** Hands shares that nobody computes to workers that have started, and one to this thread if it would be idle. */
  function assign(open: readonly Share[], helpers: readonly WorkerHandle[]): void {
    const free = helpers.filter(
      (worker) => worker.state === 'ready' && !open.some(({ engine }) => engine === worker),
    );
    const waiting = open.filter(({ engine }) => engine === null);
    if (waiting.length > 0 && !open.some(({ engine }) => engine === local)) waiting.shift()!.begin(local);
    for (const share of waiting) {
      const worker = free.pop();
      if (worker) share.begin(worker);
    }
  }

  /** Until there is a chunk of this thread, or else one of any worker. */
  async function advance(open: readonly Share[]): Promise<void> {
    const [own, others] = [true, false].map((here) =>
      open.filter(({ engine }) => engine && (engine === local) === here),
    );
    // The workers hear of it before this thread begins to compute.
    const requests = others!.map((share) => share.request());
    await (own!.length > 0 ? own![0]!.request() : Promise.race(requests));
  }

  async function rows(
    kernel: RowKernel,
    problem: Problem,
    thetas: Float64Array,
    vectors: Float64Array = new Float64Array(0),
  ): Promise<Float64Array> {
    const width = parameterCount(problem.architecture);
    const count = thetas.length / width;
    const work = count * lossWork(problem.architecture, sampleCount(problem));
    const helpers = work < SPREAD_WORK ? [] : staff(count - 1).filter(({ idle }) => idle);
    if (helpers.length === 0) return local[kernel](problem, thetas, vectors);
    const part = (of: Float64Array, index: number) => {
      const row = (k: number) => Math.floor((k * count) / (helpers.length + 1));
      return of.slice(row(index) * width, row(index + 1) * width);
    };
    const here = (index: number) => local[kernel](problem, part(thetas, index), part(vectors, index));
    const others = helpers.map((worker, i) =>
      worker.rows(kernel, problem, part(thetas, i + 1), part(vectors, i + 1)).catch((error: unknown) => {
        if (error instanceof EngineLostError) return here(i + 1);
        throw error;
      }),
    );
    return concatenate(await Promise.all([here(0), ...others]));
  }

  return {
    kind: local.kind,
    precision: local.precision,
    get device() {
      const threads = size - workers.filter(({ state }) => state === 'lost').length;
      return `${local.device}, ${threads} ${threads === 1 ? 'thread' : 'threads'}`;
    },
    unsupported: (...of) => local.unsupported(...of),
    flow,
    loss: (problem, thetas) => rows('loss', problem, thetas),
    gradient: (problem, thetas) => rows('gradient', problem, thetas),
    hessianVectorProduct: (problem, thetas, vectors) =>
      rows('hessianVectorProduct', problem, thetas, vectors),
    dispose() {
      for (const worker of workers) worker.dispose();
      local.dispose();
    },
  };
}

/** Flow numbers 0 .. count - 1, dealt out like cards: neighbours in a sweep cost alike. */
function deal(count: number, hands: number): number[][] {
  const dealt: number[][] = Array.from({ length: hands }, () => []);
  for (let i = 0; i < count; i++) dealt[i % hands]!.push(i);
  return dealt;
}
