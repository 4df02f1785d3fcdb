import { Matrix, SVD } from 'ml-matrix';
import { conservedQuantities } from '../../symmetry/conserved-quantities.ts';
import type { ChartFlow, ChartInput } from '../chart-input.ts';
import type { ChosenOrbit } from './generator.ts';

/** The orbit is shown up to where exp(s M) scales by e, or around the whole circle. */
const SCALING = 1;
/** The sweep of Q widens it up to e to this power. */
const MOST_SCALING = 3;
/** The orbit is shown this share beyond a jump, and as much on the other side of the start. */
const BEYOND = 0.25;
const BISECTIONS = 30;

/**
 * The range of s: wide enough to see the orbit and not so wide that Q, which grows as e^(2 s), leaves the picture. A jump
 * along M goes from 0 to its distance; with the uniform direction all starts of the sweep of Q are on it.
 */
export function rangeOfOrbit(
  orbit: ChosenOrbit,
  base: Pick<ChartFlow, 'start'>,
  flows: readonly ChartFlow[],
  input: ChartInput,
): readonly [number, number] {
  const { algebra, direction, uniform } = orbit;
  const plain = ownRange(orbit);
  const quantity = conservedQuantities(input.problem)[input.layerPair ?? -1];
  if (!uniform || !quantity || !base.start) return plain;
  const most = (MOST_SCALING / SCALING) * plain[1];
  const sOf = (q: number) =>
    bisect(
      (s) =>
        quantity.total(
          algebra.flow(
            direction.map((c) => s * c),
            base.start!,
          ),
        ) - q,
      most,
    );
  const starts = flows.map(({ q }) => q[0]!).filter(Number.isFinite);
  const low = sOf(starts.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY));
  const high = sOf(starts.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY));
  const margin = 0.05 * (high - low);
  return [Math.min(low - margin, plain[0] / 2), Math.max(high + margin, plain[1] / 2)];
}

/** The range of s of an orbit by itself, without other flows. */
export function ownRange({ algebra, direction, jump }: ChosenOrbit): readonly [number, number] {
  if (jump !== null) return [-BEYOND * jump, (1 + BEYOND) * jump];
  const matrices = algebra.matrices(direction);
  const rate = Math.max(...matrices.map(largestSingularValue)) || 1;
  const reach = (matrices.every(isSkew) ? Math.PI : SCALING) / rate;
  return [-reach, reach];
}

/** Multiply-adds, roughly, of moving one segment by exp(s M): an exponential and a few solves of every matrix. */
export const transportWork = ({ action }: ChosenOrbit): number =>
  action.sizes.reduce((sum, n) => sum + 30 * n ** 3, 0);

function largestSingularValue(matrix: Float64Array): number {
  const n = Math.sqrt(matrix.length);
  return new SVD(Matrix.from1DArray(n, n, matrix), {
    computeLeftSingularVectors: false,
    computeRightSingularVectors: false,
  }).norm2;
}

function isSkew(matrix: Float64Array): boolean {
  const n = Math.sqrt(matrix.length);
  const size = matrix.reduce((most, x) => Math.max(most, Math.abs(x)), 0);
  return matrix.every((x, i) => Math.abs(x + matrix[(i % n) * n + Math.floor(i / n)]!) <= 1e-12 * size);
}

/** A root of an increasing function within [-most, most]; an end where it has none there. */
function bisect(increasing: (s: number) => number, most: number): number {
  let [low, high] = [-most, most];
  for (let i = 0; i < BISECTIONS; i++) {
    const middle = (low + high) / 2;
    if (increasing(middle) < 0) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}
