import type { Architecture } from './architecture.ts';
import { parameterLayout } from './parameters.ts';
import { createRandom, type Random } from './random.ts';

/** How one scheme draws a layer; a new scheme is one entry in `initialisations`. */
export interface InitialisationRule {
  /** Name shown to people. */
  readonly label: string;
  /** The law of one weight entry, for help texts. */
  readonly formula: string;
  /** Standard deviation of one weight entry at scale 1, from the layer's number of inputs and outputs. */
  weightStd(fanIn: number, fanOut: number): number;
  /** Whether biases are drawn N(0, scale^2) like the weights, or start at zero. */
  readonly drawsBias: boolean;
  /** 'independent': normal entries. 'orthogonal': a Haar-random matrix with orthonormal rows or columns, whichever are fewer. */
  readonly matrix: 'independent' | 'orthogonal';
}

/** Every random scheme, by the name used in documents. `scale` is the std of the layer for 'normal', else the gain. */
export const initialisations = {
  normal: {
    label: 'normal',
    formula: 'N(0, σ²), σ per layer',
    weightStd: () => 1,
    drawsBias: true,
    matrix: 'independent',
  },
  /** Glorot, Bengio 2010, eq. 12. */
  xavier: {
    label: 'Xavier',
    formula: 'N(0, 2/(inputs + outputs))',
    weightStd: (fanIn, fanOut) => Math.sqrt(2 / (fanIn + fanOut)),
    drawsBias: false,
    matrix: 'independent',
  },
  /** He, Zhang, Ren, Sun 2015, eq. 10. */
  he: {
    label: 'He',
    formula: 'N(0, 2/inputs)',
    weightStd: (fanIn) => Math.sqrt(2 / fanIn),
    drawsBias: false,
    matrix: 'independent',
  },
  /** LeCun, Bottou, Orr, Mueller 1998, eq. 16. */
  lecun: {
    label: 'LeCun',
    formula: 'N(0, 1/inputs)',
    weightStd: (fanIn) => Math.sqrt(1 / fanIn),
    drawsBias: false,
    matrix: 'independent',
  },
  /** Saxe, McClelland, Ganguli 2014. */
  orthogonal: {
    label: 'orthogonal',
    formula: 'orthonormal rows or columns, uniform',
    weightStd: (fanIn, fanOut) => Math.sqrt(1 / Math.max(fanIn, fanOut)),
    drawsBias: false,
    matrix: 'orthogonal',
  },
} as const satisfies Record<string, InitialisationRule>;

export type InitialisationName = keyof typeof initialisations;

/** The names in table order, for menus and validation. */
export const initialisationNames = Object.keys(initialisations) as InitialisationName[];

/** A scheme with its settings: `std` has one entry per layer; `gain` multiplies every weight, default 1. */
export type InitialisationScheme =
  | { readonly kind: 'normal'; readonly std: readonly number[] }
  | { readonly kind: Exclude<InitialisationName, 'normal'>; readonly gain?: number };

/** Standard deviation of the entries of one layer under a scheme. */
export interface LayerStd {
  readonly weight: number;
  readonly bias: number;
}

/** Standard deviation of each layer's weight and bias entries, layer by layer (math.md C: the moments of Q follow). */
export function initialisationStd(architecture: Architecture, scheme: InitialisationScheme): LayerStd[] {
  const rule: InitialisationRule = initialisations[scheme.kind];
  return parameterLayout(architecture).layers.map(({ rows, columns, bias }, layer) => {
    const scale = layerScale(scheme, layer);
    return {
      weight: scale * rule.weightStd(columns, rows),
      bias: bias >= 0 && rule.drawsBias ? scale : 0,
    };
  });
}

/** Draws theta (length P) in packing order from the stream 'initialisation' of `seed`. */
export function initialise(
  architecture: Architecture,
  scheme: InitialisationScheme,
  seed: number,
): Float64Array {
  return drawParameters(architecture, scheme, createRandom(seed, 'initialisation'));
}

/** Draws theta (length P) in packing order from a given stream. */
export function drawParameters(
  architecture: Architecture,
  scheme: InitialisationScheme,
  random: Random,
): Float64Array {
  const { layers, size } = parameterLayout(architecture);
  const rule: InitialisationRule = initialisations[scheme.kind];
  const std = initialisationStd(architecture, scheme);
  const theta = new Float64Array(size);
  layers.forEach(({ rows, columns, weight, bias }, layer) => {
    const matrix = theta.subarray(weight, weight + rows * columns);
    if (rule.matrix === 'orthogonal') {
      matrix.set(orthogonalMatrix(rows, columns, random));
      const scale = layerScale(scheme, layer);
      for (let i = 0; i < matrix.length; i++) matrix[i]! *= scale;
    } else {
      drawNormals(matrix, std[layer]!.weight, random);
    }
    if (bias >= 0 && rule.drawsBias) {
      drawNormals(theta.subarray(bias, bias + rows), std[layer]!.bias, random);
    }
  });
  return theta;
}

const layerScale = (scheme: InitialisationScheme, layer: number): number =>
  scheme.kind === 'normal' ? scheme.std[layer]! : (scheme.gain ?? 1);

function drawNormals(out: Float64Array, std: number, random: Random): void {
  for (let i = 0; i < out.length; i++) out[i] = std * random.normal();
}

/**
 * A random matrix [rows][columns] with orthonormal columns (rows >= columns) or rows, uniform over such matrices: the Q
 * factor of a Gaussian matrix whose R has a positive diagonal (Mezzadri 2007). Gram-Schmidt yields that sign by itself;
 * a second pass makes it orthogonal to rounding.
 */
export function orthogonalMatrix(rows: number, columns: number, random: Random): Float64Array {
  const count = Math.min(rows, columns);
  const length = Math.max(rows, columns);
  const vectors: Float64Array[] = [];
  while (vectors.length < count) {
    const vector = Float64Array.from({ length }, () => random.normal());
    for (let pass = 0; pass < 2; pass++) {
      for (const other of vectors) addMultiple(vector, -dot(vector, other), other);
    }
    const norm = Math.sqrt(dot(vector, vector));
    vectors.push(vector.map((x) => x / norm));
  }
  const out = new Float64Array(rows * columns);
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) {
      out[i * columns + j] = rows >= columns ? vectors[j]![i]! : vectors[i]![j]!;
    }
  }
  return out;
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}

function addMultiple(out: Float64Array, factor: number, direction: Float64Array): void {
  for (let i = 0; i < out.length; i++) out[i]! += factor * direction[i]!;
}
