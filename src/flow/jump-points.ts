import type { TeleportationSchedule } from '../symmetry/teleportation/options.ts';
import type { FlowPlan, RecordSchedule } from './plan.ts';

/** Where a plan ends: its number of steps, or its time. */
export const planEnd = (plan: FlowPlan): number => (plan.kind === 'fixed-step' ? plan.steps : plan.time);

/** The same plan, ending at step (or time) `end`. */
export const planUntil = (plan: FlowPlan, end: number): FlowPlan =>
  plan.kind === 'fixed-step' ? { ...plan, steps: end } : { ...plan, time: end };

/**
 * Where the flows of a plan jump, known in advance: step numbers of a fixed-step plan, times of an adaptive one, ascending
 * and within the plan; empty for schedules that depend on the flow. Fixed steps meet a time at the nearest step. Throws
 * RangeError for step numbers on an adaptive plan.
 */
export function jumpPoints(plan: FlowPlan, schedule: TeleportationSchedule): Float64Array {
  const end = planEnd(plan);
  const points = pointsOf(plan, schedule).filter((point) => point <= end);
  return Float64Array.from(new Set(points)).sort();
}

function pointsOf(plan: FlowPlan, schedule: TeleportationSchedule): readonly number[] {
  if (schedule.kind === 'when-gradient-norm-below') return [];
  if (schedule.kind === 'at-time') {
    return plan.kind === 'adaptive'
      ? schedule.times
      : schedule.times.map((time) => Math.round(time / plan.stepSize));
  }
  if (plan.kind === 'adaptive') throw new RangeError('The steps of an adaptive flow adapt: jump at times.');
  if (schedule.kind === 'at') return schedule.steps;
  // Nothing follows the last step.
  const count = Math.ceil(plan.steps / schedule.steps) - 1;
  return Array.from({ length: count }, (_, i) => (i + 1) * schedule.steps);
}

/** The record schedule of a plan with `points` (of `jumpPoints`) added. */
export function recordedWith({ record }: FlowPlan, points: Float64Array): RecordSchedule {
  if (points.length === 0) return record;
  return { by: record.by, at: Float64Array.from(new Set([...record.at, ...points])).sort() };
}
