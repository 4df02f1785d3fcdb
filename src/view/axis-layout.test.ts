import fc from 'fast-check';
import { PerspectiveCamera } from 'three';
import { describe, expect, it } from 'vitest';
import type { ChartLevel } from '../landscape/chart.ts';
import { chooseEdges, layoutAxes, wrapName } from './axis-layout.ts';
import { boxCorners, type Direction, fieldOfView, fitPose, topDirection, turnPose } from './camera.ts';
import { isInside, overlaps, rectAround, thinEvenly } from './label-layout.ts';
import { levelLabel } from './levels.ts';
import { project } from './projection.ts';
import { createScales } from './scales.ts';
import { chartOf } from './testing/charts.ts';
import { viewProjection } from './view-projection.ts';

const curve = (value: number): ChartLevel => ({
  quantity: 'conserved',
  value,
  x: Float32Array.from([-1, 0, 1]),
  y: Float32Array.from([value, value, value]),
  height: Float32Array.from([0.2, 0.1, 0.2]),
});
const chart = chartOf(null, {
  x: { label: 'conserved quantity Q', range: [-120, 120] },
  y: { label: 'distance from the minimum', range: [-1.2, 3.3] },
});
const scales = createScales(chart, 'linear');
const levels = [-0.5, -0.4, 0, 0.5].map((value) => levelLabel(curve(value), scales));
const measure = (text: string) => {
  const lines = text.split('\n');
  return { width: 7 * Math.max(...lines.map((line) => line.length)), height: 16 * lines.length };
};

function layout(direction: Direction, zoom: number, frame: { width: number; height: number }) {
  const insets = { left: 46, right: 40, top: 34, bottom: 90 };
  const pose = turnPose(fitPose(boxCorners(scales.box), direction, frame, insets), 0, 0, zoom);
  const camera = new PerspectiveCamera(fieldOfView, frame.width / frame.height, 0.05, 60);
  camera.up.set(0, 0, 1);
  camera.position.set(...pose.position);
  camera.lookAt(...pose.target);
  camera.updateMatrixWorld();
  const matrix = viewProjection(camera);
  const at = (x: number, y: number, z: number) => project(matrix, frame, x, y, z);
  const reserved = [{ left: 16, top: frame.height - 50, width: 300, height: 40 }];
  return { ...layoutAxes({ scales, levels, project: at, frame, measure, reserved }), reserved, at };
}

describe('layoutAxes', () => {
  it('never lets labels overlap, touch the legend or leave the frame, from anywhere', () => {
    const property = fc.property(
      fc.double({ min: -3.2, max: 3.2, noNaN: true }),
      fc.double({ min: -0.2, max: 1.56, noNaN: true }),
      fc.double({ min: 0.4, max: 3, noNaN: true }),
      fc.constantFrom({ width: 770, height: 740 }, { width: 560, height: 600 }, { width: 360, height: 420 }),
      (azimuth, elevation, zoom, frame) => {
        const { labels, reserved } = layout({ azimuth, elevation }, zoom, frame);
        labels.forEach(({ rect }, i) => {
          expect(isInside(rect, frame)).toBe(true);
          expect(reserved.some((taken) => overlaps(rect, taken))).toBe(false);
          for (const other of labels.slice(i + 1)) expect(overlaps(rect, other.rect)).toBe(false);
        });
      },
    );
    fc.assert(property, { seed: 4, numRuns: 150 });
  });

  it('names all three axes and numbers them in the view that opens', () => {
    for (const frame of [
      { width: 770, height: 740 },
      { width: 560, height: 600 },
    ]) {
      const { labels } = layout({ azimuth: -0.42, elevation: 0.58 }, 1, frame);
      const names = labels.filter(({ kind }) => kind === 'name').map(({ text }) => text);
      expect(names).toEqual(['conserved quantity Q', 'distance from\nthe minimum', 'loss']);
      expect(labels.filter(({ kind }) => kind === 'tick').length).toBeGreaterThanOrEqual(11);
    }
  });

  it('leaves the height axis out when it is seen end-on', () => {
    const { labels, edges } = layout(topDirection, 1, { width: 770, height: 740 });
    expect(edges.zAxis).toBeNull();
    expect(labels.some(({ text }) => text === 'loss')).toBe(false);
  });

  it('puts the axes on the edges nearest to the reader', () => {
    const front = layout({ azimuth: -0.4, elevation: 0.5 }, 1, { width: 700, height: 700 });
    const back = layout({ azimuth: Math.PI - 0.4, elevation: 0.5 }, 1, { width: 700, height: 700 });
    expect(chooseEdges(scales.box, front.at)).toMatchObject({ xAxisY: -scales.box.depth / 2 });
    expect(chooseEdges(scales.box, back.at)).toMatchObject({ xAxisY: scales.box.depth / 2 });
  });
});

describe('thinEvenly', () => {
  const row = (step: number) =>
    Array.from({ length: 9 }, (_, i) => ({ i, rect: rectAround(i * step, 0, 20, 10) }));

  it('keeps all that fit, else every n-th around the anchor', () => {
    expect(thinEvenly(row(30), 4)).toHaveLength(9);
    expect(thinEvenly(row(15), 4).map(({ i }) => i)).toEqual([0, 2, 4, 6, 8]);
    expect(thinEvenly(row(8), 4).map(({ i }) => i)).toEqual([1, 4, 7]);
    expect(thinEvenly(row(0), 4).map(({ i }) => i)).toEqual([4]);
    expect(thinEvenly([], 0)).toEqual([]);
  });
});

describe('wrapName', () => {
  it('breaks long names near their middle', () => {
    expect(wrapName('loss')).toBe('loss');
    expect(wrapName('distance from the minimum')).toBe('distance from\nthe minimum');
    expect(wrapName('onewordthatislongerthantwenty')).toBe('onewordthatislongerthantwenty');
  });
});
