import type { ChartKind } from '../landscape/chart.ts';
import type { Box } from './scales.ts';

export type Point = readonly [number, number, number];

/** Where the camera is and what it looks at, z up. */
export interface Pose {
  readonly position: Point;
  readonly target: Point;
}

/** Direction from the target to the camera in radians: azimuth 0 is -y, positive turns towards +x; elevation 90 degrees is straight down. */
export interface Direction {
  readonly azimuth: number;
  readonly elevation: number;
}

/** CSS pixels of the container's edges kept free of the chart. */
export interface Insets {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

export interface Size {
  readonly width: number;
  readonly height: number;
}

/** Vertical field of view in degrees. */
export const fieldOfView = 28;

const degrees = Math.PI / 180;
/** Looking exactly along the up axis would leave the azimuth undefined. */
const steepest = 89.9 * degrees;
const lowest = -15 * degrees;

const defaultDirections: Readonly<Record<ChartKind, Direction>> = {
  'q-valley': { azimuth: -24 * degrees, elevation: 33 * degrees },
  exact: { azimuth: -40 * degrees, elevation: 44 * degrees },
  orbit: { azimuth: -24 * degrees, elevation: 34 * degrees },
  plane: { azimuth: -28 * degrees, elevation: 36 * degrees },
};

/** The view in which a chart opens: from its short side, a little from the left, so that the paths face the reader. */
export function defaultDirection(kind: ChartKind): Direction {
  return defaultDirections[kind];
}

/** Straight down, x to the right and y up. */
export const topDirection: Direction = { azimuth: 0, elevation: steepest };

export function boxCorners({ width, depth, height }: Box): Point[] {
  const corners: Point[] = [];
  for (const x of [-width / 2, width / 2])
    for (const y of [-depth / 2, depth / 2]) for (const z of [0, height]) corners.push([x, y, z]);
  return corners;
}

/**
 * The nearest pose in a direction from which all points lie inside the frame less its insets. With u, v, w the
 * coordinates of a point along right, up and forward, a camera at (c, e, -d) sees it between the left and right limits
 * when -L (d + w) <= u - c <= R (d + w), and likewise vertically: linear in c, e and d, so the smallest d is a maximum
 * of sums over the points. What is left free is shared equally between opposite sides.
 */
export function fitPose(points: readonly Point[], direction: Direction, size: Size, insets: Insets): Pose {
  const { right, up, forward } = basis(direction);
  const tanVertical = Math.tan((fieldOfView / 2) * degrees);
  const tanHorizontal = (tanVertical * size.width) / size.height;
  const limit = (tangent: number, inset: number, extent: number) =>
    tangent * Math.max(0.2, 1 - (2 * inset) / extent);
  const horizontal = extremes(points, right, forward, {
    low: limit(tanHorizontal, insets.left, size.width),
    high: limit(tanHorizontal, insets.right, size.width),
  });
  const vertical = extremes(points, up, forward, {
    low: limit(tanVertical, insets.bottom, size.height),
    high: limit(tanVertical, insets.top, size.height),
  });
  const distance = Math.max(horizontal.distance, vertical.distance);
  const centre = scale(
    points.reduce((sum, point) => add(sum, point), [0, 0, 0] as Point),
    1 / points.length,
  );
  const position = add(
    add(scale(right, horizontal.offset(distance)), scale(up, vertical.offset(distance))),
    scale(forward, -distance),
  );
  return { position, target: add(position, scale(forward, dot(forward, centre) + distance)) };
}

/** Smallest distance at which the points fit along one axis, and where the camera stands on that axis at a distance. */
function extremes(
  points: readonly Point[],
  axis: Point,
  forward: Point,
  limits: { readonly low: number; readonly high: number },
) {
  let high = Number.NEGATIVE_INFINITY;
  let low = Number.NEGATIVE_INFINITY;
  for (const point of points) {
    const along = dot(axis, point);
    const depth = dot(forward, point);
    high = Math.max(high, along - limits.high * depth);
    low = Math.max(low, -along - limits.low * depth);
  }
  return {
    distance: (high + low) / (limits.high + limits.low),
    offset: (distance: number) => (high - limits.high * distance - (low - limits.low * distance)) / 2,
  };
}

/** Unit vectors of the camera looking against a direction. */
export function basis({ azimuth, elevation }: Direction): { right: Point; up: Point; forward: Point } {
  const [sa, ca] = [Math.sin(azimuth), Math.cos(azimuth)];
  const [se, ce] = [Math.sin(elevation), Math.cos(elevation)];
  return { right: [ca, sa, 0], up: [-se * sa, se * ca, ce], forward: [-ce * sa, ce * ca, -se] };
}

/** Direction and distance of a pose. */
export function directionOf({ position, target }: Pose): Direction & { readonly distance: number } {
  const [x, y, z] = add(position, scale(target, -1));
  const distance = Math.hypot(x, y, z);
  return { azimuth: Math.atan2(x, -y), elevation: Math.asin(z / distance), distance };
}

/** The pose at a distance from a target in a direction; the elevation is kept between a little below the floor and straight down. */
export function poseAt(target: Point, { azimuth, elevation }: Direction, distance: number): Pose {
  const held = Math.min(steepest, Math.max(lowest, elevation));
  const { forward } = basis({ azimuth, elevation: held });
  return { target, position: add(target, scale(forward, -distance)) };
}

/** Turns a pose around its target and moves it nearer or farther by a factor. */
export function turnPose(pose: Pose, azimuth: number, elevation: number, factor = 1): Pose {
  const from = directionOf(pose);
  const direction = { azimuth: from.azimuth + azimuth, elevation: from.elevation + elevation };
  return poseAt(pose.target, direction, from.distance * factor);
}

/** Between two poses: the short way round, distances in proportion. `t` in [0, 1]. */
export function blendPoses(from: Pose, to: Pose, t: number): Pose {
  if (t >= 1) return to;
  const a = directionOf(from);
  const b = directionOf(to);
  const turn =
    ((((b.azimuth - a.azimuth + Math.PI) % (2 * Math.PI)) + 2 * Math.PI) % (2 * Math.PI)) - Math.PI;
  const target = add(from.target, scale(add(to.target, scale(from.target, -1)), t));
  const direction = {
    azimuth: a.azimuth + turn * t,
    elevation: a.elevation + (b.elevation - a.elevation) * t,
  };
  return poseAt(target, direction, a.distance * (b.distance / a.distance) ** t);
}

/** Slow at both ends. */
export function easeInOut(t: number): number {
  const held = Math.min(1, Math.max(0, t));
  return held < 0.5 ? 4 * held ** 3 : 1 - (2 - 2 * held) ** 3 / 2;
}

function dot(a: Point, b: Point): number {
  return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
}

function add(a: Point, b: Point): Point {
  return [a[0] + b[0], a[1] + b[1], a[2] + b[2]];
}

function scale(a: Point, factor: number): Point {
  return [a[0] * factor, a[1] * factor, a[2] * factor];
}
