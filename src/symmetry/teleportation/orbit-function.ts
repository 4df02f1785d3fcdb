/** A function on the orbit of a group, seen through its Lie algebra: what an ascent needs. */
export interface OrbitFunction {
  /** Of the Lie algebra. */
  readonly dimension: number;
  /** f(theta); writes its gradient in coordinates at the identity, df/dc_k of f(exp(X) . theta), into `slope`. */
  evaluate(theta: Float64Array, slope: Float64Array): number;
  /** exp(X) . theta, a new array. Throws RangeError where the action is not defined. */
  flow(coordinates: Float64Array, theta: Float64Array): Float64Array;
  /** Whether the point evaluated last is as good as any can be; absent: there is always better. */
  attained?(): boolean;
  /** Whether an ascent may stop at theta, asked of a few points only; absent: anywhere. */
  admits?(theta: Float64Array): boolean;
}

/** A point of an orbit with the function there. */
export interface OrbitPoint {
  readonly theta: Float64Array;
  readonly value: number;
  readonly slope: Float64Array;
  readonly attained: boolean;
}

/** The point theta; null where the function or its slope is not finite. */
export function orbitPoint(f: OrbitFunction, theta: Float64Array): OrbitPoint | null {
  const slope = new Float64Array(f.dimension);
  const value = defined(() => f.evaluate(theta, slope));
  if (value === null || !Number.isFinite(value) || !slope.every(Number.isFinite)) return null;
  return { theta, value, slope, attained: f.attained?.() ?? false };
}

/** The point exp(step X) . theta; null where the action is not defined or the function not finite. */
export function pointAlong(
  f: OrbitFunction,
  { theta }: OrbitPoint,
  direction: Float64Array,
  step: number,
): OrbitPoint | null {
  const moved = defined(() =>
    f.flow(
      direction.map((x) => step * x),
      theta,
    ),
  );
  return moved && orbitPoint(f, moved);
}

/** The value of a function of an action; null where it says, by a RangeError, that the action is not defined. */
export function defined<T>(value: () => T): T | null {
  try {
    return value();
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}
