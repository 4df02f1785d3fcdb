/// <reference lib="webworker" />
import { createCpuEngine } from '../engine/cpu/cpu-engine.ts';
import type { PoolRequest } from '../engine/cpu/pool/protocol.ts';
import { servePool } from '../engine/cpu/pool/serve.ts';

declare const self: DedicatedWorkerGlobalScope;

/** A thread of the cpu engine's pool. */
const receive = servePool(createCpuEngine(), (reply, transfer) => self.postMessage(reply, transfer));

self.onmessage = ({ data }: MessageEvent<PoolRequest>) => receive(data);
