import { addMultiple, difference, dot, norm } from '../../model/vector.ts';
import type { LieAlgebra } from '../../symmetry/group-action.ts';

/** X with exp(X) . from nearest to `to`, as far as it was found. */
export interface FittedGenerator {
  readonly coordinates: Float64Array;
  /** |exp(X) . from - to|. */
  readonly residual: number;
}

const STEPS = 60;
/** Shares of a step that are taken, one after the other until the state is met: kinks of leaky ReLU mislead long steps. */
const LONGEST = [1, 0.3, 0.1];
const HALVINGS = 12;
const EXACT = 1e-10;
/** Products of the conjugate gradients in one step. */
const INNER = 60;

/**
 * The direction that leads from one state of an orbit to another: Gauss-Newton steps in the Lie algebra, each the least
 * squares solution of xi_d(theta) = to - theta at the present theta = exp(X) . from, halved until it comes nearer. A jump of several
 * steps is a product of exponentials, in general not a single one: the residual says how far off.
 */
export function fitGenerator(algebra: LieAlgebra, from: Float64Array, to: Float64Array): FittedGenerator {
  let best: FittedGenerator | null = null;
  for (const longest of LONGEST) {
    const found = descend(algebra, from, to, longest);
    if (found.residual <= EXACT * norm(to)) return found;
    if (best === null || found.residual < best.residual) best = found;
  }
  return best!;
}

function descend(
  algebra: LieAlgebra,
  from: Float64Array,
  to: Float64Array,
  longest: number,
): FittedGenerator {
  let coordinates = new Float64Array(algebra.dimension);
  let theta = from;
  const rest = new Float64Array(from.length);
  difference(rest, to, theta);
  let residual = norm(rest);
  for (let k = 0; k < STEPS && residual > EXACT * norm(to); k++) {
    const step = leastSquares(algebra, theta, rest);
    let found = false;
    for (let half = 0, factor = longest; half < HALVINGS && !found; half++, factor /= 2) {
      const next = coordinates.slice();
      addMultiple(next, factor, step);
      const there = reached(algebra, next, from);
      if (there === null) continue;
      const off = new Float64Array(from.length);
      difference(off, to, there);
      if (!(norm(off) < (1 - 1e-3 * factor) * residual)) continue;
      found = true;
      coordinates = next;
      theta = there;
      residual = norm(off);
      rest.set(off);
    }
    if (!found) break;
  }
  return { coordinates, residual };
}

function reached(algebra: LieAlgebra, coordinates: Float64Array, from: Float64Array): Float64Array | null {
  try {
    return algebra.flow(coordinates, from);
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}

/** The shortest d with |xi_d(theta) - target| least, by conjugate gradients on the normal equations (CGLS: Björck 1996, section 7.4). */
function leastSquares(algebra: LieAlgebra, theta: Float64Array, target: Float64Array): Float64Array {
  const d = new Float64Array(algebra.dimension);
  const rest = target.slice();
  const slope = new Float64Array(algebra.dimension);
  const image = new Float64Array(theta.length);
  algebra.pairing(theta, rest, slope);
  const direction = slope.slice();
  let square = dot(slope, slope);
  const enough = 1e-20 * square;
  for (let k = 0; k < INNER && square > enough; k++) {
    algebra.infinitesimal(theta, direction, image);
    const curvature = dot(image, image);
    if (!(curvature > 0)) break;
    const length = square / curvature;
    addMultiple(d, length, direction);
    addMultiple(rest, -length, image);
    algebra.pairing(theta, rest, slope);
    const next = dot(slope, slope);
    for (let i = 0; i < direction.length; i++) direction[i] = slope[i]! + (next / square) * direction[i]!;
    square = next;
  }
  return d;
}
