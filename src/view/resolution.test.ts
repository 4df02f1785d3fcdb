import { describe, expect, it } from 'vitest';
import { resolutionFor } from './resolution.ts';

describe('resolution', () => {
  it('a graphics card draws what moves as finely as what rests, up to two pixels for each', () => {
    for (const [screen, drawn] of [
      [1, 1],
      [1.5, 1.5],
      [3, 2],
    ] as const) {
      const { antialias, moving, still } = resolutionFor({ software: false }, screen);
      expect([antialias, moving, still]).toEqual([true, drawn, drawn]);
    }
  });
  it('a processor in its place draws what moves coarsely and what rests finely, on every screen', () => {
    for (const screen of [1, 2, 3]) {
      const { antialias, moving, still } = resolutionFor({ software: true }, screen);
      expect(antialias).toBe(false);
      expect(moving).toBeLessThan(still);
      expect(still).toBeGreaterThanOrEqual(Math.min(2, screen));
    }
  });
});
