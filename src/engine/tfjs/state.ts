import { add, concat, gather, sub, type Tensor, tensor2d } from '@tensorflow/tfjs-core';
import type { TensorNetwork } from './network.ts';
import type { Session } from './session.ts';

/**
 * The states of several flows, each tensor [flows][P]. theta = high + low: `high` is theta to float32, `low` what that
 * leaves over, so that steps far below the last place of float32 are not lost.
 */
export interface State {
  readonly high: Tensor;
  readonly low: Tensor;
  /** grad L(high). */
  readonly gradient: Tensor;
}

/** The states at `thetas` ([flows][P], flat); call it within `compute`. */
export function stateAt(network: TensorNetwork, thetas: Float64Array): State {
  const shape: [number, number] = [thetas.length / network.size, network.size];
  const rounded = Float32Array.from(thetas);
  const high = tensor2d(rounded, shape);
  const low = tensor2d(
    Float32Array.from(thetas, (value, i) => value - rounded[i]!),
    shape,
  );
  return { high, low, gradient: network.gradient(high).gradient };
}

/**
 * high + change and what rounding takes off it (Dekker's fast two-sum, Numer. Math. 18, 1971): every operation is a kernel
 * of its own, so no compiler can reassociate them.
 */
export function compensatedSum(high: Tensor, change: Tensor): Pick<State, 'high' | 'low'> {
  const sum = add(high, change);
  return { high: sum, low: sub(change, sub(sum, high)) };
}

/** The flows with these numbers. */
export function pickStates({ high, low, gradient }: State, flows: readonly number[]): State {
  const pick = (rows: Tensor) => gather(rows, Array.from(flows), 0);
  return { high: pick(high), low: pick(low), gradient: pick(gradient) };
}

/** The flows of one state and then those of another. */
export const joinStates = (a: State, b: State): State => ({
  high: concat([a.high, b.high]),
  low: concat([a.low, b.low]),
  gradient: concat([a.gradient, b.gradient]),
});

/** theta of some flows, in float64. */
export async function downloadThetas(
  session: Session,
  { high, low }: State,
  flows: readonly number[],
): Promise<Float64Array[]> {
  if (flows.length === 0) return [];
  const size = high.shape[1]!;
  const picked = session.compute(() => {
    const all = flows.length === high.shape[0];
    return concat([high, low].map((rows) => (all ? rows : gather(rows, Array.from(flows), 0))));
  });
  const numbers = await session.download(picked);
  const half = numbers.length / 2;
  return flows.map((_, i) =>
    Float64Array.from({ length: size }, (_, p) => numbers[i * size + p]! + numbers[half + i * size + p]!),
  );
}

/** Frees a state. */
export function freeState(state: State): void {
  for (const rows of [state.high, state.low, state.gradient]) rows.dispose();
}
