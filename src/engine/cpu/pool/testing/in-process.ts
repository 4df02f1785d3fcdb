import type { Engine } from '../../../engine.ts';
import { createPause } from '../../pause.ts';
import type { PoolReply, PoolRequest, SpawnPort } from '../protocol.ts';
import { servePool } from '../serve.ts';

/** A worker in the same thread, as a test sees it. */
export interface InProcessWorker {
  /** What it was asked, in order. */
  readonly requests: PoolRequest[];
  /** What it answered, in order. */
  readonly replies: PoolReply[];
  readonly crash: (reason: string) => void;
  terminated: boolean;
}

/** What happens to a reply on its way, by worker number. */
export type Deliver = (reply: PoolReply, worker: number) => PoolReply | null;

/**
 * Workers in the same thread: messages are cloned or handed over and arrive in a later task, as they would from another.
 * `deliver` may change replies, or lose them with null.
 */
export function inProcessWorkers(
  createEngine: () => Engine,
  deliver: Deliver = (reply) => reply,
): { readonly spawn: SpawnPort; readonly workers: InProcessWorker[] } {
  const workers: InProcessWorker[] = [];
  const pause = createPause();
  const spawn: SpawnPort = (events) => {
    const index = workers.length;
    const worker: InProcessWorker = { requests: [], replies: [], crash: events.crash, terminated: false };
    workers.push(worker);
    const serve = servePool(createEngine(), (reply, transfer) => {
      const copy = structuredClone(reply, { transfer });
      worker.replies.push(copy);
      const delivered = deliver(copy, index);
      if (delivered) void pause().then(() => worker.terminated || events.message(delivered));
    });
    return {
      post(request, transfer) {
        const copy = structuredClone(request, { transfer });
        worker.requests.push(copy);
        void pause().then(() => worker.terminated || serve(copy));
      },
      terminate() {
        worker.terminated = true;
      },
    };
  };
  return { spawn, workers };
}
