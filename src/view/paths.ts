import { Group } from 'three';
import type { Chart, ChartPath } from '../landscape/chart.ts';
import { type Bead, Beads } from './beads.ts';
import { conservedRgb, mixColours, type Rgb, type Theme } from './colour.ts';
import { dashed } from './dashes.ts';
import type { LevelLabel } from './levels.ts';
import { Polylines } from './polylines.ts';
import type { Scales } from './scales.ts';
import { themes } from './themes.ts';
import { buildTrack, placeAtCursor, ringsUpTo, type Track, type TrackPart } from './track.ts';
import type { FlowStyle } from './view.ts';

const widths = { steered: 4, twin: 2.2, other: 2 } as const;
/** The arc of a jump is this much thinner than its flow. */
const arcWidth = 0.7;
/** Dashes and gaps in world units. */
const dashes = { arc: [0.05, 0.03], twin: [0.035, 0.035] } as const;
/** With more jumping flows than this, only the steered one has rings. */
const mostWithRings = 4;
/** Fraction of the longest path that is the bright tail behind a bead. */
const tailFraction = 0.07;
/** The name of the twin stands this far below its line, in world units. */
const labelDrop = 0.1;
/** Arcs may rise out of the box. */
const headroom = 1;

interface PlacedTrack {
  readonly flow: number;
  readonly track: Track;
  readonly style: FlowStyle | undefined;
  readonly shape: 'ball' | 'steered' | 'hollow';
}

/**
 * The flows on the chart: lines coloured by Q, each with a bead at the cursor. Jumps are dashed arcs with a ring at each end, the
 * flow without them (the twin) is dashed. The steered flow is drawn last.
 */
export class Paths {
  readonly object = new Group();
  readonly lines = new Polylines({ renderOrder: 21, dim: 0.32, ghost: 0.42, casing: 1, lift: 0.1 });
  private readonly arcs = new Polylines({ renderOrder: 31, dim: 0, ghost: 0.5, casing: 1, lift: 0.14 });
  private readonly beads = new Beads();
  /** Name of the twin, for the labels of the axes' layer. */
  labels: readonly LevelLabel[] = [];
  private tracks: PlacedTrack[] = [];
  private colourOf: (q: number | null, style: FlowStyle | undefined) => Rgb = () => [0, 0, 0];
  private cursor = Number.POSITIVE_INFINITY;
  private longest = 0;

  constructor() {
    this.object.add(this.lines.object, this.arcs.object, this.beads.object);
  }

  update(chart: Chart, flows: readonly FlowStyle[], scales: Scales, theme: Theme): void {
    const range = conservedRange(flows, chart.paths);
    this.colourOf = (q, style) => conservedRgb(q ?? style?.q ?? null, range, theme);
    const paths = [...chart.paths].sort((a, b) => rank(flows[a.flow]) - rank(flows[b.flow]));
    this.tracks = paths.map((path) => {
      const style = flows[path.flow];
      const shape = style?.steered ? 'steered' : style?.twin ? 'hollow' : 'ball';
      return { flow: path.flow, track: buildTrack(path, scales), style, shape };
    });
    this.longest = paths.reduce((most, { x }) => Math.max(most, x.length), 0);
    this.drawLines();
    this.drawArcs();
    this.lines.setBox(scales.box);
    const { box } = scales;
    this.arcs.setBox({ width: box.width + 0.1, depth: box.depth + 0.1, height: box.height + headroom });
    this.labels = this.tracks.flatMap(({ track, shape }) => {
      if (shape !== 'hollow') return [];
      const places = [1, 0.7, 0.4].flatMap((share) => {
        const place = placeAtCursor(track, share * this.longest);
        if (!place) return [];
        const [x, y, z] = place.at;
        return [[x, y, z - labelDrop] as const];
      });
      return [{ text: 'twin, no jump', places }];
    });
    this.setCursor(this.cursor);
  }

  clear(): void {
    for (const lines of [this.lines, this.arcs]) {
      lines.begin(0);
      lines.commit();
    }
    this.tracks = [];
    this.labels = [];
    this.beads.write([]);
  }

  /** Moves the beads to a fractional frame; a flow that ended earlier keeps its bead at its end. */
  setCursor(cursor: number): void {
    this.cursor = cursor;
    const shown = Math.min(cursor, 1e9);
    const tail = Math.max(2, tailFraction * this.longest);
    this.lines.setCursor(shown, tail);
    this.arcs.setCursor(shown, tail);
    const jumping = this.tracks.filter(({ track }) => track.length > 1).length;
    const beads = this.tracks.flatMap(({ flow, track, style, shape }): Bead[] => {
      const rings = jumping <= mostWithRings || style?.steered ? ringsUpTo(track, cursor) : [];
      const place = placeAtCursor(track, cursor);
      return [
        ...rings.map(({ at, q }) => ({
          flow,
          place: at,
          colour: this.colourOf(q, style),
          shape: 'ring' as const,
        })),
        ...(place ? [{ flow, place: place.at, colour: this.colourOf(place.q, style), shape }] : []),
      ];
    });
    this.beads.write(beads);
  }

  setHighlight(flow: number | null): void {
    for (const part of [this.lines, this.arcs, this.beads]) part.setHighlight(flow);
  }

  setTheme(theme: Theme): void {
    for (const part of [this.lines, this.arcs, this.beads]) part.setTheme(themes[theme]);
  }

  setResolution(width: number, height: number, pixelRatio: number): void {
    this.lines.setResolution(width, height, pixelRatio);
    this.arcs.setResolution(width, height, pixelRatio);
    this.beads.setPixelRatio(pixelRatio);
  }

  dispose(): void {
    for (const part of [this.lines, this.arcs, this.beads]) part.dispose();
  }

  private drawLines(): void {
    const stretches = this.tracks.flatMap(({ flow, track, style }) =>
      track.filter(({ kind }) => kind === 'flow').map((part) => ({ flow, style, part })),
    );
    // A dash has at most two points more than the stretch it is cut from has on it.
    const room = ({ points }: TrackPart, style: FlowStyle | undefined) =>
      points.length / 4 +
      1 +
      (style?.twin ? 3 * Math.ceil(lengthOf(points) / (dashes.twin[0] + dashes.twin[1])) + 3 : 0);
    this.lines.begin(stretches.reduce((sum, { part, style }) => sum + room(part, style), 0));
    for (const { flow, style, part } of stretches) {
      const colour = this.colourOf(part.q, style);
      const width = style?.steered ? widths.steered : style?.twin ? widths.twin : widths.other;
      const push = (x: number, y: number, z: number, frame: number) =>
        this.lines.push(x, y, z, frame, colour, flow, width);
      if (style?.twin) dashed(part.points, ...dashes.twin, (at) => (at ? push(...at) : this.lines.break()));
      else {
        const { points } = part;
        for (let i = 0; i < points.length; i += 4)
          push(points[i]!, points[i + 1]!, points[i + 2]!, points[i + 3]!);
      }
      this.lines.break();
    }
    this.lines.commit();
  }

  private drawArcs(): void {
    const arcs = this.tracks.flatMap(({ flow, track, style }) =>
      track.flatMap((part, i) =>
        part.kind === 'jump' ? [{ flow, style, part, before: track[i - 1]?.q ?? null }] : [],
      ),
    );
    const [dash, gap] = dashes.arc;
    this.arcs.begin(
      arcs.reduce(
        (sum, { part: { points } }) =>
          sum + points.length / 4 + 3 * Math.ceil(lengthOf(points) / (dash + gap)) + 4,
        0,
      ),
    );
    for (const { flow, style, part, before } of arcs) {
      const [from, to] = [this.colourOf(before, style), this.colourOf(part.q, style)];
      const width = arcWidth * (style?.steered ? widths.steered : widths.other);
      const [first, last] = [part.points[3]!, part.points.at(-1)!];
      dashed(part.points, dash, gap, (at) => {
        if (at === null) return this.arcs.break();
        const share = (at[3] - first) / (last - first);
        this.arcs.push(...at, mixColours(from, to, share), flow, width);
      });
      this.arcs.break();
    }
    this.arcs.commit();
  }
}

/** Steered last, the twin before it. */
const rank = (style: FlowStyle | undefined): number => (style?.steered ? 2 : style?.twin ? 1 : 0);

/** Length of a line in world units, where it is known. */
function lengthOf(points: Float32Array): number {
  let length = 0;
  for (let i = 4; i < points.length; i += 4) {
    const step = Math.hypot(
      points[i]! - points[i - 4]!,
      points[i + 1]! - points[i - 3]!,
      points[i + 2]! - points[i - 2]!,
    );
    if (Number.isFinite(step)) length += step;
  }
  return length;
}

/** Smallest and largest Q of the flows, those after jumps included; [0, 0] when none has one. */
export function conservedRange(
  flows: readonly FlowStyle[],
  paths: readonly ChartPath[] = [],
): readonly [number, number] {
  const values = [
    ...flows.map(({ q }) => q),
    ...paths.flatMap(({ jumps }) => jumps.map(({ q }) => q)),
  ].filter((q): q is number => q !== null && Number.isFinite(q));
  if (values.length === 0) return [0, 0];
  return [
    values.reduce((a, b) => Math.min(a, b), values[0]!),
    values.reduce((a, b) => Math.max(a, b), values[0]!),
  ];
}
