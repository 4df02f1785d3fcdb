import {
  abs,
  add,
  div,
  maximum,
  mean,
  mul,
  square,
  stack,
  sub,
  sum,
  type Tensor,
  tidy,
} from '@tensorflow/tfjs-core';
import type { Tableau } from '../../flow/tableau.ts';
import type { TensorNetwork } from './network.ts';
import { compensatedSum, type State } from './state.ts';

/** What is known of an attempted step of every flow: loss and |grad L|^2 at its end, and the square of its scaled error. */
export interface Attempt {
  readonly candidate: State;
  /** [flows][MEASURES]. */
  readonly measures: Tensor;
}

/** Numbers per flow in `measures`. */
export const MEASURES = 3;

/**
 * One explicit Runge-Kutta step of several flows along theta' = -grad L, as flow/stepper.ts takes it. `h` is a number, or
 * [flows][1]. The scaled error is the root-mean-square of the estimate over `tolerance` (1 + max(|theta|, |candidate|)), and 0
 * where the tableau has none. Call it within `compute`.
 */
export function attemptStep(
  network: TensorNetwork,
  { points, error }: Tableau,
  state: State,
  h: Tensor | number,
  tolerance: number,
): Attempt {
  return tidy(() => {
    const gradients = [state.gradient];
    let moved = { high: state.high, low: state.low };
    let loss: Tensor = state.high;
    for (const weights of points.slice(1)) {
      const change = sub(state.low, mul(h, combination(weights, gradients)));
      moved = compensatedSum(state.high, change);
      const next = network.gradient(moved.high);
      gradients.push(next.gradient);
      loss = next.loss;
    }
    const gradient = gradients.at(-1)!;
    const candidate = { ...moved, gradient };
    const slope = sum(square(gradient), 1);
    const estimate = error
      ? squaredError(mul(h, combination(error, gradients)), state.high, candidate.high, tolerance)
      : mul(0, loss);
    return { candidate, measures: stack([loss, slope, estimate], 1) };
  }) as unknown as Attempt;
}

/** sum_j weights[j] vectors[j]. */
function combination(weights: readonly number[], vectors: readonly Tensor[]): Tensor {
  const terms = weights.flatMap((weight, j) =>
    weight === 0 ? [] : [weight === 1 ? vectors[j]! : mul(weight, vectors[j]!)],
  );
  return terms.reduce((total, term) => add(total, term));
}

/** The square of the scaled error, [flows]. */
function squaredError(estimate: Tensor, from: Tensor, to: Tensor, tolerance: number): Tensor {
  const scale = mul(tolerance, add(1, maximum(abs(from), abs(to))));
  return mean(square(div(estimate, scale)), 1);
}
