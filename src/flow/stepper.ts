import type { LossFunction } from '../model/loss-function.ts';
import { norm } from './norm.ts';
import type { Tableau } from './tableau.ts';

/**
 * One state of a flow and the explicit Runge-Kutta step that moves it along theta' = -grad L. An attempt computes a
 * candidate; only `accept` moves the state. No allocation per step. It knows nothing of tolerances, saving or stopping.
 * Arrays are lent until the next call.
 */
export interface Stepper {
  readonly theta: Float64Array;
  /** L(theta). */
  readonly loss: number;
  /** grad L(theta). */
  readonly gradient: Float64Array;
  /** |grad L(theta)|. */
  readonly gradientNorm: number;
  readonly candidateLoss: number;
  /** Computes the candidate a step of size `h` away. */
  attempt(h: number): void;
  /** Makes the candidate the state. */
  accept(): void;
  /** Root-mean-square of the attempt's error estimate over `tolerance` (1 + max(|theta|, |candidate|)), per component. */
  error(h: number, tolerance: number): number;
}

/** Builds a stepper at `start`, which is copied. */
export type CreateStepper = (tableau: Tableau, start: Float64Array) => Stepper;

/** The stepper in plain TypeScript, on any loss. */
export function createStepper(network: LossFunction, tableau: Tableau, start: Float64Array): Stepper {
  const { points, error } = tableau;
  const last = points.length - 1;
  const gradients = points.map(() => new Float64Array(network.size));
  let theta = start.slice();
  let candidate = new Float64Array(network.size);
  let loss = network.gradient(theta, gradients[0]!);
  let candidateLoss = Number.NaN;
  const difference = error ? new Float64Array(network.size) : null;

  return {
    get theta() {
      return theta;
    },
    get loss() {
      return loss;
    },
    get gradient() {
      return gradients[0]!;
    },
    get gradientNorm() {
      return norm(gradients[0]!);
    },
    get candidateLoss() {
      return candidateLoss;
    },
    attempt(h) {
      for (let r = 1; r <= last; r++) {
        combine(points[r]!, gradients, candidate);
        for (let i = 0; i < candidate.length; i++) candidate[i] = theta[i]! - h * candidate[i]!;
        candidateLoss = network.gradient(candidate, gradients[r]!);
      }
    },
    accept() {
      [theta, candidate] = [candidate, theta];
      [gradients[0], gradients[last]] = [gradients[last]!, gradients[0]!];
      loss = candidateLoss;
    },
    error(h, tolerance) {
      if (!error || !difference) return 0;
      combine(error, gradients, difference);
      let squares = 0;
      for (let i = 0; i < difference.length; i++) {
        const scale = tolerance * (1 + Math.max(Math.abs(theta[i]!), Math.abs(candidate[i]!)));
        const scaled = (h * difference[i]!) / scale;
        squares += scaled * scaled;
      }
      return Math.sqrt(squares / difference.length);
    },
  };
}

/** out = sum_j weights[j] vectors[j], in order of j. */
function combine(weights: readonly number[], vectors: readonly Float64Array[], out: Float64Array): void {
  let first = true;
  for (let j = 0; j < weights.length; j++) {
    const weight = weights[j]!;
    if (weight === 0) continue;
    const vector = vectors[j]!;
    if (first) for (let i = 0; i < out.length; i++) out[i] = weight * vector[i]!;
    else for (let i = 0; i < out.length; i++) out[i] = out[i]! + weight * vector[i]!;
    first = false;
  }
}
