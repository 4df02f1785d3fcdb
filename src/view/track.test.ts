import { describe, expect, it } from 'vitest';
import type { ChartPath } from '../landscape/chart.ts';
import { dashed } from './dashes.ts';
import { createScales } from './scales.ts';
import { chartOf } from './testing/charts.ts';
import { buildTrack, placeAtCursor, ringsUpTo, type Track } from './track.ts';

const still: Track = [
  {
    kind: 'flow',
    points: Float32Array.from([0, 0, 0, 0, 1, 0, 2, 1, 1, 4, 2, 2, Number.NaN, 0, 0, 3, 5, 5, 5, 4]),
    q: null,
  },
];
const at = (track: Track, cursor: number) => placeAtCursor(track, cursor)?.at ?? null;

describe('placeAtCursor', () => {
  it('interpolates between recorded frames and holds the ends', () => {
    expect(at(still, 0.5)).toEqual([0.5, 0, 1]);
    expect(at(still, 1)).toEqual([1, 0, 2]);
    expect(at(still, 1.25)).toEqual([1, 1, 2]);
    expect(at(still, -3)).toEqual([0, 0, 0]);
    expect(at(still, Number.POSITIVE_INFINITY)).toEqual([5, 5, 5]);
  });

  it('holds the last finite frame across a gap', () => {
    expect(at(still, 2.7)).toEqual([1, 4, 2]);
    expect(at(still, 3.2)).toEqual([1, 4, 2]);
  });

  it('is null where nothing is recorded', () => {
    expect(at([], 0)).toBeNull();
    expect(at([{ kind: 'flow', points: new Float32Array(), q: null }], 1)).toBeNull();
    expect(
      at([{ kind: 'flow', points: Float32Array.of(Number.NaN, Number.NaN, Number.NaN, 0), q: null }], 1),
    ).toBeNull();
  });
});

describe('a path with a jump', () => {
  const chart = chartOf(null);
  const scales = createScales(chart, 'linear');
  const path: ChartPath = {
    flow: 0,
    x: Float32Array.of(-0.8, -0.7, 0.5, 0.6),
    y: Float32Array.of(0.8, 0.6, 0.5, 0.1),
    height: Float32Array.of(0.9, 0.7, 0.5, 0.1),
    offChart: new Float32Array(4),
    jumps: [
      { frame: 2, from: { x: -0.7, y: 0.5, height: 0.6 }, to: { x: 0.5, y: 0.55, height: 0.6 }, q: 0.5 },
    ],
  };
  const track = buildTrack(path, scales);
  const world = (x: number, y: number, height: number) => [
    expect.closeTo(scales.x.at(x), 5),
    expect.closeTo(scales.y.at(y), 5),
    expect.closeTo(scales.z.at(height), 5),
  ];

  it('is two stretches and an arc, none of which joins the frames around the jump', () => {
    expect(track.map(({ kind }) => kind)).toEqual(['flow', 'jump', 'flow']);
    const frames = track.map(({ points }) => points.filter((_, i) => i % 4 === 3));
    expect([...frames[0]!]).toEqual([0, 1, 1.25]);
    expect([...frames[2]!]).toEqual([1.75, 2, 3]);
  });

  it('changes Q at the jump', () => {
    expect(placeAtCursor(track, 1.2)!.q).toBeNull();
    expect(placeAtCursor(track, 2)!.q).toBe(0.5);
  });

  it('has the true ends of the jump, its middle above them', () => {
    expect(at(track, 1.25)).toEqual(world(-0.7, 0.5, 0.6));
    expect(at(track, 1.75)).toEqual(world(0.5, 0.55, 0.6));
    const middle = at(track, 1.5)!;
    expect(middle[0]).toBeCloseTo(scales.x.at(-0.1), 5);
    expect(middle[2]).toBeGreaterThan(scales.z.at(0.6) + 0.05);
    expect(at(track, 2)).toEqual(world(0.5, 0.5, 0.5));
  });

  it('has rings where the cursor has been', () => {
    expect(ringsUpTo(track, 1)).toEqual([]);
    expect(ringsUpTo(track, 1.5).map(({ at: place }) => place)).toEqual([world(-0.7, 0.5, 0.6)]);
    expect(ringsUpTo(track, 2).map(({ q }) => q)).toEqual([null, 0.5]);
  });

  it('keeps frames in order where several jumps lie between two of them', () => {
    const [jump] = path.jumps;
    const twice = buildTrack({ ...path, jumps: [jump!, { ...jump!, q: 0.9 }] }, scales);
    const frames = twice.flatMap(({ points }) => [...points.filter((_, i) => i % 4 === 3)]);
    expect([...frames].sort((a, b) => a - b)).toEqual(frames);
  });
});

describe('dashes', () => {
  const cut = (points: readonly number[]) => {
    const pieces: number[][] = [[]];
    dashed(Float32Array.from(points), 0.5, 0.25, (point) => {
      if (point) pieces.at(-1)!.push(point[0]);
      else pieces.push([]);
    });
    return pieces.filter((piece) => piece.length > 0);
  };

  it('have equal lengths and gaps, wherever the points of the line are', () => {
    const close = (pieces: number[][]) => pieces.map((piece) => piece.map((x) => expect.closeTo(x, 6)));
    const whole = [
      [0, 0.5],
      [0.75, 1.25],
      [1.5, 2],
    ];
    expect(cut([0, 0, 0, 0, 2, 0, 0, 1])).toEqual(close(whole));
    const bent = cut([0, 0, 0, 0, 0.6, 0, 0, 1, 1, 0, 0, 2, 2, 0, 0, 3]);
    expect(bent.map((piece) => [piece[0], piece.at(-1)])).toEqual(close(whole));
  });

  it('end where the line does', () => {
    expect(cut([0, 0, 0, 0, Number.NaN, 0, 0, 1, 1, 0, 0, 2, 1.2, 0, 0, 3])).toEqual([
      [1, expect.closeTo(1.2, 6)],
    ]);
  });
});
