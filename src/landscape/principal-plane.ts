import { EigenvalueDecomposition, Matrix } from 'ml-matrix';
import { addMultiple, difference, dot, genericVector, norm, unit } from '../model/vector.ts';

/** The plane through the mean of some points along their two directions of greatest variance. */
export interface PrincipalPlane {
  readonly mean: Float64Array;
  /** Orthonormal directions of greatest variance, the greater first. */
  readonly directions: readonly [Float64Array, Float64Array];
  /** Share of the variance along each direction, 0 to 1; zero when the points do not vary. */
  readonly explained: readonly [number, number];
}

/** Below this share of the variance a direction is rounding, and an arbitrary one takes its place. */
const NEGLIGIBLE = 1e-13;

/**
 * Principal component analysis of `points` (at least one, length P >= 2 each) through their Gram matrix, which is small
 * where P is large (Jolliffe 2002, section 3.5). The sign of a direction is such that the point farthest from the mean
 * along it lies on the positive side: rotating all points rotates the plane and leaves their coordinates as they are.
 */
export function principalPlane(points: readonly Float64Array[]): PrincipalPlane {
  const size = points[0]!.length;
  const mean = new Float64Array(size);
  for (const point of points) addMultiple(mean, 1 / points.length, point);
  const centred = points.map((point) => {
    const out = new Float64Array(size);
    difference(out, point, mean);
    return out;
  });
  const gram = Matrix.zeros(points.length, points.length);
  centred.forEach((a, i) => {
    for (let j = 0; j <= i; j++) {
      const product = dot(a, centred[j]!);
      gram.set(i, j, product);
      gram.set(j, i, product);
    }
  });
  const total = gram.trace();
  const { realEigenvalues, eigenvectorMatrix } = new EigenvalueDecomposition(gram, { assumeSymmetric: true });
  const order = realEigenvalues.map((_, i) => i).sort((a, b) => realEigenvalues[b]! - realEigenvalues[a]!);
  const directions: Float64Array[] = [];
  const explained: number[] = [];
  for (const rank of [0, 1]) {
    const index = order[rank];
    const share = index === undefined || total === 0 ? 0 : realEigenvalues[index]! / total;
    const direction = new Float64Array(size);
    if (share > NEGLIGIBLE) {
      const weights = eigenvectorMatrix.getColumn(index!);
      const sign = Math.sign(farthest(weights));
      centred.forEach((point, i) => {
        addMultiple(direction, sign * weights[i]!, point);
      });
    } else {
      direction.set(genericVector(size));
    }
    directions.push(orthonormal(direction, directions));
    explained.push(share > NEGLIGIBLE ? Math.min(share, 1) : 0);
  }
  return { mean, directions: [directions[0]!, directions[1]!], explained: [explained[0]!, explained[1]!] };
}

/** The first entry of the greatest absolute value, up to rounding. */
function farthest(values: readonly number[]): number {
  const greatest = Math.max(...values.map(Math.abs));
  return values.find((value) => Math.abs(value) > (1 - 1e-6) * greatest)!;
}

/** `vector` made orthogonal to `others` and of length 1; where nothing is left, an axis direction is taken instead. */
function orthonormal(vector: Float64Array, others: readonly Float64Array[]): Float64Array {
  const candidates = [vector, ...[0, 1].map((axis) => vector.map((_, i) => (i === axis ? 1 : 0)))];
  for (const candidate of candidates) {
    const before = norm(candidate);
    for (let pass = 0; pass < 2; pass++) {
      for (const other of others) addMultiple(candidate, -dot(candidate, other), other);
    }
    if (norm(candidate) > 1e-6 * before) return unit(candidate);
  }
  throw new RangeError('A plane needs at least two parameters.');
}
