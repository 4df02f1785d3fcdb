import { describe, expect, it } from 'vitest';
import { placeAtCursor } from './path-place.ts';
import { nearestFrame } from './picking.ts';

const points = Float32Array.from([
  ...[0, 0, 0, -1],
  ...[0, 0, 0, 0],
  ...[1, 0, 2, 1],
  ...[1, 4, 2, 2],
  ...[0, 0, 0, -1],
  ...[5, 5, 5, 4],
]);
const span = { first: 1, count: 5 };

describe('placeAtCursor', () => {
  it('interpolates between recorded frames and holds the ends', () => {
    expect(placeAtCursor(points, span, 0.5)).toEqual([0.5, 0, 1]);
    expect(placeAtCursor(points, span, 1)).toEqual([1, 0, 2]);
    expect(placeAtCursor(points, span, 1.25)).toEqual([1, 1, 2]);
    expect(placeAtCursor(points, span, -3)).toEqual([0, 0, 0]);
    expect(placeAtCursor(points, span, Number.POSITIVE_INFINITY)).toEqual([5, 5, 5]);
  });

  it('holds the last finite frame across a gap', () => {
    expect(placeAtCursor(points, span, 2.7)).toEqual([1, 4, 2]);
    expect(placeAtCursor(points, span, 3.2)).toEqual([1, 4, 2]);
  });

  it('is null where nothing is recorded', () => {
    expect(placeAtCursor(points, { first: 0, count: 1 }, 0)).toBeNull();
    expect(placeAtCursor(points, { first: 1, count: 0 }, 0)).toBeNull();
  });
});

describe('nearestFrame', () => {
  const identity = [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1];
  const size = { width: 200, height: 100 };
  const lines = {
    points: Float32Array.from([0, 0, 0, -1, -0.5, 0, 0, 0, 0.5, 0, 0, 7]),
    flows: Float32Array.from([-1, 3, 4]),
    count: 3,
  };

  it('finds the nearest recorded frame on the screen within the radius', () => {
    expect(nearestFrame(lines, identity, size, { x: 52, y: 55 }, 12)).toEqual({ flow: 3, frame: 0 });
    expect(nearestFrame(lines, identity, size, { x: 145, y: 45 }, 12)).toEqual({ flow: 4, frame: 7 });
  });

  it('finds nothing farther away, and never a break', () => {
    expect(nearestFrame(lines, identity, size, { x: 100, y: 50 }, 12)).toBeNull();
  });
});
