import { describe, expect, it } from 'vitest';
import { createPause } from '../engine/cpu/pause.ts';
import { createQuiet } from './quiet.ts';

describe('quiet', () => {
  it.each(['succeeds', 'fails'])('holds a loop up until what is measured %s', async (how) => {
    const pause = createPause();
    const quiet = createQuiet(pause);
    let turns = 0;
    let going = true;
    const loop = (async () => {
      while (going) {
        turns++;
        await quiet.pause();
      }
    })();
    await pause();
    expect(turns).toBeGreaterThan(0);
    let during = 0;
    const measured = quiet.during(async () => {
      await pause();
      const before = turns;
      for (let i = 0; i < 5; i++) await pause();
      during = turns - before;
      if (how === 'fails') throw new Error('lost');
      return 7;
    });
    await (how === 'fails' ? expect(measured).rejects.toThrow('lost') : expect(measured).resolves.toBe(7));
    expect(during).toBe(0);
    const after = turns;
    for (let i = 0; i < 5; i++) await pause();
    expect(turns).toBeGreaterThan(after);
    going = false;
    await loop;
  });
});
