import { createNetwork, type Network } from '../model/network.ts';
import type { Problem } from '../model/problem.ts';
import { conservedQuantities } from '../symmetry/conserved-quantities.ts';

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

/** Builds the observer of a problem; a network of the same problem may be shared with it. */
export function createObserver(problem: Problem, network: Network = createNetwork(problem)): Observer {
  const quantities = conservedQuantities(problem);
  const gradient = new Float64Array(network.size);
  return (theta) => ({
    loss: network.gradient(theta, gradient),
    gradientNorm: norm(gradient),
    conserved: Float64Array.from(quantities, (quantity) => quantity.total(theta)),
  });
}

/** Euclidean norm. */
export function norm(vector: Float64Array): number {
  let squares = 0;
  for (let i = 0; i < vector.length; i++) squares += vector[i]! * vector[i]!;
  return Math.sqrt(squares);
}
