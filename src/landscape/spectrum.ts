import type { AbortSignalLike } from '../model/abort-signal.ts';
import type { LossFunction } from '../model/loss-function.ts';
import { symmetricEigenvalues } from './symmetric-eigenvalues.ts';

/** Most parameters of a loss whose whole Hessian is taken apart: a second or two of work. */
export const MOST_PARAMETERS = 800;
/** An eigenvalue counts as zero below this share of the largest absolute value. */
const ZERO = 1e-6;

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
  /** Awaited between pieces of work of a millisecond or so, so that the caller can answer messages. */
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
  const rest = async () => {
    await pause?.();
    signal?.throwIfAborted();
  };
  const rows: Float64Array[] = [];
  const direction = new Float64Array(size);
  for (let k = 0; k < size; k++) {
    const row = new Float64Array(size);
    direction.fill(0);
    direction[k] = 1;
    network.hessianVectorProduct(theta, direction, row);
    rows.push(row);
    told?.(k / size);
    await rest();
  }
  for (let i = 0; i < size; i++) {
    for (let j = 0; j < i; j++) rows[i]![j] = rows[j]![i] = (rows[i]![j]! + rows[j]![i]!) / 2;
  }
  const eigenvalues = await symmetricEigenvalues(rows, rest);
  const sizes = eigenvalues.map(Math.abs).sort();
  const tolerance = ZERO * (sizes.at(-1) ?? 0);
  const zeros = sizes.filter((value) => value <= tolerance).length;
  const between = zeros > 0 && zeros < size;
  const gap = between && sizes[zeros - 1]! > 0 ? sizes[zeros]! / sizes[zeros - 1]! : Number.POSITIVE_INFINITY;
  return { eigenvalues, tolerance, zeros, gap };
}
