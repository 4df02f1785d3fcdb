import { parentPort } from 'node:worker_threads';
import { register } from 'tsx/esm/api';

/** A worker thread of the cpu engine's pool. */
register();
const { createCpuEngine } = await import('../src/engine/cpu/cpu-engine.ts');
const { servePool } = await import('../src/engine/cpu/pool/serve.ts');
parentPort.on(
  'message',
  servePool(createCpuEngine(), (reply, transfer) => parentPort.postMessage(reply, transfer)),
);
