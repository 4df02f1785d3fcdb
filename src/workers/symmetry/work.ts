import type { OrbitCurve } from '../../landscape/chart-input.ts';
import type { LossFunction } from '../../model/loss-function.ts';
import type { Steering } from '../../symmetry/discovery/steering.ts';
import type { SymmetryProgress } from './question.ts';

/** What a long answer needs to be cut into pieces, and to be given up. */
export interface Work extends Required<Steering<SymmetryProgress>> {
  /** The loss of the run, in plain float64. */
  readonly loss: LossFunction;
  /** Puts the curve of the orbit explorer on the charts. */
  drawOrbit(curve: OrbitCurve): void;
  /** Pauses if the last pause was some milliseconds ago; rejects once the answer is not wanted any more. */
  breathe(): Promise<void>;
}

/** Milliseconds of work between two pauses. */
const PIECE = 8;

/** `now`: milliseconds. */
export function createWork(parts: Omit<Work, 'breathe'>, now: () => number): Work {
  let last = now();
  return {
    ...parts,
    async breathe() {
      if (now() - last < PIECE) return;
      await parts.pause();
      parts.signal.throwIfAborted();
      last = now();
    },
  };
}
