import { EigenvalueDecomposition, Matrix } from 'ml-matrix';
import type { LossFunction } from '../model/loss-function.ts';
import type { AbortSignalLike } from './chart-input.ts';

/** Most parameters of a loss whose whole Hessian is taken apart: a second or two of work. */
export const MOST_PARAMETERS = 400;
/** An eigenvalue counts as zero below this share of the largest absolute value. */
const ZERO = 1e-6;
/** Columns between two pauses. */
const COLUMNS = 8;

/** The Hessian of the loss at a point, taken apart. */
export interface HessianSpectrum {
  /** All P eigenvalues, ascending. */
  readonly eigenvalues: Float64Array;
  /** Absolute values below this count as zero. */
  readonly tolerance: number;
  /** How many do: the flat directions. */
  readonly zeros: number;
  /** Smallest absolute value that is not zero over the largest that is: how clear the count is. Infinity where there is no such pair. */
  readonly gap: number;
}

export interface SpectrumOptions {
  /** Awaited between pieces of work, so that the caller can answer messages. */
  pause?(): Promise<void>;
  /** When it aborts, the promise rejects with its reason at the next pause. */
  readonly signal?: AbortSignalLike;
  /** The share of the columns that is known, 0 to 1. */
  told?(fraction: number): void;
}

/**
 * All eigenvalues of the Hessian at theta from its columns, each an exact Hessian-vector product. Refuses more than
 * MOST_PARAMETERS parameters with a RangeError of one sentence.
 */
export async function hessianSpectrum(
  network: LossFunction,
  theta: Float64Array,
  { pause, signal, told }: SpectrumOptions = {},
): Promise<HessianSpectrum> {
  const { size } = network;
  if (size > MOST_PARAMETERS) {
    throw new RangeError(
      `The whole Hessian is taken apart for at most ${MOST_PARAMETERS} parameters, and here are ${size}: choose smaller widths.`,
    );
  }
  const hessian = Matrix.zeros(size, size);
  const direction = new Float64Array(size);
  const column = new Float64Array(size);
  for (let k = 0; k < size; k++) {
    direction.fill(0);
    direction[k] = 1;
    network.hessianVectorProduct(theta, direction, column);
    hessian.setColumn(k, Array.from(column));
    if (k % COLUMNS !== COLUMNS - 1) continue;
    told?.(k / size);
    await pause?.();
    signal?.throwIfAborted();
  }
  hessian.add(hessian.transpose()).mul(0.5);
  const { realEigenvalues } = new EigenvalueDecomposition(hessian, { assumeSymmetric: true });
  const eigenvalues = Float64Array.from(realEigenvalues).sort();
  const sizes = eigenvalues.map(Math.abs).sort();
  const tolerance = ZERO * (sizes.at(-1) ?? 0);
  const zeros = sizes.filter((value) => value <= tolerance).length;
  const between = zeros > 0 && zeros < size;
  const gap = between && sizes[zeros - 1]! > 0 ? sizes[zeros]! / sizes[zeros - 1]! : Number.POSITIVE_INFINITY;
  return { eigenvalues, tolerance, zeros, gap };
}
