import { expect, test } from 'vitest';
import { createPreferencesStore, type PreferenceStorage } from './preferences.ts';

const memory = (initial?: string): PreferenceStorage & { text: string | undefined } => ({
  text: initial,
  getItem() {
    return this.text ?? null;
  },
  setItem(_, value) {
    this.text = value;
  },
});

const defaults = { theme: 'system', colourMap: 'viridis', heightScale: 'linear', chart: 'q-valley' };

test('what was chosen is there on the next visit', () => {
  const storage = memory();
  createPreferencesStore(storage).setState({ theme: 'dark', chart: 'plane' });
  expect(createPreferencesStore(storage).getState()).toMatchObject({ theme: 'dark', chart: 'plane' });
});

test('each value that is not understood falls back on its own', () => {
  const storage = memory('{"theme":"sepia","colourMap":"cividis","heightScale":3}');
  expect(createPreferencesStore(storage).getState()).toEqual({ ...defaults, colourMap: 'cividis' });
});

test.each(['', '{', 'null', '[]', '"dark"', '{"__proto__":{"theme":"dark"}}'])(
  '%j gives the defaults',
  (text) => {
    expect(createPreferencesStore(memory(text)).getState()).toEqual(defaults);
  },
);

test('works without storage, and with one that throws', () => {
  const forbidden: PreferenceStorage = {
    getItem() {
      throw new Error('forbidden');
    },
    setItem() {
      throw new Error('forbidden');
    },
  };
  for (const storage of [null, forbidden]) {
    const store = createPreferencesStore(storage);
    store.setState({ theme: 'light' });
    expect(store.getState().theme).toBe('light');
  }
});
