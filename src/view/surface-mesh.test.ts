import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { refineSurface } from './refine.ts';
import { createScales } from './scales.ts';
import { buildSurfaceMesh } from './surface-mesh.ts';
import { chartOf, sampled } from './testing/charts.ts';

describe('refineSurface', () => {
  it('passes through every sample and stays between neighbours', () => {
    const property = fc.property(
      fc.array(fc.double({ min: 0, max: 50, noNaN: true }), { minLength: 12, maxLength: 12 }),
      (heights) => {
        const coarse = { ...sampled(() => 0, 3, 4), height: Float32Array.from(heights) };
        const fine = refineSurface(coarse, 12, 1);
        const across = (fine.columns - 1) / 2;
        const along = (fine.rows - 1) / 3;
        for (let r = 0; r < 4; r++)
          for (let c = 0; c < 3; c++) {
            const value = fine.height[r * along * fine.columns + c * across]!;
            expect(Math.abs(value - coarse.height[r * 3 + c]!)).toBeLessThan(1e-4 * (1 + value));
          }
        const most = heights.reduce((a, b) => Math.max(a, b));
        const least = heights.reduce((a, b) => Math.min(a, b));
        for (const value of fine.height) {
          expect(value).toBeLessThanOrEqual(most * 1.0001 + 1e-5);
          expect(value).toBeGreaterThanOrEqual(least * 0.9999 - 1e-5);
        }
      },
    );
    fc.assert(property, { seed: 2, numRuns: 60 });
  });

  it('follows a smooth valley closely between its samples', () => {
    const loss = (x: number, y: number) => (1 + x * x) * y * y;
    const fine = refineSurface(sampled(loss, 17, 33), 120, 1);
    fine.height.forEach((value, i) => {
      expect(Math.abs(value - loss(fine.x[i % fine.columns]!, fine.y[i]!))).toBeLessThan(0.012);
    });
  });

  it('keeps holes as holes', () => {
    const coarse = sampled((x, y) => (x === 0 && y === 0 ? Number.NaN : 1), 5, 5);
    const fine = refineSurface(coarse, 20, 1);
    const holes = fine.height.filter(Number.isNaN).length;
    expect(holes).toBeGreaterThan(0);
    expect(holes).toBeLessThan(fine.height.length / 2);
  });
});

describe('buildSurfaceMesh', () => {
  const mesh = (loss: (x: number, y: number) => number, span?: readonly [number, number, number, number]) => {
    const surface = sampled(loss, 9, 9, span);
    return buildSurfaceMesh(surface, createScales(chartOf(surface), 'linear'));
  };

  it('winds triangles counter-clockwise from above and points normals up, whichever way the grid runs', () => {
    for (const span of [
      [-1, 1, -1, 1],
      [1, -1, -1, 1],
      [-1, 1, 1, -1],
      [1, -1, 1, -1],
    ] as const) {
      const { position, normal, index, indexCount } = mesh((x, y) => 0.3 * x * x + 0.4 * y * y, span);
      for (let i = 0; i < normal.length; i += 3) expect(normal[i + 2]).toBeGreaterThan(0);
      for (let i = 0; i < indexCount; i += 3) {
        const [a, b, c] = [index[i]!, index[i + 1]!, index[i + 2]!].map((v) => 3 * v) as [
          number,
          number,
          number,
        ];
        const area =
          (position[b]! - position[a]!) * (position[c + 1]! - position[a + 1]!) -
          (position[c]! - position[a]!) * (position[b + 1]! - position[a + 1]!);
        expect(area).toBeGreaterThan(0);
      }
    }
  });

  it('leaves out cells with a corner that is not finite, and cells wholly above the ceiling', () => {
    const full = mesh(() => 0.5).indexCount;
    expect(full).toBe(8 * 8 * 6);
    const missing = mesh((x, y) => (x === 0 && y === 0 ? Number.NaN : 0.5));
    expect(missing.indexCount).toBe(full - 4 * 6);
    expect(mesh((x) => (x > 0.1 ? 1e9 : 0.5)).indexCount).toBe(5 * 8 * 6);
    expect([...missing.position].every(Number.isFinite)).toBe(true);
  });
});
