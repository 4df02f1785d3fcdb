import { parameterCount } from '../model/parameters.ts';
import { type Problem, sampleCount } from '../model/problem.ts';
import { lossWork as workOf } from '../model/work.ts';
import type { ChartInput } from './chart-input.ts';

/** Rows of theta in one batch take at most this many bytes .. */
const BATCH_BYTES = 8 * 2 ** 20;
/** .. and this many multiply-adds, about 10 ms on a processor. */
const BATCH_WORK = 1e7;
/** Multiply-adds that one surface may cost: about a second on a processor when a run has ended, a glimpse before. */
const SURFACE_WORK = { preview: 5e7, final: 1e9 } as const;

/** A surface that cannot do with fewer losses may cost this many times as much. */
const PATIENCE = 8;

/** Multiply-adds of one loss. */
export const lossWork = (problem: Problem): number => workOf(problem.architecture, sampleCount(problem));

/**
 * How many losses of a surface are affordable, of `wanted` and at least `fewest`: fewer for networks so large that they
 * would take seconds, and none where even the fewest would take far longer.
 */
export function affordable({ problem, detail }: ChartInput, wanted: number, fewest: number): number {
  const most = Math.floor(SURFACE_WORK[detail] / lossWork(problem));
  return fewest > PATIENCE * most ? 0 : Math.max(fewest, Math.min(wanted, most));
}

/** Said of a surface that is not affordable. */
export const TOO_COSTLY = 'The surface is not drawn: the network and its data are too large.';

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
