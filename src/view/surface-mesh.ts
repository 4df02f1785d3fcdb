import type { ChartSurface } from '../landscape/chart.ts';
import type { Scales } from './scales.ts';

/** Vertices of a surface in world units. The first `indexCount` entries of `index` are triangles, counter-clockwise from above. */
export interface SurfaceMesh {
  /** [rows * columns][3] */
  readonly position: Float32Array;
  /** [rows * columns][3], unit length, pointing up. */
  readonly normal: Float32Array;
  /** [rows * columns] */
  readonly contour: Float32Array;
  readonly index: Uint32Array;
  readonly indexCount: number;
}

/** Vertices above this many ceilings are held there: only triangles that cross the ceiling see them. */
const tallest = 3;

/** Builds the mesh. Cells with a corner that is not finite are holes; cells wholly above the ceiling are left out. */
export function buildSurfaceMesh(surface: ChartSurface, { x, y, z, box }: Scales): SurfaceMesh {
  const { columns, rows } = surface;
  const count = columns * rows;
  const position = new Float32Array(3 * count);
  const contour = new Float32Array(count);
  const cap = z.bottom + tallest * (z.ceiling - z.bottom);
  for (let i = 0; i < count; i++) {
    const loss = Math.min(surface.height[i]!, cap);
    position[3 * i] = x.at(surface.x[i % columns]!);
    position[3 * i + 1] = y.at(surface.y[i]!);
    position[3 * i + 2] = Math.min(z.at(loss), tallest * box.height);
    contour[i] = z.contour(loss);
  }
  const flipped = isFlipped(position, columns, rows);
  const normal = gridNormals(position, columns, rows, flipped ? -1 : 1);
  const index = new Uint32Array(6 * (columns - 1) * (rows - 1));
  const known = (i: number) => Number.isFinite(contour[i]!) && Number.isFinite(position[3 * i + 1]!);
  const above = (i: number) => surface.height[i]! > z.ceiling;
  let n = 0;
  for (let r = 0; r + 1 < rows; r++) {
    for (let c = 0; c + 1 < columns; c++) {
      const a = r * columns + c;
      const [b, p, q] = [a + 1, a + columns, a + columns + 1];
      if (!(known(a) && known(b) && known(p) && known(q))) continue;
      if (above(a) && above(b) && above(p) && above(q)) continue;
      index[n] = flipped ? b : a;
      index[n + 1] = flipped ? a : b;
      index[n + 2] = flipped ? p : q;
      index[n + 3] = index[n]!;
      index[n + 4] = index[n + 2]!;
      index[n + 5] = flipped ? q : p;
      n += 6;
    }
  }
  for (let i = 0; i < position.length; i++) if (!Number.isFinite(position[i]!)) position[i] = 0;
  return { position, normal, contour, index, indexCount: n };
}

/** Whether exactly one of x and y falls along its grid direction, which turns the triangles over. */
function isFlipped(position: Float32Array, columns: number, rows: number): boolean {
  const across = position[3 * (columns - 1)]! - position[0]!;
  const along = position[3 * columns * (rows - 1) + 1]! - position[1]!;
  return across * along < 0;
}

/** Unit normals from central differences along the grid; straight up where neighbours are missing. */
function gridNormals(position: Float32Array, columns: number, rows: number, sign: number): Float32Array {
  const normal = new Float32Array(position.length);
  const difference = (to: number, from: number, k: number) => position[3 * to + k]! - position[3 * from + k]!;
  for (let r = 0; r < rows; r++) {
    for (let c = 0; c < columns; c++) {
      const i = r * columns + c;
      const [left, right] = [c > 0 ? i - 1 : i, c + 1 < columns ? i + 1 : i];
      const [near, far] = [r > 0 ? i - columns : i, r + 1 < rows ? i + columns : i];
      const ux = difference(right, left, 0);
      const uy = difference(right, left, 1);
      const uz = difference(right, left, 2);
      const vx = difference(far, near, 0);
      const vy = difference(far, near, 1);
      const vz = difference(far, near, 2);
      const nx = sign * (uy * vz - uz * vy);
      const ny = sign * (uz * vx - ux * vz);
      const nz = sign * (ux * vy - uy * vx);
      const length = Math.hypot(nx, ny, nz);
      if (length > 0 && Number.isFinite(length)) {
        normal[3 * i] = nx / length;
        normal[3 * i + 1] = ny / length;
        normal[3 * i + 2] = nz / length;
      } else normal[3 * i + 2] = 1;
    }
  }
  return normal;
}
