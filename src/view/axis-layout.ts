import type { Point, Size } from './camera.ts';
import {
  isInside,
  labelGap,
  overlaps,
  type PlacedLabel,
  type Rect,
  rectAround,
  thinEvenly,
} from './label-layout.ts';
import type { LevelLabel } from './levels.ts';
import type { ScreenPoint } from './projection.ts';
import type { Axis, Box, Scales } from './scales.ts';

/** Size of a text on the screen in CSS pixels. */
export type Measure = (text: string, kind: PlacedLabel['kind']) => Size;

export interface LayoutInput {
  readonly scales: Scales;
  readonly levels: readonly LevelLabel[];
  readonly project: (x: number, y: number, z: number) => ScreenPoint;
  readonly frame: Size;
  readonly measure: Measure;
  /** Parts of the frame that are taken, such as the legend. */
  readonly reserved: readonly Rect[];
}

export interface AxisLayout {
  readonly labels: readonly PlacedLabel[];
  /** The edges that carry the axes, for drawing their tick marks. */
  readonly edges: BoxEdges;
}

/** Which edges of the box carry the axes: `y` of the x axis, `x` of the y axis, both of the vertical one (null: seen end-on). */
export interface BoxEdges {
  readonly xAxisY: number;
  readonly yAxisX: number;
  readonly zAxis: readonly [number, number] | null;
}

/** An edge seen nearly end-on has no room for labels. */
const shortestEdge = 40;
/** The height axis is left out when it looks shorter than this part of the longer floor axis. */
const shortestHeight = 0.22;
const tickGap = 9;
const nameGap = 8;

/**
 * Chooses the edges as a reader expects them: the x and y axes along the lower edges of the floor that are in front,
 * the height along the leftmost vertical edge of the silhouette.
 */
export function chooseEdges({ width, depth, height }: Box, project: LayoutInput['project']): BoxEdges {
  const [w, d] = [width / 2, depth / 2];
  const lower = (a: ScreenPoint, b: ScreenPoint) => a.y >= b.y;
  const xAxisY = lower(project(0, -d, 0), project(0, d, 0)) ? -d : d;
  const yAxisX = lower(project(-w, 0, 0), project(w, 0, 0)) ? -w : w;
  const verticals = [
    [-w, -d],
    [w, -d],
    [-w, d],
    [w, d],
  ] as const;
  const leftness = ([x, y]: readonly [number, number]) => project(x, y, height / 2).x;
  const zAxis = verticals.reduce((best, corner) => (leftness(corner) < leftness(best) ? corner : best));
  const between = (a: ScreenPoint, b: ScreenPoint) => Math.hypot(a.x - b.x, a.y - b.y);
  const floor = Math.max(
    between(project(-w, xAxisY, 0), project(w, xAxisY, 0)),
    between(project(yAxisX, -d, 0), project(yAxisX, d, 0)),
  );
  const tall = between(project(...zAxis, 0), project(...zAxis, height)) > shortestHeight * floor;
  return { xAxisY, yAxisX, zAxis: tall ? zAxis : null };
}

/** Places all labels so that none overlaps another, a reserved part, or the edge of the frame. */
export function layoutAxes(input: LayoutInput): AxisLayout {
  const { scales, project } = input;
  const { box, x, y, z } = scales;
  const edges = chooseEdges(box, project);
  const centre = project(0, 0, 0);
  const middle = project(0, 0, box.height / 2);
  const { zAxis } = edges;
  const rows = [
    axisRow(x, (at) => [at, edges.xAxisY, 0], [-box.width / 2, box.width / 2], centre, input),
    axisRow(y, (at) => [edges.yAxisX, at, 0], [-box.depth / 2, box.depth / 2], centre, input),
    zAxis && axisRow(z, (at) => [...zAxis, at], [0, box.height], middle, input),
  ];
  const placed: PlacedLabel[] = [];
  const free = ({ rect }: PlacedLabel) =>
    isInside(rect, input.frame) &&
    !input.reserved.some((taken) => overlaps(rect, taken)) &&
    !placed.some((label) => overlaps(rect, label.rect));
  rows.forEach((row, i) => {
    if (row === null) return;
    const name = (i === 2 ? heightNames(row) : edgeNames(row, input)).find(free);
    if (name !== undefined) placed.push(name);
  });
  for (const row of rows) for (const tick of row?.ticks ?? []) if (free(tick)) placed.push(tick);
  for (const { text, places } of input.levels) {
    const candidates = places.map((place) => {
      const at = project(...place);
      return label(text, 'level', at.x, at.y, input.measure);
    });
    const found = candidates.find(free);
    if (found !== undefined) placed.push(found);
  }
  return { labels: placed, edges };
}

interface AxisRow {
  readonly ticks: readonly PlacedLabel[];
  readonly name: string;
  readonly nameSize: Size;
  readonly from: ScreenPoint;
  readonly to: ScreenPoint;
  /** Unit normal of the edge on the screen, away from the box. */
  readonly normal: readonly [number, number];
  /** How far the tick labels reach from the edge. */
  readonly reach: number;
}

function axisRow(
  axis: Axis,
  place: (at: number) => Point,
  [start, stop]: readonly [number, number],
  inside: ScreenPoint,
  { project, measure }: LayoutInput,
): AxisRow | null {
  const from = project(...place(start));
  const to = project(...place(stop));
  const length = Math.hypot(to.x - from.x, to.y - from.y);
  if (!(length >= shortestEdge)) return null;
  let normal: [number, number] = [-(to.y - from.y) / length, (to.x - from.x) / length];
  const outwards = (from.x + to.x - 2 * inside.x) * normal[0] + (from.y + to.y - 2 * inside.y) * normal[1];
  if (outwards < 0) normal = [-normal[0], -normal[1]];
  const row = axis.ticks
    .filter((tick) => tick.at >= start - 1e-6 && tick.at <= stop + 1e-6)
    .map((tick) => {
      const at = project(...place(tick.at));
      const size = measure(tick.text, 'tick');
      const distance = tickGap + support(size, normal);
      return label(tick.text, 'tick', at.x + normal[0] * distance, at.y + normal[1] * distance, measure);
    });
  const zero = axis.ticks.findIndex((tick) => tick.value === 0);
  const ticks = thinEvenly(row, Math.max(0, zero));
  const name = wrapName(axis.label);
  const reach = ticks.reduce(
    (most, { rect }) => Math.max(most, tickGap + 2 * support(rect, normal)),
    tickGap,
  );
  return { ticks, name, nameSize: measure(name, 'name'), from, to, normal, reach };
}

/**
 * Places for the name of a floor axis: beyond its tick labels, at the middle or as near to it as there is room. A name
 * that would leave the frame sideways is pushed back and down until it is clear of the tick labels again.
 */
function edgeNames({ name, nameSize, from, to, normal, reach }: AxisRow, { frame, measure }: LayoutInput) {
  const candidates: PlacedLabel[] = [];
  const distance = reach + nameGap + support(nameSize, normal);
  const half = nameSize.width / 2 + 2 * labelGap;
  for (const t of [0.5, 0.42, 0.58, 0.34, 0.66, 0.26, 0.74, 0.18, 0.82, 0.1, 0.9, 0, 1]) {
    const x = from.x + (to.x - from.x) * t + normal[0] * distance;
    const y = from.y + (to.y - from.y) * t + normal[1] * distance;
    const held = Math.min(frame.width - half, Math.max(half, x));
    const lost = (x - held) * normal[0];
    if (lost <= 0) candidates.push(label(name, 'name', held, y, measure));
    else if (normal[1] > 0.2 && lost / normal[1] < 80)
      candidates.push(label(name, 'name', held, y + lost / normal[1], measure));
  }
  return candidates;
}

/** Places for the name of the height: above the top of its edge, then beside the top, then below the foot. */
function heightNames({ name, nameSize, from, to, reach }: AxisRow): PlacedLabel[] {
  const [top, foot] = from.y < to.y ? [from, to] : [to, from];
  const least = nameSize.width / 2 + 2 * labelGap;
  const at = (x: number, y: number) => label(name, 'name', Math.max(least, x), y, () => nameSize);
  const beside = top.x - reach - nameGap - nameSize.width / 2;
  return [
    ...[16, 24, 32].map((rise) => at(top.x - reach / 2, top.y - rise)),
    ...[0, 12, 24].flatMap((fall) => [at(beside, top.y + fall), at(top.x + least, top.y - 8 + fall)]),
    at(foot.x, foot.y + 18),
  ];
}

/** Half the extent of a rectangle along a unit vector. */
function support({ width, height }: Size, [nx, ny]: readonly [number, number]): number {
  return (Math.abs(nx) * width + Math.abs(ny) * height) / 2;
}

function label(text: string, kind: PlacedLabel['kind'], x: number, y: number, measure: Measure): PlacedLabel {
  const { width, height } = measure(text, kind);
  return { text, kind, x, y, rect: rectAround(x, y, width, height) };
}

/** A long name on two lines of about the same length. */
export function wrapName(name: string): string {
  if (name.length <= 20) return name;
  const breaks = [...name.matchAll(/ /g)].map((match) => match.index);
  if (breaks.length === 0) return name;
  const middle = name.length / 2;
  const at = breaks.reduce((best, index) =>
    Math.abs(index - middle) < Math.abs(best - middle) ? index : best,
  );
  return `${name.slice(0, at)}\n${name.slice(at + 1)}`;
}
