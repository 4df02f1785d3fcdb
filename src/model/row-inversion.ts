import type { MlpArchitecture } from './architecture.ts';
import type { LossFunction } from './loss-function.ts';
import { parameterLayout } from './parameters.ts';

/**
 * Row inversion: hidden unit k computes w . x / |w|^2, where w is row k of the layer's weight (with its bias, if there is
 * one). That is a linear network whose hidden rows are inverted, of degree -1 in each row (math.md A, P1's "radial" network).
 */
export interface RowInversion {
  readonly kind: 'row-inversion';
  readonly label: string;
  /** The degree in the rows of the inner weight. */
  readonly homogeneity: -1;
}

/** The one entry of its kind in the table of activations. */
export const rowInversion: RowInversion = { kind: 'row-inversion', label: 'row inversion', homogeneity: -1 };

/** Where one hidden row lives in theta: the indices of its weights and of its bias, if there is one. */
type Row = Int32Array;

/** The rows that are inverted: those of every layer but the last. */
function hiddenRows(architecture: MlpArchitecture): Row[] {
  const { layers } = parameterLayout(architecture);
  return layers.slice(0, -1).flatMap(({ rows, columns, weight, bias }) =>
    Array.from({ length: rows }, (_, k) => {
      const weights = Array.from({ length: columns }, (_, j) => weight + k * columns + j);
      return Int32Array.from(bias >= 0 ? [...weights, bias + k] : weights);
    }),
  );
}

/** sum over a row of a[i] b[i]. */
function rowDot(row: Row, a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (const i of row) sum += a[i]! * b[i]!;
  return sum;
}

/** theta of the linear network that computes the same: every hidden row w becomes w/|w|^2. Its own inverse. */
export const invertRows = (architecture: MlpArchitecture, theta: Float64Array): Float64Array =>
  invertInto(hiddenRows(architecture), theta, new Float64Array(theta.length));

function invertInto(rows: readonly Row[], theta: Float64Array, out: Float64Array): Float64Array {
  out.set(theta);
  for (const row of rows) {
    const square = rowDot(row, theta, theta);
    for (const i of row) out[i] = theta[i]! / square;
  }
  return out;
}

/**
 * The loss of a row inversion network from that of the linear network of the same shapes, by the chain rule through
 * phi(w) = w/|w|^2, whose Jacobian J = (I - 2 w w^T/|w|^2)/|w|^2 is symmetric.
 */
export function rowInversionLoss(architecture: MlpArchitecture, linear: LossFunction): LossFunction {
  const rows = hiddenRows(architecture);
  const inverted = new Float64Array(linear.size);
  const inner = new Float64Array(linear.size);
  const moved = new Float64Array(linear.size);

  /** out = J x on every hidden row; other entries as they are. */
  const jacobian = (theta: Float64Array, x: Float64Array, out: Float64Array): void => {
    if (out !== x) out.set(x);
    for (const row of rows) {
      const square = rowDot(row, theta, theta);
      const along = (2 * rowDot(row, theta, x)) / square;
      for (const i of row) out[i] = (out[i]! - along * theta[i]!) / square;
    }
  };

  return {
    size: linear.size,
    loss: (theta) => linear.loss(invertInto(rows, theta, inverted)),
    gradient(theta, out) {
      const value = linear.gradient(invertInto(rows, theta, inverted), out);
      jacobian(theta, out, out);
      return value;
    },
    hessianVectorProduct(theta, vector, out) {
      invertInto(rows, theta, inverted);
      jacobian(theta, vector, moved);
      linear.hessianVectorProduct(inverted, moved, out);
      jacobian(theta, out, out);
      linear.gradient(inverted, inner);
      // (D J[v]) g, with s = |w|^2.
      for (const row of rows) {
        const s = rowDot(row, theta, theta);
        const wv = rowDot(row, theta, vector);
        const wg = rowDot(row, theta, inner);
        const vg = rowDot(row, vector, inner);
        for (const i of row) {
          const w = theta[i]!;
          out[i]! += (-2 * (wv * inner[i]! + vg * w + wg * vector[i]!) + (8 * wg * wv * w) / s) / (s * s);
        }
      }
    },
  };
}
