import { describeEngine } from '../testing/engine-suite.ts';
import type { BackendName } from './backends.ts';
import { createTfjsEngine } from './tfjs-engine.ts';

const engineOn = async (backend: BackendName) => {
  const created = await createTfjsEngine({ backends: [backend] });
  if (!('engine' in created)) throw new Error(created.reason);
  return created.engine;
};
describeEngine('tfjs on wasm', () => engineOn('wasm'), 1e-4);
