import type { GroupName } from '../group-action.ts';

/** What a teleportation changes along the orbit. 'random': nothing is optimised, a random group element is applied. */
export const objectiveNames = [
  'gradient-norm',
  'sharpness',
  'conserved-quantity',
  'curvature',
  'random',
] as const;

export type ObjectiveName = (typeof objectiveNames)[number];

/** How to teleport. Plain data. */
export interface TeleportationOptions {
  /** 'auto': the first continuous group of the table that applies and is exact on the present data; refused where none is. */
  readonly group: GroupName | 'auto';
  readonly objective: ObjectiveName;
  /** Not used by 'conserved-quantity' (which has a target) and 'random'. */
  readonly direction: 'increase' | 'decrease';
  /** Total Q of layer pair 0 to go to, with 'conserved-quantity'. */
  readonly target?: number;
  /** Steps of the ascent at most. */
  readonly iterations: number;
  /** Length of the path in the Lie algebra at most: sum of |c| over the steps (group-action.ts). */
  readonly maximumDistance: number;
  /**
   * Step size at which gradient descent should stay stable after the jump: the ascent stays where the sharpness is at most
   * `largestSharpness` of it. Absent, or on a compact group: no such limit.
   */
  readonly stepSize?: number;
  /** Of random directions: 'random' and 'curvature'. Default 0. */
  readonly seed?: number;
}

/** A state before or after a jump. */
export interface TeleportationState {
  readonly loss: number;
  readonly gradientNorm: number;
  /** Total Q of each layer pair. */
  readonly conserved: readonly number[];
  /** Top Hessian eigenvalue. */
  readonly sharpness: number;
}

/** One jump along an orbit: an entry of the ledger. */
export interface Teleportation {
  readonly group: GroupName;
  readonly objective: ObjectiveName;
  readonly before: TeleportationState;
  readonly after: TeleportationState;
  /** Length of the path in the Lie algebra. */
  readonly distance: number;
  /** |theta after - theta before|, Euclidean. */
  readonly displacement: number;
  readonly iterations: number;
  /** What it cost, in gradients (a Hessian-vector product counts as two). */
  readonly gradients: number;
  /** Why it stopped, or why nothing moved: one sentence. */
  readonly message: string;
}

/** A jump and where it went from and to. */
export interface Jump extends Teleportation {
  readonly from: Float64Array;
  readonly to: Float64Array;
}

/** When flows teleport; the fixed ones need an integrator with fixed steps, `atTime` works with all. */
export type TeleportationSchedule =
  | { readonly kind: 'at'; readonly steps: readonly number[] }
  | { readonly kind: 'at-time'; readonly times: readonly number[] }
  | { readonly kind: 'every'; readonly steps: number }
  /** Each time |grad L| falls to the bound, at most `limit` times. */
  | { readonly kind: 'when-gradient-norm-below'; readonly bound: number; readonly limit: number };

/** When and how the flows of a run teleport. */
export interface TeleportationPlan {
  readonly schedule: TeleportationSchedule;
  readonly options: TeleportationOptions;
}
