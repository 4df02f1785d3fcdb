import { difference, norm } from '../../model/vector.ts';
import { moveBy, type OneParameter, type Transport } from './transport.ts';

/** Most places that are looked at between the given ones to find the nearest. */
const STEPS = 8;
/** Distances below this share of the state's own size are 0. */
const ROUNDING = 1e-9;

/**
 * The s at which exp(s M) . from is nearest to `to`: a given guess where that hits it, else the best of the columns (ascending) and
 * successive parabolas around it, which are exact to rounding where `to` is on the orbit.
 */
export function nearestAlong(
  orbit: OneParameter,
  columns: readonly Transport[],
  from: Float64Array,
  to: Float64Array,
  guesses: readonly number[] = [],
): number {
  const square = (there: Float64Array) => {
    const off = new Float64Array(to.length);
    difference(off, there, to);
    const distance = norm(off);
    return Number.isNaN(distance) ? Number.POSITIVE_INFINITY : distance * distance;
  };
  const squareAt = (s: number) => square(moveBy(orbit, s)(from));
  const enough = (ROUNDING * norm(to)) ** 2;
  const hit = guesses.find((s) => squareAt(s) <= enough);
  if (hit !== undefined) return hit;
  return leastSquare(
    columns.map((column) => ({ s: column.s, square: square(column.move(from)) })),
    squareAt,
  );
}

interface Sample {
  readonly s: number;
  readonly square: number;
}

/** Where a squared distance is least: the best sample, then successive parabolas through the three best around it. */
function leastSquare(samples: readonly Sample[], squareOf: (s: number) => number): number {
  const sample = (s: number): Sample => ({ s, square: squareOf(s) });
  const best = samples.reduce((at, { square }, i) => (square < samples[at]!.square ? i : at), 0);
  const width = samples[1]!.s - samples[0]!.s;
  let middle = samples[best]!;
  let left = samples[best - 1] ?? sample(middle.s - width);
  let right = samples[best + 1] ?? sample(middle.s + width);
  for (let k = 0; k < STEPS; k++) {
    const [p, q] = [middle.s - left.s, right.s - middle.s];
    const [f, g] = [left.square - middle.square, right.square - middle.square];
    const shift = (q * q * f - p * p * g) / (2 * (q * f + p * g));
    const s = middle.s + shift;
    if (!(s > left.s && s < right.s) || Math.abs(shift) < 1e-9 * width) break;
    const next = sample(s);
    if (next.square < middle.square) {
      [left, right] = s < middle.s ? [left, middle] : [middle, right];
      middle = next;
    } else if (s < middle.s) left = next;
    else right = next;
  }
  return middle.s;
}
