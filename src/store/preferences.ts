import { createStore, type StoreApi } from 'zustand/vanilla';
import type { PreferencesState } from './session-types.ts';

/** The part of `localStorage` that is used here. */
export interface PreferenceStorage {
  getItem(key: string): string | null;
  setItem(key: string, value: string): void;
}

const KEY = 'orbitscape/preferences';

/** The values of each preference; the first is the default. */
const choices: { readonly [K in keyof PreferencesState]: readonly PreferencesState[K][] } = {
  theme: ['system', 'dark', 'light'],
  colourMap: ['viridis', 'cividis'],
  heightScale: ['linear', 'log'],
  chart: ['q-valley', 'exact', 'plane'],
};

/** What is stored, as far as it can be read and understood; anything else is the default. */
function read(storage: PreferenceStorage | null): PreferencesState {
  let stored: unknown = null;
  try {
    stored = JSON.parse(storage?.getItem(KEY) ?? 'null');
  } catch {
    // Storage can be forbidden (private windows) or hold what another version wrote: the defaults do.
  }
  const known = <K extends keyof PreferencesState>(key: K): PreferencesState[K] => {
    const value = stored && typeof stored === 'object' ? (stored as Record<string, unknown>)[key] : undefined;
    return choices[key].find((choice) => choice === value) ?? choices[key][0]!;
  };
  return {
    theme: known('theme'),
    colourMap: known('colourMap'),
    heightScale: known('heightScale'),
    chart: known('chart'),
  };
}

/** The preference store, loaded from `storage` and saved there on every change. Works without storage (null, or one that throws). */
export function createPreferencesStore(storage: PreferenceStorage | null): StoreApi<PreferencesState> {
  const store = createStore<PreferencesState>()(() => read(storage));
  store.subscribe((state) => {
    try {
      storage?.setItem(KEY, JSON.stringify(state));
    } catch {
      // Full or forbidden storage only means that the next visit starts from the defaults.
    }
  });
  return store;
}
