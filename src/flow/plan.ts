import type { IntegratorName } from './integrator.ts';

/** Which frames to keep: at step numbers, or at times (ascending, both within the plan; 0 is the start). The last state is always kept. */
export interface RecordSchedule {
  readonly by: 'step' | 'time';
  readonly at: Float64Array;
}

/** When to stop early. Divergence (a non-finite loss, or one beyond `divergence` times the start) always stops a flow. */
export interface StopRules {
  /** Stop as converged once the speed |theta'| falls to this, |grad L| without weight decay; absent: never. */
  readonly gradientNorm?: number;
}

interface PlanFields {
  readonly integrator: IntegratorName;
  readonly record: RecordSchedule;
  readonly stop: StopRules;
  /** lambda of theta' = -grad L - lambda theta; absent: 0. */
  readonly weightDecay?: number;
}

/** What to integrate: fixed steps (`stepSize`, `steps`) or adaptive (`tolerance`, `time`). Plain data. */
export type FlowPlan = FixedStepPlan | AdaptivePlan;

export interface FixedStepPlan extends PlanFields {
  readonly kind: 'fixed-step';
  readonly stepSize: number;
  readonly steps: number;
}

export interface AdaptivePlan extends PlanFields {
  readonly kind: 'adaptive';
  /** Local error tolerance, absolute and relative, in the root-mean-square norm (Hairer, Norsett, Wanner II.4). */
  readonly tolerance: number;
  readonly time: number;
}
