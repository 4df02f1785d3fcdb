import { Group } from 'three';
import type { ChartOrbit } from '../landscape/chart.ts';
import { Beads } from './beads.ts';
import type { Rgb } from './colour.ts';
import { Polylines } from './polylines.ts';
import type { Scales } from './scales.ts';
import type { ThemeColours } from './themes.ts';
import { placeAtCursor } from './track.ts';

const orbitWidth = 2.2;

/** The curve of the orbit explorer with a point that slides along it. */
export class OrbitLine {
  readonly object = new Group();
  private readonly lines = new Polylines({ renderOrder: 23, dim: 1, ghost: 0.45, casing: 1.2, lift: 0.12 });
  private readonly beads = new Beads();
  /** [n][4]: x, y, z and, in place of a frame, s. */
  private points = new Float32Array(0);
  private s: number | null = null;
  private ink: Rgb = [1, 1, 1];

  constructor() {
    this.object.add(this.lines.object, this.beads.object);
  }

  update(orbit: ChartOrbit | null, scales: Scales | null): void {
    const count = scales === null ? 0 : (orbit?.x.length ?? 0);
    this.points = new Float32Array(4 * count);
    this.lines.begin(count);
    if (orbit !== null && scales !== null) {
      const { x, y, z, box } = scales;
      for (let i = 0; i < count; i++) {
        const at = [x.at(orbit.x[i]!), y.at(orbit.y[i]!), z.at(orbit.height[i]!)] as const;
        this.points.set([...at, orbit.s[i]!], 4 * i);
        this.lines.push(...at, 0, this.ink, -2, orbitWidth);
      }
      this.lines.setBox(box);
    }
    this.lines.commit();
    this.setPoint(this.s);
  }

  /** Moves the point to s, between the two computed places around it, or to an end of the curve; null hides it. */
  setPoint(s: number | null): void {
    this.s = s;
    const place = s === null ? null : placeAtCursor([{ kind: 'flow', points: this.points, q: null }], s);
    this.beads.write(place ? [{ flow: -2, place: place.at, colour: this.ink, shape: 'diamond' }] : []);
  }

  setTheme(theme: ThemeColours): void {
    this.ink = theme.ink;
    this.lines.setTheme(theme);
    this.beads.setTheme(theme);
  }

  setResolution(width: number, height: number, pixelRatio: number): void {
    this.lines.setResolution(width, height, pixelRatio);
    this.beads.setPixelRatio(pixelRatio);
  }

  dispose(): void {
    this.lines.dispose();
    this.beads.dispose();
  }
}
