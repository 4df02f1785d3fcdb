import { gradientCount } from '../../flow/effort.ts';
import type { FlowPlan } from '../../flow/plan.ts';
import { type Problem, sampleCount } from '../../model/problem.ts';
import { gradientWork } from '../../model/work.ts';

/**
 * How fast an engine is: one gradient of n flows that advance side by side, w multiply-adds each (model/work.ts), takes
 *   step + w multiplyAdd + (n - 1) (flowStep + w flowMultiplyAdd)   seconds.
 * The first two terms are the latency of one flow; the others say how little more further flows cost (threads, lanes).
 */
export interface Speed {
  readonly step: number;
  readonly multiplyAdd: number;
  readonly flowStep: number;
  readonly flowMultiplyAdd: number;
}

/** The plain TypeScript loop on one thread of a slow processor: taken for the cpu engine until it has been measured. */
export const SLOW_PROCESSOR: Speed = {
  step: 1e-6,
  multiplyAdd: 6e-10,
  flowStep: 1e-6,
  flowMultiplyAdd: 6e-10,
};

/** No time at all: what an engine is taken for at best of which nothing is known. */
export const INSTANT: Speed = { step: 0, multiplyAdd: 0, flowStep: 0, flowMultiplyAdd: 0 };

/** What a run asks of an engine. */
export interface Workload {
  /** Multiply-adds of one gradient. */
  readonly work: number;
  /** Gradients of one flow. */
  readonly gradients: number;
  readonly flows: number;
  /** Recorded states of one flow: each is observed in float64 on the processor. */
  readonly frames: number;
}

/** The work of `flows` flows of a plan. Reads sizes only. */
export const workload = (problem: Problem, plan: FlowPlan, flows: number): Workload => ({
  work: gradientWork(problem.architecture, sampleCount(problem)),
  gradients: gradientCount(plan),
  flows,
  frames: plan.record.at.length + 1,
});

/** Seconds that one gradient of every flow takes. */
export const secondsPerStep = (speed: Speed, work: number, flows: number): number =>
  speed.step + work * speed.multiplyAdd + (flows - 1) * (speed.flowStep + work * speed.flowMultiplyAdd);

/** Seconds that a run takes on an engine of this speed. */
export function predict(speed: Speed, { work, gradients, flows, frames }: Workload): number {
  const observing = frames * flows * work * SLOW_PROCESSOR.multiplyAdd;
  return gradients * secondsPerStep(speed, work, flows) + observing;
}

/** Seconds per step measured at two amounts of work, with one flow and with several. */
export interface Measurements {
  readonly work: readonly [number, number];
  readonly flows: number;
  readonly one: readonly [number, number];
  readonly several: readonly [number, number];
}

/** A speed no slower than so many times another: what is measured while a machine is busy with other things must not count for ever. */
export const atWorst = (speed: Speed, times: number, other: Speed): Speed => ({
  step: Math.min(speed.step, times * other.step),
  multiplyAdd: Math.min(speed.multiplyAdd, times * other.multiplyAdd),
  flowStep: Math.min(speed.flowStep, times * other.flowStep),
  flowMultiplyAdd: Math.min(speed.flowMultiplyAdd, times * other.flowMultiplyAdd),
});

/**
 * The speed that explains the measurements, no part of it below zero; one flow is never faster than each of several, which
 * could be run one by one.
 */
export function fitSpeed({ work, flows, one, several }: Measurements): Speed {
  const further = several.map((seconds, i) => (seconds - one[i]!) / (flows - 1)) as [number, number];
  const [step, multiplyAdd] = line(work, one);
  const [flowStep, flowMultiplyAdd] = line(work, further);
  return {
    step: Math.max(step, flowStep),
    multiplyAdd: Math.max(multiplyAdd, flowMultiplyAdd),
    flowStep,
    flowMultiplyAdd,
  };
}

/** Intercept and slope of the line through two points, the nearest that are not negative. */
function line([x1, x2]: readonly [number, number], [y1, y2]: readonly [number, number]): [number, number] {
  const slope = Math.max(0, (y2 - y1) / (x2 - x1));
  const intercept = y1 - slope * x1;
  return intercept >= 0 ? [intercept, slope] : [0, Math.max(0, y2) / x2];
}
