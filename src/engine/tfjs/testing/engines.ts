import type { BackendName } from '../backends.ts';
import { createTfjsEngine, type TfjsEngine, type TfjsEngineOptions } from '../tfjs-engine.ts';

/** The engine on one backend, which must be there. */
export async function engineOn(backend: BackendName, options: TfjsEngineOptions = {}): Promise<TfjsEngine> {
  const created = await createTfjsEngine({ ...options, backends: [backend] });
  if (!('engine' in created)) throw new Error(created.reason);
  return created.engine;
}
