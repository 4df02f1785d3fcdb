/// <reference lib="webworker" />
import { createEngineChooser } from '../engine/choose.ts';
import { createCpuEngine } from '../engine/cpu/cpu-engine.ts';
import { createPause } from '../engine/cpu/pause.ts';
import type { ClientMessage } from './protocol.ts';
import { createRunController } from './run-controller.ts';
import { withoutALine } from './shader-fault.ts';

declare const self: DedicatedWorkerGlobalScope;

/** The query string of the page. `inject=shader` breaks every shader, so that a test can see the self-test fail. */
const query = new URLSearchParams(self.name);

const fallback = createCpuEngine();
const chooser = createEngineChooser({
  cpu: fallback,
  ...(query.get('inject') === 'shader' && { transformShader: withoutALine }),
});

const controller = createRunController({
  choose: (preference, problem, plan) => chooser.choose(preference, problem, plan),
  fallback,
  post: (message, transfer = []) => self.postMessage(message, transfer),
  now: () => performance.now(),
  pause: createPause(),
});

self.onmessage = ({ data }: MessageEvent<ClientMessage>) => controller.receive(data);
