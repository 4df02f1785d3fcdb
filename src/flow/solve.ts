import type { LossFunction } from '../model/loss-function.ts';
import { integrator } from './integrator.ts';
import { marchAdaptive, marchFixed, type Position } from './march.ts';
import type { Observation, Observer } from './observe.ts';
import { type Outcome, outcomes } from './outcome.ts';
import type { FlowPlan } from './plan.ts';
import { type CreateStepper, createStepper } from './stepper.ts';

/** A flow diverges once its loss passes this many times (its start + 1). */
export const DIVERGENCE_FACTOR = 1e8;

/** Where a flow begins. `step` or `time` resume an earlier run, whose frame there is not recorded again. */
export interface FlowStart {
  /** theta, length P; copied. */
  readonly parameters: Float64Array;
  readonly step?: number | undefined;
  readonly time?: number | undefined;
}

/** Receives every recorded state; `theta` is only lent. */
export type RecordFrame = (step: number, time: number, observation: Observation, theta: Float64Array) => void;

/** One flow on its way. */
export interface Solver {
  /** null while the flow runs. */
  readonly outcome: Outcome | null;
  /**
   * Takes at most `budget` steps, fewer when a frame is recorded or the flow ends. Returns the steps taken, rejected ones
   * included.
   */
  advance(budget: number): number;
  /** Ends a running flow where it is. */
  cancel(): void;
}

/**
 * The one solve loop, on a stepper of `newStepper`, plain TypeScript unless another is given. The start is recorded when the schedule has a 0, the last state always. Results depend only on the
 * arguments, not on how `advance` slices the work. Throws only when the plan asks an integrator for what it lacks.
 */
export function createSolver(
  network: LossFunction,
  observe: Observer,
  plan: FlowPlan,
  start: FlowStart,
  record: RecordFrame,
  newStepper: CreateStepper = (tableau, theta) => createStepper(network, tableau, theta),
): Solver {
  const { record: schedule, stop } = plan;
  const resumed = start.step !== undefined || start.time !== undefined;
  const at = startPosition(plan, start);
  const stepper = newStepper(integrator(plan.integrator).tableau, start.parameters);
  const march =
    plan.kind === 'fixed-step'
      ? marchFixed(network, stepper, plan, at)
      : marchAdaptive(network, stepper, plan, at);
  // Fixed steps meet a record time at the nearest step.
  const slack = plan.kind === 'fixed-step' ? plan.stepSize / 2 : 0;
  const largestLoss = DIVERGENCE_FACTOR * (stepper.loss + 1);
  let due = 0;
  let recordedStep = resumed ? at.step : Number.NaN;
  let outcome: Outcome | null = null;

  const recordState = () => {
    if (recordedStep === at.step) return;
    recordedStep = at.step;
    const { theta } = stepper;
    record(at.step, at.time, observe(theta), theta);
  };
  /** Moves past the record points that have been reached; whether there were any. */
  const passRecordPoints = () => {
    const reached = schedule.by === 'step' ? at.step : at.time + slack;
    const before = due;
    while (due < schedule.at.length && schedule.at[due]! <= reached) due++;
    return due > before;
  };
  const stopRule = (): Outcome | null => {
    if (!(stepper.loss <= largestLoss)) return march.diverged(at.step);
    if (stop.gradientNorm !== undefined && stepper.gradientNorm <= stop.gradientNorm) {
      return outcomes.converged(at.step);
    }
    return march.finished() ? outcomes.completed() : null;
  };
  const end = (how: Outcome) => {
    outcome = how;
    recordState();
  };
  /** Records and stops as the present state asks for. */
  const settle = () => {
    if (passRecordPoints()) recordState();
    const how = stopRule();
    if (how) end(how);
  };

  if (Number.isFinite(stepper.loss)) settle();
  else end(outcomes.notFiniteAtStart());

  return {
    get outcome() {
      return outcome;
    },
    advance(budget) {
      const lastRecorded = recordedStep;
      let taken = 0;
      while (outcome === null && taken < budget && Object.is(recordedStep, lastRecorded)) {
        taken++;
        const failure = march.attempt(schedule.by === 'time' ? (schedule.at[due] ?? Infinity) : Infinity);
        if (failure) end(failure);
        else settle();
      }
      return taken;
    },
    cancel() {
      if (outcome === null) end(outcomes.cancelled(at.step));
    },
  };
}

function startPosition(plan: FlowPlan, { step = 0, time }: FlowStart): Position {
  return { step, time: time ?? (plan.kind === 'fixed-step' ? plan.stepSize * step : 0) };
}
