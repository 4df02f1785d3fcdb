import { describe, expect, it } from 'vitest';
import { frameOfJump } from './run-jumps.ts';

const frames = (...times: number[]) => ({ time: Float64Array.of(...times, 99, 99), count: times.length });

describe('the frame of a jump', () => {
  it('is the first at its time', () => {
    expect(frameOfJump(frames(0, 1, 2, 3), 2)).toBe(2);
    expect(frameOfJump(frames(0, 1, 2, 3), 0)).toBe(0);
  });
  it('is the first after it where none was recorded then', () =>
    expect(frameOfJump(frames(0, 1, 2, 3), 1.5)).toBe(2));
  it('forgives the rounding of a time', () =>
    expect(frameOfJump(frames(0, 0.1, 0.3), 0.1 + 2e-17 + 0.2)).toBe(2));
  it('is never beyond the last', () => expect(frameOfJump(frames(0, 1), 7)).toBe(1));
});
