import { Group } from 'three';
import type { Chart } from '../landscape/chart.ts';
import { Beads } from './beads.ts';
import { conservedRgb, type Theme } from './colour.ts';
import { type PathSpan, placeAtCursor } from './path-place.ts';
import { Polylines } from './polylines.ts';
import type { Scales } from './scales.ts';
import { themes } from './themes.ts';
import type { FlowStyle } from './view.ts';

const steeredWidth = 4;
const pathWidth = 2;
/** Fraction of the longest path that is the bright tail behind a bead. */
const tailFraction = 0.07;

/** The flows on the chart: lines coloured by Q, each with a bead at the cursor. The steered flow is drawn last. */
export class Paths {
  readonly object = new Group();
  readonly lines = new Polylines({ renderOrder: 21, dim: 0.32, ghost: 0.35, casing: 1, lift: 0.1 });
  private readonly beads = new Beads();
  private spans: PathSpan[] = [];
  private cursor = Number.POSITIVE_INFINITY;
  private longest = 0;

  constructor() {
    this.object.add(this.lines.object, this.beads.object);
  }

  update(chart: Chart, flows: readonly FlowStyle[], scales: Scales, theme: Theme): void {
    const { x, y, z, box } = scales;
    const range = conservedRange(flows);
    const paths = [...chart.paths].sort((a, b) => steered(flows, a.flow) - steered(flows, b.flow));
    const total = paths.reduce((sum, path) => sum + path.x.length + 1, 0);
    this.lines.begin(total);
    this.spans = [];
    this.longest = 0;
    for (const path of paths) {
      const style = flows[path.flow];
      const colour = conservedRgb(style?.q ?? null, range, theme);
      const width = style?.steered ? steeredWidth : pathWidth;
      const count = path.x.length;
      this.spans.push({ flow: path.flow, first: this.lines.count, count, colour, steered: !!style?.steered });
      for (let i = 0; i < count; i++)
        this.lines.push(
          x.at(path.x[i]!),
          y.at(path.y[i]!),
          z.at(path.height[i]!),
          i,
          colour,
          path.flow,
          width,
        );
      this.lines.break();
      this.longest = Math.max(this.longest, count);
    }
    this.lines.commit();
    this.lines.setBox(box);
    this.beads.reserve(this.spans.length);
    this.setCursor(this.cursor);
  }

  clear(): void {
    this.lines.begin(0);
    this.lines.commit();
    this.spans = [];
    this.beads.write([]);
  }

  /** Moves the beads to a fractional frame; a flow that ended earlier keeps its bead at its end. */
  setCursor(cursor: number): void {
    this.cursor = cursor;
    const shown = Math.min(cursor, 1e9);
    this.lines.setCursor(shown, Math.max(2, tailFraction * this.longest));
    this.beads.write(
      this.spans.flatMap((span) => {
        const place = placeAtCursor(this.lines.points, span, cursor);
        return place === null ? [] : [{ ...span, place }];
      }),
    );
  }

  setHighlight(flow: number | null): void {
    this.lines.setHighlight(flow);
    this.beads.setHighlight(flow);
  }

  setTheme(theme: Theme): void {
    this.lines.setTheme(themes[theme]);
    this.beads.setTheme(themes[theme]);
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

/** Smallest and largest Q of the flows; [0, 0] when none has one. */
export function conservedRange(flows: readonly FlowStyle[]): readonly [number, number] {
  const values = flows.flatMap(({ q }) => (q !== null && Number.isFinite(q) ? [q] : []));
  if (values.length === 0) return [0, 0];
  return [
    values.reduce((a, b) => Math.min(a, b), values[0]!),
    values.reduce((a, b) => Math.max(a, b), values[0]!),
  ];
}

function steered(flows: readonly FlowStyle[], flow: number): number {
  return flows[flow]?.steered ? 1 : 0;
}
