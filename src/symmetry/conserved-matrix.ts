import { EigenvalueDecomposition, Matrix, SingularValueDecomposition } from 'ml-matrix';
import type { MlpArchitecture } from '../model/architecture.ts';
import { type LayerLayout, parameterLayout } from '../model/parameters.ts';
import type { MlpProblem } from '../model/problem.ts';

/**
 * The matrix-valued conserved quantity of a linear network (math.md B2, B3): Q = 1/2 (W_out^T W_out - W_in W_in^T - b b^T),
 * symmetric, [h][h] row-major. Its diagonal holds the q_k, its trace is the total Q. Every entry is conserved, for any data.
 */
export function conservedMatrix(
  architecture: MlpArchitecture,
  theta: Float64Array,
  layerPair: number,
): Float64Array {
  const { into, out } = pairOf(architecture, layerPair);
  const h = into.rows;
  const q = new Float64Array(h * h);
  for (let k = 0; k < h; k++) {
    for (let l = 0; l <= k; l++) {
      const value = (columnDot(out, theta, theta, k, l) - rowDot(into, theta, theta, k, l)) / 2;
      q[k * h + l] = value;
      q[l * h + k] = value;
    }
  }
  return q;
}

/** Eigenvalues of a symmetric matrix [n][n], largest first. */
export function symmetricSpectrum(matrix: Float64Array): Float64Array {
  const n = Math.sqrt(matrix.length);
  const { realEigenvalues } = new EigenvalueDecomposition(Matrix.from1DArray(n, n, matrix), {
    assumeSymmetric: true,
  });
  return Float64Array.from(realEigenvalues).sort((a, b) => b - a);
}

/**
 * What the antisymmetric generators of O(h) give instead of a conserved quantity (math.md B5): along gradient flow the
 * antisymmetric part of W_out^T W_out' - W_in' W_in^T - b' b^T is zero at every moment. `velocity` is theta'.
 * Returns that part, [h][h]. It holds for radial and for linear networks.
 */
export function rotationConstraint(
  architecture: MlpArchitecture,
  theta: Float64Array,
  velocity: Float64Array,
  layerPair: number,
): Float64Array {
  const { into, out } = pairOf(architecture, layerPair);
  const h = into.rows;
  const moment = (k: number, l: number) =>
    columnDot(out, theta, velocity, k, l) - rowDot(into, velocity, theta, k, l);
  return Float64Array.from({ length: h * h }, (_, i) => {
    const [k, l] = [Math.floor(i / h), i % h];
    return (moment(k, l) - moment(l, k)) / 2;
  });
}

/** Entries of the largest matrix whose rank is found by singular values: about a second. */
export const LARGEST_RANK = 400_000;

/**
 * Number of independent conserved quantities of a network at a generic theta, for data under which they hold; null where
 * only a computation too large for a page would tell. Two linear layers: h (h + 1)/2 if h <= N, else h N - N (N - 1)/2,
 * with N the number of inputs (and 1 for a bias) and outputs (math.md B2). More linear layers: the rank of the gradients
 * at `theta`. Else h per hidden layer, or 1 where only the total is conserved.
 */
export function independentConserved(
  { architecture }: MlpProblem,
  theta: Float64Array,
  perLayer: readonly number[],
): number | null {
  if (architecture.activation !== 'linear') return perLayer.reduce((sum, h) => sum + h, 0);
  const { widths, bias } = architecture;
  if (widths.length === 3) {
    const [n, h, m] = [widths[0]! + (bias ? 1 : 0), widths[1]!, widths[2]!];
    const most = n + m;
    return h <= most ? (h * (h + 1)) / 2 : h * most - (most * (most - 1)) / 2;
  }
  const scalars = widths.slice(1, -1).reduce((sum, h) => sum + (h * (h + 1)) / 2, 0);
  if (scalars * theta.length > LARGEST_RANK) return null;
  const gradients = widths.slice(1, -1).flatMap((_, pair) => entryGradients(architecture, theta, pair));
  return rank(gradients);
}

/** Singular values below this fraction of the largest count as zero: rounding of products of entries near 1. */
const RANK_TOLERANCE = 1e-10;

/** Rank of rows by their singular values. */
export function rank(rows: readonly Float64Array[]): number {
  if (rows.length === 0) return 0;
  const matrix = new Matrix(rows.map((row) => Array.from(row)));
  const values = new SingularValueDecomposition(matrix, {
    autoTranspose: true,
    computeLeftSingularVectors: false,
    computeRightSingularVectors: false,
  }).diagonal;
  return values.filter((value) => value > RANK_TOLERANCE * values[0]!).length;
}

/** Gradients of the entries k <= l of 2 Q of one layer pair. */
function entryGradients(
  architecture: MlpArchitecture,
  theta: Float64Array,
  layerPair: number,
): Float64Array[] {
  const { into, out } = pairOf(architecture, layerPair);
  const gradients: Float64Array[] = [];
  for (let k = 0; k < into.rows; k++) {
    for (let l = 0; l <= k; l++) {
      const gradient = new Float64Array(theta.length);
      for (let i = 0; i < out.rows; i++) {
        const row = out.weight + i * out.columns;
        gradient[row + k]! += theta[row + l]!;
        gradient[row + l]! += theta[row + k]!;
      }
      for (let i = 0; i < into.columns; i++) {
        const [a, b] = [into.weight + k * into.columns + i, into.weight + l * into.columns + i];
        gradient[a]! -= theta[b]!;
        gradient[b]! -= theta[a]!;
      }
      if (into.bias >= 0) {
        gradient[into.bias + k]! -= theta[into.bias + l]!;
        gradient[into.bias + l]! -= theta[into.bias + k]!;
      }
      gradients.push(gradient);
    }
  }
  return gradients;
}

function pairOf(architecture: MlpArchitecture, layerPair: number): { into: LayerLayout; out: LayerLayout } {
  const { layers } = parameterLayout(architecture);
  return { into: layers[layerPair]!, out: layers[layerPair + 1]! };
}

/** (A^T B)_kl of the weights of a layer in a and b. */
function columnDot(layer: LayerLayout, a: Float64Array, b: Float64Array, k: number, l: number): number {
  let sum = 0;
  for (let i = 0; i < layer.rows; i++) {
    const row = layer.weight + i * layer.columns;
    sum += a[row + k]! * b[row + l]!;
  }
  return sum;
}

/** (A B^T)_kl of the weights of a layer in a and b, biases as a last column. */
function rowDot(layer: LayerLayout, a: Float64Array, b: Float64Array, k: number, l: number): number {
  let sum = layer.bias >= 0 ? a[layer.bias + k]! * b[layer.bias + l]! : 0;
  for (let i = 0; i < layer.columns; i++) {
    sum += a[layer.weight + k * layer.columns + i]! * b[layer.weight + l * layer.columns + i]!;
  }
  return sum;
}
