import type { FlowChunk } from '../../../flow/chunk.ts';
import type { Engine } from '../../engine.ts';
import { buffersOf, type PoolReply, type PoolRequest } from './protocol.ts';

/**
 * The worker's side of the pool: runs `engine` on request, and says that it is ready. Chunks are computed only when they
 * are pulled, and one batch does not keep another waiting longer than a chunk.
 */
export function servePool(
  engine: Engine,
  post: (reply: PoolReply, transfer: ArrayBuffer[]) => void,
): (request: PoolRequest) => void {
  const batches = new Map<
    number,
    { readonly chunks: AsyncIterator<FlowChunk>; readonly abort: AbortController }
  >();

  const fail = (job: number) => (error: unknown) =>
    post({ type: 'failed', job, message: error instanceof Error ? error.message : String(error) }, []);

  const sendChunk = (job: number) => (result: IteratorResult<FlowChunk>) => {
    if (result.done) return post({ type: 'done', job }, []);
    const { count, ...columns } = result.value.frames;
    post({ type: 'chunk', job, chunk: result.value }, buffersOf(Object.values(columns)));
  };

  post({ type: 'ready' }, []);
  return (request) => {
    const { job } = request;
    const batch = batches.get(job);
    switch (request.type) {
      case 'flow': {
        const abort = new AbortController();
        const chunks = engine.flow(request.problem, request.batch, request.plan, abort.signal);
        batches.set(job, { chunks: chunks[Symbol.asyncIterator](), abort });
        break;
      }
      case 'pull':
        batch?.chunks.next().then(sendChunk(job), fail(job));
        break;
      case 'cancel':
        batch?.abort.abort();
        break;
      case 'stop':
        batch?.abort.abort();
        batch?.chunks.return?.().catch(() => {});
        batches.delete(job);
        break;
      case 'rows': {
        const { kernel, problem, thetas, vectors } = request;
        engine[kernel](problem, thetas, vectors).then(
          (values) => post({ type: 'rows', job, values }, buffersOf([values])),
          fail(job),
        );
        break;
      }
      default:
        request satisfies never;
    }
  };
}
