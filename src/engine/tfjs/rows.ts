import { type Tensor, tensor2d } from '@tensorflow/tfjs-core';
import { parameterCount } from '../../model/parameters.ts';
import type { Problem } from '../../model/problem.ts';
import { flowCapacity } from './memory.ts';
import { createTensorNetwork, type TensorNetwork } from './network.ts';
import type { Session } from './session.ts';

/** Evaluates `kernel` at the rows of several [count][P] arrays at once, as many rows at a time as fit; rows of results follow each other. */
export async function evaluateRows(
  session: Session,
  problem: Problem,
  arrays: readonly Float64Array[],
  kernel: (network: TensorNetwork, ...rows: Tensor[]) => Tensor,
): Promise<Float64Array> {
  const size = parameterCount(problem.architecture);
  const count = arrays[0]!.length / size;
  const capacity = flowCapacity(problem, session.rowsAtOnce);
  const network = session.compute(() => createTensorNetwork(problem, session.rowsAtOnce));
  try {
    const results: Float32Array[] = [];
    for (let first = 0; first < count; first += capacity) {
      const rows = Math.min(capacity, count - first);
      const part = (array: Float64Array) =>
        tensor2d(Float32Array.from(array.subarray(first * size, (first + rows) * size)), [rows, size]);
      results.push(await session.download(session.compute(() => kernel(network, ...arrays.map(part)))));
    }
    return Float64Array.from(results.flatMap((result) => [...result]));
  } finally {
    network.dispose();
  }
}
