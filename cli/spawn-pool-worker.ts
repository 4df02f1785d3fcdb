import { Worker } from 'node:worker_threads';
import type { SpawnPort } from '../src/engine/cpu/pool/protocol.ts';

/** Starts a worker thread that computes for the cpu engine. */
export const spawnPoolWorker: SpawnPort = ({ message, crash }) => {
  const worker = new Worker(new URL('./pool-worker.mjs', import.meta.url));
  worker.on('message', message);
  worker.on('messageerror', () => crash('a message could not be read'));
  worker.on('error', (error) => crash(error.message));
  worker.on('exit', () => crash('it ended'));
  return {
    post: (request, transfer) => worker.postMessage(request, transfer),
    terminate: () => void worker.terminate(),
  };
};
