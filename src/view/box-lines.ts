import {
  BufferAttribute,
  BufferGeometry,
  Color,
  DynamicDrawUsage,
  LineBasicMaterial,
  LineSegments,
} from 'three';
import type { BoxEdges } from './axis-layout.ts';
import { type Box, emptyBox, type Scales } from './scales.ts';
import type { ThemeColours } from './themes.ts';

const capacity = 400;
const markLength = 0.035;

/** The fine grid on the floor, the outline of the floor, and the edges that carry the axes with their tick marks. */
export class BoxLines {
  readonly object: LineSegments<BufferGeometry, LineBasicMaterial>;
  private readonly positions = new Float32Array(capacity * 6);
  private readonly shades = new Float32Array(capacity * 8);
  private segments = 0;
  private colour: readonly [number, number, number] = [1, 1, 1];
  private base = 0.2;
  private pixelRatio = 1;

  constructor() {
    const geometry = new BufferGeometry();
    geometry.setAttribute('position', new BufferAttribute(this.positions, 3).setUsage(DynamicDrawUsage));
    geometry.setAttribute('color', new BufferAttribute(this.shades, 4).setUsage(DynamicDrawUsage));
    const material = new LineBasicMaterial({
      color: new Color(1, 1, 1),
      vertexColors: true,
      transparent: true,
      depthWrite: false,
      toneMapped: false,
    });
    this.object = new LineSegments(geometry, material);
    this.object.frustumCulled = false;
    this.object.renderOrder = 0;
  }

  setTheme(theme: ThemeColours): void {
    this.colour = theme.gridLine;
    this.base = theme.gridOpacity;
  }

  /** Device pixels per CSS pixel. Lines are one device pixel wide, so the finer those are, the stronger the lines. */
  setPixelRatio(pixelRatio: number): void {
    this.pixelRatio = pixelRatio;
  }

  /** Writes the lines; without scales a plain grid for the empty state. */
  update(scales: Scales | null, edges: BoxEdges | null): void {
    this.segments = 0;
    const box = scales?.box ?? emptyBox;
    const [w, d] = [box.width / 2, box.depth / 2];
    const xs = scales?.x.ticks.map((tick) => tick.at) ?? even(box.width, 8);
    const ys = scales?.y.ticks.map((tick) => tick.at) ?? even(box.depth, 6);
    for (const at of halved(xs, w)) this.line(at.place, -d, 0, at.place, d, 0, at.main ? 0.8 : 0.35);
    for (const at of halved(ys, d)) this.line(-w, at.place, 0, w, at.place, 0, at.main ? 0.8 : 0.35);
    this.outline(box);
    if (scales !== null && edges !== null) this.axes(scales, edges);
    const { geometry } = this.object;
    for (const name of ['position', 'color']) geometry.getAttribute(name).needsUpdate = true;
    geometry.setDrawRange(0, 2 * this.segments);
  }

  dispose(): void {
    this.object.geometry.dispose();
    this.object.material.dispose();
  }

  private outline({ width, depth }: Box): void {
    const [w, d] = [width / 2, depth / 2];
    for (const side of [-1, 1]) {
      this.line(-w, side * d, 0, w, side * d, 0, 1.6);
      this.line(side * w, -d, 0, side * w, d, 0, 1.6);
    }
  }

  private axes({ box, x, y, z }: Scales, { xAxisY, yAxisX, zAxis }: BoxEdges): void {
    const outX = Math.sign(yAxisX) * markLength;
    const outY = Math.sign(xAxisY) * markLength;
    for (const { at } of x.ticks) this.line(at, xAxisY, 0, at, xAxisY + outY, 0, 3);
    for (const { at } of y.ticks) this.line(yAxisX, at, 0, yAxisX + outX, at, 0, 3);
    if (zAxis === null) return;
    const [zx, zy] = zAxis;
    this.line(zx, zy, 0, zx, zy, box.height, 2.2);
    const out = markLength / Math.SQRT2;
    for (const { at } of z.ticks)
      this.line(zx, zy, at, zx + Math.sign(zx) * out, zy + Math.sign(zy) * out, at, 3);
  }

  private line(
    ax: number,
    ay: number,
    az: number,
    bx: number,
    by: number,
    bz: number,
    strength: number,
  ): void {
    if (this.segments >= capacity) return;
    const alpha = Math.min(1, this.base * strength * this.pixelRatio);
    this.positions.set([ax, ay, az, bx, by, bz], this.segments * 6);
    this.shades.set([...this.colour, alpha, ...this.colour, alpha], this.segments * 8);
    this.segments++;
  }
}

function even(length: number, count: number): number[] {
  return Array.from({ length: count + 1 }, (_, i) => (i / count - 0.5) * length);
}

/** The places of the ticks and the places half-way between them, inside the box. */
function halved(places: readonly number[], half: number): { place: number; main: boolean }[] {
  if (places.length < 2) return places.map((place) => ({ place, main: true }));
  const step = places[1]! - places[0]!;
  return places
    .flatMap((place, i) => [
      ...(i === 0 ? [{ place: place - step / 2, main: false }] : []),
      { place, main: true },
      { place: place + step / 2, main: false },
    ])
    .filter(({ place }) => Math.abs(place) < half - 1e-6);
}
