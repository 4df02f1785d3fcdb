import { describe, expect, it } from 'vitest';
import { nearestFrame } from './picking.ts';

describe('nearestFrame', () => {
  const identity = [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1];
  const size = { width: 200, height: 100 };
  const lines = {
    points: Float32Array.from([0, 0, 0, -1, -0.5, 0, 0, 0, 0.5, 0, 0, 7, 0, 0.8, 0, 2.75]),
    flows: Float32Array.from([-1, 3, 4, 5]),
    count: 4,
  };

  it('finds the nearest recorded frame on the screen within the radius', () => {
    expect(nearestFrame(lines, identity, size, { x: 52, y: 55 }, 12)).toEqual({ flow: 3, frame: 0 });
    expect(nearestFrame(lines, identity, size, { x: 145, y: 45 }, 12)).toEqual({ flow: 4, frame: 7 });
  });

  it('finds nothing farther away, and never a break', () => {
    expect(nearestFrame(lines, identity, size, { x: 100, y: 50 }, 12)).toBeNull();
  });

  it('gives the recorded frame next to a point between two of them', () => {
    expect(nearestFrame(lines, identity, size, { x: 100, y: 10 }, 12)).toEqual({ flow: 5, frame: 3 });
  });
});
