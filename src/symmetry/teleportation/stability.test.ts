import fc from 'fast-check';
import { expect, test } from 'vitest';
import { PROPERTY } from '../testing/problems.ts';
import { largestSharpness } from './stability.ts';

const positive = fc.double({ min: 1e-6, max: 1e6, noNaN: true });

test('never below the start, and short of 2/(step size) wherever the start is', () => {
  fc.assert(
    fc.property(positive, positive, (stepSize, start) => {
      const most = largestSharpness(stepSize, start);
      expect(most).toBeGreaterThanOrEqual(start);
      if (start < 1.5 / stepSize) expect(most).toBeLessThan(2 / stepSize);
      else expect(most).toBe(start);
      expect(largestSharpness(stepSize, 1.1 * start)).toBeGreaterThanOrEqual(most);
      expect(largestSharpness(2 * stepSize, start)).toBeLessThanOrEqual(most);
    }),
    PROPERTY,
  );
});
