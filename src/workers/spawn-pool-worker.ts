import type { SpawnPort } from '../engine/cpu/pool/protocol.ts';

/** Starts a worker that computes for the cpu engine; called in the worker that runs the experiment. */
export const spawnPoolWorker: SpawnPort = ({ message, crash }) => {
  const worker = new Worker(new URL('./pool-worker.ts', import.meta.url), { type: 'module' });
  worker.onmessage = ({ data }) => message(data);
  worker.onerror = (event) => {
    event.preventDefault();
    crash(event.message ?? '');
  };
  worker.onmessageerror = () => crash('a message could not be read');
  return {
    post: (request, transfer) => worker.postMessage(request, transfer),
    terminate: () => worker.terminate(),
  };
};
