/// <reference lib="webworker" />
import { createEngineChooser } from '../engine/choose.ts';
import { createCpuEngine } from '../engine/cpu/cpu-engine.ts';
import { createPause } from '../engine/cpu/pause.ts';
import { poolSize } from '../engine/cpu/pool/pool-size.ts';
import { createPooledEngine } from '../engine/cpu/pool/pooled-engine.ts';
import { application } from '../experiment/application.ts';
import type { ClientMessage } from './protocol.ts';
import { createQuiet } from './quiet.ts';
import { createRunController } from './run-controller.ts';
import { withoutALine } from './shader-fault.ts';
import { spawnPoolWorker } from './spawn-pool-worker.ts';

declare const self: DedicatedWorkerGlobalScope;

/**
 * The query string of the page. `inject=shader` breaks every shader, so that a test can see the self-test fail;
 * `workers=N` sets the number of threads of the cpu engine.
 */
const query = new URLSearchParams(self.name);

const threads = Number(query.get('workers')) || poolSize(navigator.hardwareConcurrency || 2);
const fallback = createPooledEngine(createCpuEngine(), spawnPoolWorker, threads, (sentence) =>
  console.warn(sentence),
);
const quiet = createQuiet(createPause());
const chooser = createEngineChooser({
  cpu: fallback,
  calibration: { version: application, exclusively: quiet.during },
  ...(query.get('inject') === 'shader' && { transformShader: withoutALine }),
});

const controller = createRunController({
  choose: chooser.choose,
  fallback,
  post: (message, transfer = []) => self.postMessage(message, transfer),
  now: () => performance.now(),
  pause: quiet.pause,
});

self.onmessage = ({ data }: MessageEvent<ClientMessage>) => controller.receive(data);
