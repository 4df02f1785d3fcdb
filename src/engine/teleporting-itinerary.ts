import { jumpPoints, planEnd, planUntil } from '../flow/jump-points.ts';
import type { Outcome } from '../flow/outcome.ts';
import type { FlowPlan, RecordSchedule } from '../flow/plan.ts';
import type { TeleportationSchedule } from '../symmetry/teleportation/options.ts';

/** One flow of a batch on its way, between two legs. */
export interface Traveller {
  /** Its number in the batch. */
  readonly index: number;
  theta: Float64Array;
  step: number;
  time: number;
  /** Whether it resumes: no engine records a frame where it stands. */
  begun: boolean;
  /** Whether there is a frame of where it stands. */
  recorded: boolean;
  /** Jumps taken. */
  jumps: number;
  /** Whether the gradient norm has been above the bound since its last jump. */
  armed: boolean;
  ended: boolean;
}

/** A stretch without a jump: up to step (or time) `end`, or until the speed falls to `stop`. */
export interface Leg {
  readonly end: number;
  readonly stop: number | undefined;
}

/** What a flow does at the end of a leg. */
export type Next = 'end' | 'jump' | 'go-on';

/** When the flows of a plan go where. */
export interface Itinerary {
  leg(flow: Traveller): Leg;
  /** What follows the leg, which ended with an outcome of this kind; arms the flow. */
  next(flow: Traveller, leg: Leg, outcome: Outcome['kind']): Next;
  /** To be called after each jump. */
  landed(flow: Traveller): void;
}

/** The itinerary of a schedule. `speed` is |theta'| of the flow at theta, in float64. */
export function createItinerary(
  plan: FlowPlan,
  schedule: TeleportationSchedule,
  speed: (theta: Float64Array) => number,
): Itinerary {
  return schedule.kind === 'when-gradient-norm-below'
    ? byGradientNorm(plan, schedule, speed)
    : byPoints(plan, jumpPoints(plan, schedule));
}

/** Every flow jumps at every point that it reaches. */
function byPoints(plan: FlowPlan, points: Float64Array): Itinerary {
  return {
    leg: ({ jumps }) => ({ end: points[jumps] ?? planEnd(plan), stop: plan.stop.gradientNorm }),
    next: ({ jumps }, _, outcome) => (outcome === 'completed' && jumps < points.length ? 'jump' : 'end'),
    landed() {},
  };
}

/**
 * A flow that is above the bound runs until it falls to it, and jumps. One that is below after its jump goes from one recorded
 * point to the next until it is above again. At most `limit` jumps, so the legs come to an end.
 */
function byGradientNorm(
  plan: FlowPlan,
  { bound, limit }: Extract<TeleportationSchedule, { kind: 'when-gradient-norm-below' }>,
  speed: (theta: Float64Array) => number,
): Itinerary {
  const end = planEnd(plan);
  const goal = plan.stop.gradientNorm;
  const reached = (flow: Traveller) => goal !== undefined && speed(flow.theta) <= goal;
  return {
    leg(flow) {
      if (flow.jumps >= limit) return { end, stop: goal };
      if (flow.armed) return { end, stop: Math.max(bound, goal ?? 0) };
      return { end: nextRecorded(plan, flow) ?? end, stop: goal };
    },
    next(flow, leg, outcome) {
      if (outcome === 'completed' && leg.end < end) {
        flow.armed = speed(flow.theta) > bound;
        return 'go-on';
      }
      const fell = outcome === 'converged' && flow.armed && flow.jumps < limit;
      return fell && !reached(flow) ? 'jump' : 'end';
    },
    landed(flow) {
      flow.armed = speed(flow.theta) > bound;
    },
  };
}

/** Where a flow is along a plan: its step, or its time. */
export const position = (plan: FlowPlan, { step, time }: Traveller): number =>
  plan.kind === 'fixed-step' ? step : time;

/** The record schedule in the units of `position`; null where these are not known in advance. */
function recordPoints({ record, ...plan }: FlowPlan): Float64Array | null {
  if (plan.kind === 'adaptive') return record.by === 'time' ? record.at : null;
  return record.by === 'step' ? record.at : record.at.map((time) => Math.round(time / plan.stepSize));
}

function nextRecorded(plan: FlowPlan, flow: Traveller): number | undefined {
  const at = position(plan, flow);
  return recordPoints(plan)?.find((point) => point > at);
}

/** Whether the plan records the state of a flow where it stands. */
export const isRecorded = (plan: FlowPlan, flow: Traveller): boolean =>
  (recordPoints(plan) ?? plan.record.at).includes(recordPoints(plan) ? position(plan, flow) : flow.step);

/** The plan of one leg. Its last state is recorded whatever the schedule says. */
export function legPlan(plan: FlowPlan, { end, stop }: Leg): FlowPlan {
  const points = recordPoints(plan);
  const at =
    end < planEnd(plan) && points ? plan.record.at.filter((_, i) => points[i]! < end) : plan.record.at;
  const record: RecordSchedule = { by: plan.record.by, at };
  return { ...planUntil(plan, end), record, stop: stop === undefined ? {} : { gradientNorm: stop } };
}
