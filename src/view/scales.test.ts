import { describe, expect, it } from 'vitest';
import { createScales } from './scales.ts';
import { chartOf, sampled } from './testing/charts.ts';

describe('createScales', () => {
  it('maps the ranges onto the box and puts the ceiling a little above the paths', () => {
    const { box, x, y, z } = createScales(
      chartOf(null, { x: { label: 'Q', range: [-120, 120] }, height: { label: 'loss', range: [1e-9, 1.5] } }),
      'linear',
    );
    expect([x.at(-120), x.at(120), y.at(0)]).toEqual([-box.width / 2, box.width / 2, 0]);
    expect(z.bottom).toBe(0);
    expect(z.ceiling).toBeGreaterThan(1.5);
    expect(z.ceiling).toBeLessThan(1.7);
    expect(z.at(z.ceiling)).toBeCloseTo(box.height, 12);
    expect(x.ticks.map((tick) => tick.text)).toContain('−100');
  });

  it('spaces contour lines evenly in the square root of the loss', () => {
    const { z } = createScales(chartOf(null), 'linear');
    const top = z.contour(z.ceiling);
    expect(z.contour(z.ceiling / 4)).toBeCloseTo(top / 2, 12);
    expect(z.contour(z.ceiling / 9)).toBeCloseTo(top / 3, 12);
  });

  it('draws decades on a log scale, and the lowest one for a loss of 0', () => {
    const chart = chartOf(null, { height: { label: 'loss', range: [1e-20, 1] } });
    const { z, box } = createScales(chart, 'log');
    expect(z.contour(1e-2) - z.contour(1e-3)).toBeCloseTo(1, 12);
    expect(z.at(0)).toBe(0);
    expect(z.at(1e-30)).toBe(0);
    expect(z.at(1)).toBeLessThan(box.height);
    expect(z.ticks.map((tick) => tick.text)).toEqual(['10⁻⁴', '10⁻³', '10⁻²', '10⁻¹', '1']);
  });

  it('starts a linear height where the lowest loss is, when that is far from 0', () => {
    const chart = chartOf(
      sampled(() => 5, 3, 3),
      { height: { label: 'loss', range: [6, 8] } },
    );
    expect(createScales(chart, 'linear').z.bottom).toBe(5);
  });

  it('draws something for ranges that are empty or not finite', () => {
    for (const range of [
      [2, 2],
      [0, 0],
      [Number.NaN, 1],
      [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY],
    ] as const) {
      for (const scale of ['linear', 'log'] as const) {
        const scales = createScales(
          chartOf(null, { x: { label: 'x', range }, height: { label: 'loss', range } }),
          scale,
        );
        expect(Number.isFinite(scales.x.at(1))).toBe(true);
        expect(Number.isFinite(scales.z.at(1))).toBe(true);
        expect(scales.z.ticks.length).toBeGreaterThan(0);
      }
    }
  });
});
