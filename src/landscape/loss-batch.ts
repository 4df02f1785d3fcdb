import { parameterCount } from '../model/parameters.ts';
import type { Problem } from '../model/problem.ts';
import type { ChartInput } from './chart-input.ts';

/** Rows of theta in one batch take at most this many bytes .. */
const BATCH_BYTES = 8 * 2 ** 20;
/** .. and this many multiply-adds, about 10 ms on a processor. */
const BATCH_WORK = 1e7;
/** Multiply-adds that one surface may cost: about a second on a processor when a run has ended, a glimpse before. */
const SURFACE_WORK = { preview: 5e7, final: 1e9 } as const;

/** Multiply-adds of one loss: every parameter meets every sample once. */
export const lossWork = (problem: Problem): number =>
  parameterCount(problem.architecture) * problem.dataset.samples;

/** How many losses of a surface are affordable, of `wanted`: fewer for networks so large that they would take seconds. */
export const affordable = ({ problem, detail }: ChartInput, wanted: number): number =>
  Math.min(wanted, Math.floor(SURFACE_WORK[detail] / lossWork(problem)));

/** Lets the caller answer its messages, and stops here when it has aborted. */
export async function rest(input: ChartInput): Promise<void> {
  await input.pause?.();
  input.signal?.throwIfAborted();
}

/**
 * True losses of `count` parameter vectors, in batches. `write` puts vector `index` into `theta` (length P), all of it.
 * Returns length count.
 */
export async function lossesOf(
  input: ChartInput,
  count: number,
  write: (index: number, theta: Float64Array) => void,
): Promise<Float64Array> {
  const size = parameterCount(input.problem.architecture);
  const rows = Math.max(
    1,
    Math.min(count, Math.floor(BATCH_BYTES / (8 * size)), Math.floor(BATCH_WORK / lossWork(input.problem))),
  );
  const losses = new Float64Array(count);
  for (let from = 0; from < count; from += rows) {
    const thetas = new Float64Array(Math.min(rows, count - from) * size);
    for (let i = 0; i * size < thetas.length; i++) write(from + i, thetas.subarray(i * size, (i + 1) * size));
    losses.set(await input.loss(thetas), from);
    await rest(input);
  }
  return losses;
}
