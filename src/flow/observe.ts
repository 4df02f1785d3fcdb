import type { LossFunction } from '../model/loss-function.ts';
import { createLoss } from '../model/network.ts';
import type { Problem } from '../model/problem.ts';
import { conservedQuantities } from '../symmetry/conserved-quantities.ts';
import { norm } from './norm.ts';

/** What is recorded of one state. */
export interface Observation {
  readonly loss: number;
  /** |grad L|, Euclidean. */
  readonly gradientNorm: number;
  /** Total Q of each of `conservedQuantities(problem)`: one per layer pair, or empty. */
  readonly conserved: Float64Array;
}

/** Observes a state in float64, whatever engine it comes from. Not re-entrant. */
export type Observer = (theta: Float64Array) => Observation;

/** Builds the observer of a problem; its loss may be shared with it. */
export function createObserver(problem: Problem, loss: LossFunction = createLoss(problem)): Observer {
  const quantities = conservedQuantities(problem);
  const gradient = new Float64Array(loss.size);
  return (theta) => ({
    loss: loss.gradient(theta, gradient),
    gradientNorm: norm(gradient),
    conserved: Float64Array.from(quantities, (quantity) => quantity.total(theta)),
  });
}
