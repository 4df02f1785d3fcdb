import type { IntegratorName } from './integrator.ts';

/** Which frames to keep: at step numbers, or at times (ascending, both within the plan; 0 is the start). The last state is always kept. */
export interface RecordSchedule {
  readonly by: 'step' | 'time';
  readonly at: Float64Array;
}

/** When to stop early. Divergence (a non-finite loss, or one beyond `divergence` times the start) always stops a flow. */
export interface StopRules {
  /** Stop as converged once |grad L| falls to this; absent: never. */
  readonly gradientNorm?: number;
}

/** What to integrate: fixed steps (`stepSize`, `steps`) or adaptive (`tolerance`, `time`). Plain data. */
export type FlowPlan = FixedStepPlan | AdaptivePlan;

export interface FixedStepPlan {
  readonly kind: 'fixed-step';
  readonly integrator: IntegratorName;
  readonly stepSize: number;
  readonly steps: number;
  readonly record: RecordSchedule;
  readonly stop: StopRules;
}

export interface AdaptivePlan {
  readonly kind: 'adaptive';
  readonly integrator: IntegratorName;
  /** Local error tolerance, absolute and relative, in the root-mean-square norm (Hairer, Norsett, Wanner II.4). */
  readonly tolerance: number;
  readonly time: number;
  readonly record: RecordSchedule;
  readonly stop: StopRules;
}
