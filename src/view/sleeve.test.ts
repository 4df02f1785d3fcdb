import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Sleeve } from './sleeve.ts';

type Point = readonly [number, number, number];
const tolerance = 0.01;

/** Indices of the points at which segments begin and end. */
function corners(points: readonly Point[]): number[] {
  const sleeve = new Sleeve(tolerance);
  const kept = [0];
  sleeve.begin(...points[0]!);
  for (let i = 1; i < points.length; i++) {
    if (sleeve.admits(...points[i]!)) continue;
    kept.push(i - 1);
    sleeve.begin(...points[i - 1]!);
    expect(sleeve.admits(...points[i]!)).toBe(true);
  }
  return [...kept, points.length - 1];
}

const small = fc.double({ min: -0.02, max: 0.02, noNaN: true });
const walk = fc.array(fc.tuple(small, small, small), { minLength: 1, maxLength: 60 }).map((steps) => {
  const points: Point[] = [[0, 0, 0]];
  for (const [x, y, z] of steps) {
    const [a, b, c] = points.at(-1)!;
    points.push([a + x, b + y, c + z]);
  }
  return points;
});

describe('a sleeve', () => {
  it('represents every point within the tolerance, at its time', () =>
    fc.assert(
      fc.property(walk, (points) => {
        const kept = corners(points);
        kept.slice(1).forEach((end, segment) => {
          const begin = kept[segment]!;
          for (let i = begin; i < end; i++)
            for (const k of [0, 1, 2] as const) {
              const [a, b] = [points[begin]![k], points[end]![k]];
              const walker = a + ((b - a) * (i - begin)) / (end - begin);
              expect(Math.abs(walker - points[i]![k])).toBeLessThanOrEqual(tolerance * (1 + 1e-9));
            }
        });
      }),
      { seed: 1 },
    ));

  it('makes one segment of points that follow each other evenly', () =>
    expect(corners(Array.from({ length: 50 }, (_, i): Point => [i, 2 * i, -i]))).toEqual([0, 49]));

  it('keeps a change of pace on a straight line', () => {
    const x = [0, 1, 2, 3, 3, 3, 3];
    expect(corners(x.map((at): Point => [at, 0, 0]))).toEqual([0, 3, 6]);
  });

  it('needs few segments for a smooth curve', () => {
    const circle = Array.from({ length: 1000 }, (_, i): Point => {
      const angle = (2 * Math.PI * i) / 999;
      return [Math.cos(angle), Math.sin(angle), 0];
    });
    expect(corners(circle).length).toBeLessThan(60);
    expect(corners(circle).length).toBeGreaterThan(15);
  });
});
