import type { FlowBatch, FlowChunk } from '../../../flow/chunk.ts';
import type { FlowPlan } from '../../../flow/plan.ts';
import type { Problem } from '../../../model/problem.ts';
import { type Engine, EngineLostError } from '../../engine.ts';
import {
  buffersOf,
  type PoolPort,
  type PoolReply,
  type PoolRequest,
  type RowKernel,
  type SpawnPort,
} from './protocol.ts';

/** One worker of the pool, as the engine holds it. */
export interface WorkerHandle {
  readonly state: 'starting' | 'ready' | 'lost';
  /** true: it is ready and nothing is asked of it. */
  readonly idle: boolean;
  /** As of an engine; takes the memory of the batch. Stays at most two chunks ahead. */
  flow: Engine['flow'];
  /** Evaluates rows (see Engine); takes the memory of `thetas` and `vectors`. Throws EngineLostError when the worker is lost. */
  rows(
    kernel: RowKernel,
    problem: Problem,
    thetas: Float64Array,
    vectors: Float64Array,
  ): Promise<Float64Array>;
  dispose(): void;
}

type JobReply = Exclude<PoolReply, { readonly type: 'ready' }>;

/** Replies to one job, in order. */
interface Mailbox {
  put(reply: JobReply): void;
  /** No reply will come any more. */
  close(error: Error): void;
  /** Rejects once the box is closed and empty. */
  take(): Promise<JobReply>;
}

/** Starts a worker. `onLost` is called at most once, with one sentence. */
export function createWorkerHandle(spawn: SpawnPort, onLost: (sentence: string) => void): WorkerHandle {
  const mailboxes = new Map<number, Mailbox>();
  let state: WorkerHandle['state'] = 'starting';
  let jobs = 0;
  /** Replies that are still to come. */
  let asked = 0;
  let port: PoolPort | null = null;

  function receive(reply: PoolReply): void {
    if (state === 'lost') return;
    state = 'ready';
    if (reply.type === 'ready') return;
    asked--;
    mailboxes.get(reply.job)?.put(reply);
  }

  function close(error: Error): void {
    state = 'lost';
    port?.terminate();
    for (const mailbox of mailboxes.values()) mailbox.close(error);
  }

  function lose(reason: string): void {
    if (state === 'lost') return;
    const sentence = `A worker of the cpu engine stopped${reason && ` (${reason})`}`;
    close(new EngineLostError(sentence));
    onLost(`${sentence}: the others take over its work.`);
  }

  function post(request: PoolRequest, transfer: ArrayBuffer[] = []): void {
    if (state === 'lost') return;
    if (request.type === 'pull' || request.type === 'rows') asked++;
    port?.post(request, transfer);
  }

  /** A new job, with the box for its replies. */
  function open(): { readonly job: number; readonly mailbox: Mailbox } {
    const job = ++jobs;
    const mailbox = createMailbox();
    mailboxes.set(job, mailbox);
    if (state === 'lost') mailbox.close(new EngineLostError('The worker is gone'));
    return { job, mailbox };
  }

  async function* flow(
    problem: Problem,
    batch: FlowBatch,
    plan: FlowPlan,
    signal?: AbortSignal,
  ): AsyncGenerator<FlowChunk> {
    const { job, mailbox } = open();
    const cancel = () => post({ type: 'cancel', job });
    try {
      const { parameters, step, time } = batch;
      post({ type: 'flow', job, problem, batch, plan }, buffersOf([parameters, step, time]));
      if (signal?.aborted) cancel();
      signal?.addEventListener('abort', cancel);
      // One chunk more than is waited for, so that the worker need not wait for the next pull.
      post({ type: 'pull', job });
      for (;;) {
        post({ type: 'pull', job });
        const reply = await mailbox.take();
        if (reply.type === 'failed') throw new Error(reply.message);
        if (reply.type !== 'chunk') return;
        yield reply.chunk;
      }
    } finally {
      signal?.removeEventListener('abort', cancel);
      post({ type: 'stop', job });
      mailboxes.delete(job);
    }
  }

  try {
    port = spawn({ message: receive, crash: lose });
  } catch (error) {
    lose(error instanceof Error ? error.message : String(error));
  }

  return {
    get state() {
      return state;
    },
    get idle() {
      return state === 'ready' && asked === 0;
    },
    flow,
    async rows(kernel, problem, thetas, vectors) {
      const { job, mailbox } = open();
      post({ type: 'rows', job, kernel, problem, thetas, vectors }, buffersOf([thetas, vectors]));
      try {
        const reply = await mailbox.take();
        if (reply.type === 'rows') return reply.values;
        throw new Error(reply.type === 'failed' ? reply.message : `unexpected reply: ${reply.type}`);
      } finally {
        mailboxes.delete(job);
      }
    },
    dispose() {
      close(new Error('The engine was disposed of'));
    },
  };
}

function createMailbox(): Mailbox {
  const replies: JobReply[] = [];
  let closed: Error | null = null;
  let wake = () => {};
  return {
    put(reply) {
      replies.push(reply);
      wake();
    },
    close(error) {
      closed = error;
      wake();
    },
    async take() {
      while (replies.length === 0) {
        if (closed) throw closed;
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
      return replies.shift()!;
    },
  };
}
