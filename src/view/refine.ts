import type { ChartSurface } from '../landscape/chart.ts';

/**
 * A finer grid through every point of a surface, so that contour lines and shading are smooth between true losses.
 * Values between the samples come from limited cubic Hermite interpolation along each grid direction (Fritsch and
 * Carlson, SIAM J. Numer. Anal. 17, 1980): it passes through the samples and never leaves the range of two neighbours,
 * so it invents no minimum. Each direction is refined to about `lines` grid lines. Heights are interpolated as log(1 + height / scale), which keeps very high walls from
 * bending their neighbours. Holes (heights that are not finite) stay holes.
 */
export function refineSurface(surface: ChartSurface, lines: number, scale: number): ChartSurface {
  const { columns, rows } = surface;
  const factors = [refinement(columns, lines), refinement(rows, lines)] as const;
  const fineColumns = (columns - 1) * factors[0] + 1;
  const fineRows = (rows - 1) * factors[1] + 1;
  const compressed = surface.height.map((value) =>
    Number.isFinite(value) ? Math.log1p(Math.max(value / scale, -0.999)) : Number.NaN,
  );
  const height = refineGrid(compressed, columns, rows, factors);
  for (let i = 0; i < height.length; i++) height[i] = Math.expm1(height[i]!) * scale;
  const x = new Float32Array(fineColumns);
  refineLine(surface.x, 0, 1, columns, factors[0], x, 0, 1);
  return {
    columns: fineColumns,
    rows: fineRows,
    x,
    y: refineGrid(surface.y, columns, rows, factors),
    height,
  };
}

/** Into how many parts each cell is cut so that about `lines` grid lines result; never coarser than the samples. */
function refinement(samples: number, lines: number): number {
  return Math.max(1, Math.round(lines / samples));
}

/** Interpolates a [rows][columns] grid, first along its columns, then along its rows. */
function refineGrid(
  values: Float32Array,
  columns: number,
  rows: number,
  [across, along]: readonly [number, number],
): Float32Array {
  const fineColumns = (columns - 1) * across + 1;
  const fineRows = (rows - 1) * along + 1;
  const tall = new Float32Array(fineRows * columns);
  for (let c = 0; c < columns; c++) refineLine(values, c, columns, rows, along, tall, c, columns);
  const fine = new Float32Array(fineRows * fineColumns);
  for (let r = 0; r < fineRows; r++)
    refineLine(tall, r * columns, 1, columns, across, fine, r * fineColumns, 1);
  return fine;
}

/** Interpolates `count` values, `stride` apart from `first`, into (count - 1) * factor + 1 values of `out`. */
function refineLine(
  values: Float32Array,
  first: number,
  stride: number,
  count: number,
  factor: number,
  out: Float32Array,
  outFirst: number,
  outStride: number,
): void {
  const value = (i: number) => (i < 0 || i >= count ? Number.NaN : values[first + i * stride]!);
  let slope = nodeSlope(value(-1), value(0), value(1), value(2));
  for (let i = 0; i < count - 1; i++) {
    const [a, b] = [value(i), value(i + 1)];
    const nextSlope = nodeSlope(a, b, value(i + 2), value(i + 3), value(i - 1));
    for (let k = 0; k < factor; k++) {
      const index = outFirst + (i * factor + k) * outStride;
      out[index] = k === 0 ? a : hermite(a, b, slope, nextSlope, k / factor);
    }
    slope = nextSlope;
  }
  out[outFirst + (count - 1) * factor * outStride] = value(count - 1);
}

/**
 * Slope at `here` on a grid of unit spacing: the central difference, limited to keep both cells monotone; at an end,
 * the slope of the parabola through the three nearest values, limited likewise. Absent neighbours are NaN.
 */
function nodeSlope(before: number, here: number, after: number, afterNext: number, beforeLast = Number.NaN) {
  const left = here - before;
  const right = after - here;
  if (Number.isNaN(left) && Number.isNaN(right)) return 0;
  if (Number.isNaN(left)) return endSlope(right, afterNext - after);
  if (Number.isNaN(right)) return endSlope(left, before - beforeLast);
  if (left * right <= 0) return 0;
  const limit = 3 * Math.min(Math.abs(left), Math.abs(right));
  return Math.sign(left) * Math.min(limit, Math.abs(left + right) / 2);
}

function endSlope(near: number, far: number): number {
  if (Number.isNaN(far)) return near;
  const slope = 1.5 * near - 0.5 * far;
  if (slope * near <= 0) return 0;
  return Math.sign(near) * Math.min(Math.abs(slope), 3 * Math.abs(near));
}

function hermite(a: number, b: number, slopeA: number, slopeB: number, t: number): number {
  const s = 1 - t;
  return s * s * (1 + 2 * t) * a + t * t * (1 + 2 * s) * b + s * s * t * slopeA - t * t * s * slopeB;
}
