import type { Stepper } from '../../../flow/stepper.ts';
import type { Tableau } from '../../../flow/tableau.ts';
import type { Arena } from './arena.ts';

/** Carries parameters across the border of the kernels, which keep them in another order. */
export interface Border {
  /** Writes theta (length P) to a pointer and returns the pointer. */
  write(theta: Float64Array, to: number): number;
  /** Reads theta (length P) from a pointer into `out`, which it returns. */
  read(from: number, out: Float64Array): Float64Array;
  /** Lent to whoever reads next: for theta, and for its gradient. */
  readonly lent: { readonly theta: Float64Array; readonly gradient: Float64Array };
}

/** A linear combination of stage gradients as the kernels take it. */
interface Combination {
  /** Stages with a weight other than 0. */
  readonly stages: readonly number[];
  /** Their weights, and the pointers to their gradients. */
  readonly weights: number;
  readonly vectors: number;
}

/** flow/stepper.ts on the SIMD kernels: the same steps to rounding. */
export function createSimdStepper(
  arena: Arena,
  size: number,
  tableau: Tableau,
  start: Float64Array,
  border: Border,
): Stepper {
  const { kernels, allocate, store, storeWords, words } = arena;
  const { points, error } = tableau;
  const last = points.length - 1;
  const gradients = points.map(() => allocate(size));
  let theta = border.write(start, allocate(size));
  let candidate = allocate(size);

  const combination = (weights: readonly number[]): Combination => {
    const stages = weights.flatMap((weight, stage) => (weight === 0 ? [] : [stage]));
    return {
      stages,
      weights: store(stages.map((stage) => weights[stage]!)),
      vectors: storeWords(stages.map((stage) => gradients[stage]!)),
    };
  };
  /** Euler's step needs no tables: one gradient, of weight 1. */
  const single = last === 1 && points[1]!.length === 1 && points[1]![0] === 1 && !error;
  const combinations = single ? [] : points.map(combination);
  const errorCombination = error && combination(error);

  let loss = kernels.gradient(theta, gradients[0]!);
  let candidateLoss = Number.NaN;

  const swapGradients = () => {
    [gradients[0], gradients[last]] = [gradients[last]!, gradients[0]!];
    for (const { stages, vectors } of errorCombination ? [...combinations, errorCombination] : combinations) {
      words(vectors, stages.length).set(stages.map((stage) => gradients[stage]!));
    }
  };

  return {
    get theta() {
      return border.read(theta, border.lent.theta);
    },
    get loss() {
      return loss;
    },
    get gradient() {
      return border.read(gradients[0]!, border.lent.gradient);
    },
    get gradientNorm() {
      return Math.sqrt(kernels.squares(gradients[0]!, size));
    },
    get candidateLoss() {
      return candidateLoss;
    },
    attempt(h) {
      if (single) {
        kernels.descend(candidate, theta, h, gradients[0]!, size);
        candidateLoss = kernels.gradient(candidate, gradients[1]!);
        return;
      }
      for (let r = 1; r <= last; r++) {
        const { weights, vectors, stages } = combinations[r]!;
        kernels.point(candidate, theta, h, weights, vectors, stages.length, size);
        candidateLoss = kernels.gradient(candidate, gradients[r]!);
      }
    },
    accept() {
      [theta, candidate] = [candidate, theta];
      swapGradients();
      loss = candidateLoss;
    },
    error(h, tolerance) {
      if (!errorCombination) return 0;
      const { weights, vectors, stages } = errorCombination;
      const squares = kernels.scaledErrorSquares(
        theta,
        candidate,
        h,
        tolerance,
        weights,
        vectors,
        stages.length,
        size,
      );
      return Math.sqrt(squares / size);
    },
  };
}
