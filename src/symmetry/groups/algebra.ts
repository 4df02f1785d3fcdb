import type { Random } from '../../model/random.ts';
import type { GroupElement, LieAlgebra } from '../group-action.ts';
import { exponential } from '../matrix/exponential.ts';
import { entry, type MatrixView, square } from '../matrix/view.ts';

/** A basis of a Lie algebra of n x n matrices: how coordinates make a matrix, and the adjoint of that. */
export interface Basis {
  dimension(n: number): number;
  /** sum_k c_k E_k, row-major [n][n], with c_k = coordinates[offset + k]. */
  matrix(coordinates: Float64Array, offset: number, n: number): Float64Array;
  /** out[offset + k] = <E_k, m>. */
  project(m: MatrixView, out: Float64Array, offset: number): void;
}

/** gl(n): one matrix entry each, orthonormal. */
export const fullBasis: Basis = {
  dimension: (n) => n * n,
  matrix: (coordinates, offset, n) => coordinates.slice(offset, offset + n * n),
  project(m, out, offset) {
    for (let i = 0; i < m.rows; i++) {
      for (let j = 0; j < m.columns; j++) out[offset + i * m.columns + j] = entry(m, i, j);
    }
  },
};

/** so(n): E_ij - E_ji for i < j, rotations by radians in the planes of two axes. */
export const skewBasis: Basis = {
  dimension: (n) => (n * (n - 1)) / 2,
  matrix(coordinates, offset, n) {
    const out = new Float64Array(n * n);
    for (let i = 0, at = offset; i < n; i++) {
      for (let j = i + 1; j < n; j++, at++) {
        out[i * n + j] = coordinates[at]!;
        out[j * n + i] = -coordinates[at]!;
      }
    }
    return out;
  },
  project(m, out, offset) {
    for (let i = 0, at = offset; i < m.rows; i++) {
      for (let j = i + 1; j < m.rows; j++, at++) out[at] = entry(m, i, j) - entry(m, j, i);
    }
  },
};

/** What an action tells to get its Lie algebra; matrices X are one per hidden layer. */
export interface AlgebraParts {
  readonly sizes: readonly number[];
  readonly basis: Basis;
  readonly generators: LieAlgebra['generators'];
  /** exp(X) of one factor; that of matrices by default. */
  exponential?(x: MatrixView): MatrixView;
  flow(x: readonly MatrixView[], theta: Float64Array): Float64Array;
  infinitesimal(x: readonly MatrixView[], theta: Float64Array, out: Float64Array): void;
  acceleration(x: readonly MatrixView[], theta: Float64Array, out: Float64Array): void;
  /** M with <covector, xi_X(theta)> = sum over the hidden layers of <M, X> in the Frobenius product. */
  moments(theta: Float64Array, covector: Float64Array): readonly MatrixView[];
}

/** The Lie algebra of a product of matrix groups, one factor per hidden layer. */
export function matrixAlgebra(parts: AlgebraParts): LieAlgebra {
  const { sizes, basis, generators } = parts;
  const offsets: number[] = [];
  let dimension = 0;
  for (const n of sizes) {
    offsets.push(dimension);
    dimension += basis.dimension(n);
  }
  const matrices = (coordinates: Float64Array) =>
    sizes.map((n, k) => basis.matrix(coordinates, offsets[k]!, n));
  const views = (coordinates: Float64Array) =>
    matrices(coordinates).map((data, k) => square(data, sizes[k]!));
  return {
    dimension,
    matrices,
    generators,
    exponential: (coordinates) => views(coordinates).map((x) => (parts.exponential ?? exponential)(x).data),
    flow: (coordinates, theta) => parts.flow(views(coordinates), theta),
    infinitesimal: (theta, coordinates, out) => parts.infinitesimal(views(coordinates), theta, out),
    acceleration: (theta, coordinates, out) => parts.acceleration(views(coordinates), theta, out),
    pairing(theta, covector, out) {
      parts.moments(theta, covector).forEach((m, k) => {
        basis.project(m, out, offsets[k]!);
      });
    },
  };
}

/** exp of normal coordinates with |c| about `scale`. */
export function randomElement(algebra: LieAlgebra, random: Random, scale: number): GroupElement {
  const each = scale / Math.sqrt(Math.max(1, algebra.dimension));
  return algebra.exponential(Float64Array.from({ length: algebra.dimension }, () => each * random.normal()));
}
