import type { LossFunction } from '../model/loss-function.ts';
import { controlStep, initialStep, startController } from './controller.ts';
import { integrator } from './integrator.ts';
import { type Outcome, outcomes } from './outcome.ts';
import type { AdaptivePlan, FixedStepPlan } from './plan.ts';
import { suggestStepSize } from './stability.ts';
import type { Stepper } from './stepper.ts';

/**
 * An adaptive flow fails after this many attempted steps. Smooth flows take hundreds. Where the gradient jumps (ReLU at a kink)
 * and pushes back from both sides, the flow slides along the kink (Filippov 1988) with steps in proportion to the tolerance:
 * thousands at 1e-6, 100 times as many at 1e-8. They are taken all the same, since they keep Q to the tolerance.
 */
export const LARGEST_STEP_COUNT = 10_000_000;

/** A remainder this much longer than the proposed step is taken in one, so that no sliver is left before a record time. */
export const STRETCH = 1.01;

/** Where a flow is along its plan. */
export interface Position {
  step: number;
  time: number;
}

/** How a plan moves a stepper and its position. */
export interface March {
  /** Attempts one step, not beyond the time `until`. Returns an outcome when the flow cannot go on, else null. */
  attempt(until: number): Outcome | null;
  /** Whether the plan has been walked to its end. */
  finished(): boolean;
  /** The outcome of a loss that grew without bound by step `step`. */
  diverged(step: number): Outcome;
}

/** Steps of one size; times are multiples of it, so that a resumed flow repeats them exactly. */
export function marchFixed(
  network: LossFunction,
  stepper: Stepper,
  plan: FixedStepPlan,
  at: Position,
): March {
  const { stepSize, steps } = plan;
  const origin = stepper.theta.slice();
  const offset = at.time - stepSize * at.step;
  const diverged = (step: number) => outcomes.diverged(step, suggestStepSize(network, origin, stepSize));
  return {
    attempt() {
      stepper.attempt(stepSize);
      if (!Number.isFinite(stepper.candidateLoss)) return diverged(at.step + 1);
      stepper.accept();
      at.step += 1;
      at.time = offset + stepSize * at.step;
      return null;
    },
    finished: () => at.step >= steps,
    diverged,
  };
}

/** Steps sized by the controller; the end and every `until` are hit exactly, and clipping for them does not change the proposal. */
export function marchAdaptive(
  network: LossFunction,
  stepper: Stepper,
  plan: AdaptivePlan,
  at: Position,
): March {
  const { tolerance, time } = plan;
  const { error, errorOrder } = integrator(plan.integrator).tableau;
  if (!error)
    throw new TypeError(`${plan.integrator} estimates no error: give it a step size, not a tolerance.`);
  let controller = startController(firstStep(network, stepper, tolerance, errorOrder));
  let attempts = 0;
  return {
    attempt(until) {
      if (attempts++ >= LARGEST_STEP_COUNT) return outcomes.tooManySteps(LARGEST_STEP_COUNT, at.time);
      const target = Math.min(until, time);
      const proposed = controller.step;
      const clipped = at.time + proposed * STRETCH >= target;
      const h = clipped ? target - at.time : proposed;
      if (at.time + h === at.time) return outcomes.stepSizeUnderflow(at.time);
      stepper.attempt(h);
      const next = controlStep(controller, h, stepper.error(h, tolerance), errorOrder);
      if (next.rejected) {
        controller = next;
        return null;
      }
      stepper.accept();
      at.step += 1;
      at.time = clipped ? target : at.time + h;
      controller = clipped ? { ...controller, step: Math.max(next.step, proposed), rejected: false } : next;
      return null;
    },
    finished: () => at.time >= time,
    diverged: (step) => outcomes.diverged(step, null),
  };
}

/** `initialStep` at the stepper's state. */
export function firstStep(
  network: LossFunction,
  stepper: Stepper,
  tolerance: number,
  errorOrder: number,
): number {
  const { theta, gradient } = stepper;
  const scaled = (value: (i: number) => number) => {
    let squares = 0;
    for (let i = 0; i < theta.length; i++) {
      squares += (value(i) / (tolerance * (1 + Math.abs(theta[i]!)))) ** 2;
    }
    return Math.sqrt(squares / theta.length);
  };
  const slopeChange = (h: number) => {
    const ahead = new Float64Array(theta.length);
    network.gradient(
      theta.map((value, i) => value - h * gradient[i]!),
      ahead,
    );
    return scaled((i) => ahead[i]! - gradient[i]!);
  };
  return initialStep(
    scaled((i) => theta[i]!),
    scaled((i) => gradient[i]!),
    slopeChange,
    errorOrder,
  );
}
