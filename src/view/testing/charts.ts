import type { Chart, ChartSurface } from '../../landscape/chart.ts';

/** A grid of the given function over [x0, x1] x [y0, y1]. */
export function sampled(
  loss: (x: number, y: number) => number,
  columns: number,
  rows: number,
  [x0, x1, y0, y1]: readonly [number, number, number, number] = [-1, 1, -1, 1],
): ChartSurface {
  const x = Float32Array.from({ length: columns }, (_, c) => x0 + ((x1 - x0) * c) / (columns - 1));
  const y = new Float32Array(columns * rows);
  const height = new Float32Array(columns * rows);
  for (let i = 0; i < y.length; i++) {
    y[i] = y0 + ((y1 - y0) * Math.floor(i / columns)) / (rows - 1);
    height[i] = loss(x[i % columns]!, y[i]!);
  }
  return { columns, rows, x, y, height };
}

/** A chart with no lines on it. */
export function chartOf(surface: ChartSurface | null, changes: Partial<Chart> = {}): Chart {
  return {
    kind: 'q-valley',
    x: { label: 'conserved quantity Q', range: [-1, 1] },
    y: { label: 'distance from the minimum', range: [-1, 1] },
    height: { label: 'loss', range: [0, 1] },
    surface,
    floor: null,
    levels: [],
    paths: [],
    orbit: null,
    notes: [],
    ...changes,
  };
}
