import type { Architecture } from './architecture.ts';

/** Where one layer lives in theta: `weight` is row-major [rows = out][columns = in]; `bias` has length `rows`, or offset -1. */
export interface LayerLayout {
  readonly rows: number;
  readonly columns: number;
  readonly weight: number;
  readonly bias: number;
}

/** The packing of theta: layer after layer, first the weight row-major, then the bias. The one place that knows it. */
export interface ParameterLayout {
  readonly layers: readonly LayerLayout[];
  /** Number of parameters P. */
  readonly size: number;
}

/** One layer as plain numbers, the form used in documents: weight [out][in], bias [out]. */
export interface LayerParameters {
  readonly weight: readonly (readonly number[])[];
  readonly bias?: readonly number[];
}

/** Computes the packing of an architecture. A test function has one row (x, y). */
export function parameterLayout(architecture: Architecture): ParameterLayout {
  if (architecture.kind === 'test-function') {
    return { layers: [{ rows: 1, columns: 2, weight: 0, bias: -1 }], size: 2 };
  }
  const layers: LayerLayout[] = [];
  let offset = 0;
  for (let i = 1; i < architecture.widths.length; i++) {
    const rows = architecture.widths[i]!;
    const columns = architecture.widths[i - 1]!;
    const weight = offset;
    offset += rows * columns;
    const bias = architecture.bias ? offset : -1;
    if (architecture.bias) offset += rows;
    layers.push({ rows, columns, weight, bias });
  }
  return { layers, size: offset };
}

/** Number of parameters P of an architecture. */
export const parameterCount = (architecture: Architecture): number => parameterLayout(architecture).size;

/** Packs layers into theta (length P). Shapes must fit the architecture (validated documents do). */
export function packParameters(architecture: Architecture, layers: readonly LayerParameters[]): Float64Array {
  const layout = parameterLayout(architecture);
  const theta = new Float64Array(layout.size);
  layout.layers.forEach((layer, index) => {
    const { weight, bias } = layers[index]!;
    weight.forEach((row, i) => {
      theta.set(row, layer.weight + i * layer.columns);
    });
    if (layer.bias >= 0 && bias) theta.set(bias, layer.bias);
  });
  return theta;
}

/** Unpacks theta (length P) into layers. The inverse of `packParameters`. */
export function unpackParameters(architecture: Architecture, theta: ArrayLike<number>): LayerParameters[] {
  const slice = (from: number, length: number) => Array.from({ length }, (_, i) => theta[from + i]!);
  return parameterLayout(architecture).layers.map(({ rows, columns, weight, bias }) => {
    const matrix = Array.from({ length: rows }, (_, i) => slice(weight + i * columns, columns));
    return bias >= 0 ? { weight: matrix, bias: slice(bias, rows) } : { weight: matrix };
  });
}
