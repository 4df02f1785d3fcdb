import { createClient } from '../workers/client.ts';
import { spawnWorker } from '../workers/spawn.ts';
import type { PreferenceStorage } from './preferences.ts';
import { createSession } from './session.ts';
import type { Session } from './session-types.ts';

/** The session of this page: its worker, its address, its storage and its animation frames. `presetsUrl`: see SessionOptions. */
export const createBrowserSession = (presetsUrl: string): Session =>
  createSession({
    client: createClient(spawnWorker(location.search)),
    presetsUrl,
    fetchText,
    storage: localStorageOrNull(),
    clock: {
      request: (callback) => requestAnimationFrame(callback),
      cancel: (handle) => cancelAnimationFrame(handle),
    },
    reducedMotion: matchMedia('(prefers-reduced-motion: reduce)').matches,
    address: { page: location.href.replace(/#.*$/, ''), hash: location.hash },
  });

async function fetchText(url: string): Promise<string> {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`${response.status} ${response.statusText}`.trim());
  return response.text();
}

/** Reading `localStorage` throws where the user forbids it. */
function localStorageOrNull(): PreferenceStorage | null {
  try {
    return localStorage;
  } catch {
    return null;
  }
}
