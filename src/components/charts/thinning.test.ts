import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { thinning } from './thinning.ts';

type Point = readonly [number, number];

function drawn(lines: readonly (readonly Point[])[], resolution: number): Point[][] {
  const result: Point[][] = [];
  const line = thinning(
    {
      moveTo: (x, y) => void result.push([[x, y]]),
      lineTo: (x, y) => void result.at(-1)!.push([x, y]),
    },
    resolution,
  );
  for (const points of lines) {
    for (const [x, y] of points) line.add(x, y);
    line.end();
  }
  return result;
}

const point = fc.tuple(
  fc.double({ min: 0, max: 20, noNaN: true }),
  fc.double({ min: 0, max: 20, noNaN: true }),
);

describe('thinning', () => {
  it('keeps the ends, and every point is near one that is drawn', () =>
    fc.assert(
      fc.property(fc.array(point, { minLength: 1 }), (points) => {
        const [line] = drawn([points], 0.75);
        expect(line![0]).toEqual(points[0]);
        expect(line!.at(-1)).toEqual(points.at(-1));
        for (const [x, y] of points)
          expect(line!.some(([a, b]) => Math.abs(a - x) < 0.75 && Math.abs(b - y) < 0.75)).toBe(true);
      }),
      { seed: 1 },
    ));
  it('leaves out what is nearer than a pixel', () =>
    expect(drawn([Array.from({ length: 1001 }, (_, i): Point => [i / 100, 0])], 1)[0]).toHaveLength(11));
  it('breaks where a line ends', () =>
    expect(
      drawn(
        [
          [[0, 0]],
          [
            [0, 0],
            [3, 3],
          ],
        ],
        1,
      ),
    ).toEqual([
      [[0, 0]],
      [
        [0, 0],
        [3, 3],
      ],
    ]));
});
