import { afterEach, describe, expect, it, vi } from 'vitest';
import { createPause } from './pause.ts';

describe('a pause', () => {
  afterEach(() => vi.unstubAllGlobals());

  it.each(['setImmediate', 'messages'])('ends for everyone who waits at once (by %s)', async (means) => {
    if (means === 'messages') vi.stubGlobal('setImmediate', undefined);
    const pause = createPause();
    const ended: number[] = [];
    await Promise.all([1, 2, 3].map((who) => pause().then(() => ended.push(who))));
    expect(ended).toEqual([1, 2, 3]);
  });
});
