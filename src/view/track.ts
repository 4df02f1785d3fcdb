import type { ChartPath } from '../landscape/chart.ts';
import type { Scales } from './scales.ts';

/** How high the arc of a jump rises in its middle, as a share of its length, and at most in world units. */
const rise = 0.18;
const highestRise = 0.16;
const arcPoints = 49;
/** Between frames f - 1 and f a path takes these parts of the time: to the jump, along its arc, on to f (each jump, where there are several). */
const leaves = 0.25;
const lands = 0.75;

/** A stretch of a path in world units without a jump in it, or the arc of a jump. Points are [n][4]: x, y, z, frame; x NaN: not known. */
export interface TrackPart {
  readonly kind: 'flow' | 'jump';
  readonly points: Float32Array;
  /** Q on it (of an arc: after the jump); null where it is that of the flow. */
  readonly q: number | null;
}

/** Where a path goes, in the order of frames: stretches with arcs between them. */
export type Track = readonly TrackPart[];

/** The parts of a path on scales. */
export function buildTrack({ x, y, height, jumps }: ChartPath, { x: ax, y: ay, z: az, box }: Scales): Track {
  const place = (px: number, py: number, pz: number, frame: number) => [
    ax.at(px),
    ay.at(py),
    az.at(pz),
    frame,
  ];
  const parts: TrackPart[] = [];
  let first = 0;
  let q: number | null = null;
  let landing: number[] = [];
  const stretch = (until: number, last: number[]) => {
    const values = [...landing];
    for (let i = first; i < until; i++) values.push(...place(x[i]!, y[i]!, height[i]!, i));
    parts.push({ kind: 'flow', points: Float32Array.from([...values, ...last]), q });
    first = until;
  };
  for (const jump of jumps) {
    const frame = Math.min(jump.frame, x.length);
    const here = jumps.filter((other) => other.frame === jump.frame);
    const at = (share: number) => frame - 1 + (here.indexOf(jump) + share) / here.length;
    const from = place(jump.from.x, jump.from.y, jump.from.height, at(leaves));
    const to = place(jump.to.x, jump.to.y, jump.to.height, at(lands));
    stretch(frame, from);
    q = Number.isNaN(jump.q) ? null : jump.q;
    parts.push({ kind: 'jump', points: arc(from, to, box.height), q });
    landing = to;
  }
  stretch(x.length, []);
  return parts;
}

/**
 * The arc of a jump: its ends are true; between them it rises gently, so that it is seen where it crosses the surface. It is an
 * annotation: no state was there.
 */
function arc(from: readonly number[], to: readonly number[], ceiling: number): Float32Array {
  const length = Math.hypot(to[0]! - from[0]!, to[1]! - from[1]!);
  const lift = Math.min(highestRise * Math.max(ceiling, 0.5), rise * length);
  const points = new Float32Array(4 * arcPoints);
  for (let i = 0; i < arcPoints; i++) {
    const t = i / (arcPoints - 1);
    for (let k = 0; k < 4; k++) points[4 * i + k] = from[k]! + (to[k]! - from[k]!) * t;
    points[4 * i + 2]! += 4 * lift * t * (1 - t);
  }
  return points;
}

/** A place on a track and the Q there (null: that of the flow). */
export interface TrackPlace {
  readonly at: readonly [number, number, number];
  readonly q: number | null;
}

/**
 * Where a track is at a fractional frame, on the straight line between the two points around it; before the start its start, beyond
 * the end its end. Points that are not known hold the last known one before them. null when there is none.
 */
export function placeAtCursor(track: Track, cursor: number): TrackPlace | null {
  let found: TrackPlace | null = null;
  for (const { points, q } of track) {
    const count = points.length / 4;
    if (count === 0) continue;
    if (found !== null && points[3]! > cursor) break;
    const last = lastAt(points, cursor);
    const known = lastKnown(points, last);
    if (known < 0) continue;
    const next = Math.min(count - 1, known + 1);
    const span = points[4 * next + 3]! - points[4 * known + 3]!;
    const isKnown = next !== known && !Number.isNaN(points[4 * next]!);
    const ahead = isKnown ? (cursor - points[4 * known + 3]!) / span : 0;
    const fraction = Math.min(1, Math.max(0, ahead));
    const between = (k: number) =>
      fraction === 0
        ? points[4 * known + k]!
        : points[4 * known + k]! + (points[4 * next + k]! - points[4 * known + k]!) * fraction;
    found = { at: [between(0), between(1), between(2)], q };
  }
  return found;
}

/** Index of the last point whose frame is at most `cursor`, else 0. */
function lastAt(points: Float32Array, cursor: number): number {
  let [low, high] = [0, points.length / 4 - 1];
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (points[4 * middle + 3]! <= cursor) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** Index of the last known point up to `from`; -1: none. */
function lastKnown(points: Float32Array, from: number): number {
  let i = from;
  while (i >= 0 && Number.isNaN(points[4 * i]! + points[4 * i + 1]! + points[4 * i + 2]!)) i--;
  return i;
}

/** The rings of a track that the cursor has passed: the ends of its arcs. */
export function ringsUpTo(track: Track, cursor: number): TrackPlace[] {
  return track.flatMap(({ kind, points, q }, part) => {
    if (kind === 'flow') return [];
    const ring = (i: number, of: number | null): TrackPlace[] => {
      const at = [points[4 * i]!, points[4 * i + 1]!, points[4 * i + 2]!] as const;
      return points[4 * i + 3]! <= cursor && !at.some(Number.isNaN) ? [{ at, q: of }] : [];
    };
    return [...ring(0, track[part - 1]?.q ?? null), ...ring(arcPoints - 1, q)];
  });
}
