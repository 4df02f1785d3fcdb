import type { BufferGeometry, Mesh } from 'three';
import { describe, expect, it } from 'vitest';
import { Polylines } from './polylines.ts';

const white = [1, 1, 1] as const;
const options = { renderOrder: 0, dim: 1, ghost: 0, casing: 1, lift: 0 };

/** Lines through points on the x axis (null: a break), and how many segments are drawn. */
function drawn(places: readonly (number | null)[]) {
  const lines = new Polylines(options);
  lines.begin(places.length + 1);
  places.forEach((x, frame) => {
    if (x === null) lines.break();
    else lines.push(x, 0, 0, frame, white, 0, 2);
  });
  lines.commit();
  const { geometry } = lines.object.children[0] as Mesh<BufferGeometry>;
  const index = [...geometry.getIndex()!.array.slice(0, geometry.drawRange.count)];
  // Vertex numbers are relative to 'here', one point in; two vertices are one point.
  const here = geometry.getAttribute('here');
  const frames = index.map((vertex) => here.getW(vertex));
  return { lines, segments: index.length / 6, frames: [...new Set(frames)] };
}

describe('polylines', () => {
  it('joins points that are apart', () => {
    const { segments, frames } = drawn([0, 0.1, 0.3, 0.1]);
    expect(segments).toBe(3);
    expect(frames).toEqual([0, 1, 2, 3]);
  });

  it('draws only the ends of what is passed evenly, and keeps all for picking', () => {
    const { lines, segments, frames } = drawn([0, 0.1, 0.2, 0.3, 0.3, 0.3, 0.8]);
    expect(frames).toEqual([0, 3, 5, 6]);
    expect(segments).toBe(3);
    const kept = Array.from({ length: lines.count }, (_, i) => lines.points[4 * i + 3]!);
    expect(kept.filter((frame) => frame >= 0)).toEqual([0, 1, 2, 3, 4, 5, 6]);
  });

  it('draws every point at which the colour changes', () => {
    const lines = new Polylines(options);
    lines.begin(4);
    for (let i = 0; i < 4; i++) lines.push(i, 0, 0, i, i < 2 ? white : [1, 0, 0], 0, 2);
    lines.commit();
    const { geometry } = lines.object.children[0] as Mesh<BufferGeometry>;
    expect(geometry.drawRange.count / 6).toBe(3);
  });

  it('never joins across a break or a point that is not finite', () => {
    expect(drawn([0, 0.1, null, 0.2, 0.3]).segments).toBe(2);
    expect(drawn([0, 0.1, Number.NaN, 0.2, 0.3]).segments).toBe(2);
    expect(drawn([0, 1e-5, null, 2e-5, 0.3]).segments).toBe(2);
  });
});
