import type { FlowBatch, FlowChunk } from '../../flow/chunk.ts';
import { startController } from '../../flow/controller.ts';
import { createFrameCollector } from '../../flow/frames.ts';
import { integrator } from '../../flow/integrator.ts';
import { firstStep, LARGEST_STEP_COUNT } from '../../flow/march.ts';
import { createObserver, type Observation } from '../../flow/observe.ts';
import { type Outcome, outcomes } from '../../flow/outcome.ts';
import type { FlowPlan } from '../../flow/plan.ts';
import { DIVERGENCE_FACTOR } from '../../flow/solve.ts';
import { suggestStepSize } from '../../flow/stability.ts';
import { createStepper } from '../../flow/stepper.ts';
import { createNetwork } from '../../model/network.ts';
import type { Problem } from '../../model/problem.ts';
import { EngineLostError } from '../engine.ts';
import {
  type Clock,
  createFlowDispatcher,
  type DeviceState,
  type FlowProgress,
  SMALLEST_TOLERANCE,
} from './dispatch.ts';
import type { Gpu } from './gpu.ts';
import { createPacer } from './pacer.ts';
import { firstDue, type KernelSchedule, kernelSchedule, split } from './schedule.ts';
import { FlowStatus } from './shader/flow-kernel.ts';

const FIRST_BUDGET = 2;
const FIRST_SLOTS = 4;

/** One flow as the host knows it. */
interface HostFlow {
  readonly origin: Float64Array;
  readonly largestLoss: number;
  /** Fixed steps: time = offset + stepSize * step. */
  readonly offset: number;
  /** The last state that came back. */
  state: DeviceState;
  /** Step of the last recorded frame, NaN before the first. */
  recordedStep: number;
  due: number;
  attempts: number;
  outcome: Outcome | null;
}

/**
 * Integrates a batch on the device: dispatches of about a frame's time, whose recorded states are observed in float64.
 * Outcomes are those of flow/solve.ts, decided where the device stops and at every recorded frame. Flow i of the batch is
 * reported as flow `firstFlow` + i.
 */
export async function* runFlows(
  gpu: Gpu,
  problem: Problem,
  batch: FlowBatch,
  plan: FlowPlan,
  signal: AbortSignal | undefined,
  firstFlow: number,
): AsyncGenerator<FlowChunk> {
  const network = createNetwork(problem);
  const observe = createObserver(problem, network);
  const frames = createFrameCollector();
  const schedule = kernelSchedule(plan);
  const ended: { flow: number; outcome: Outcome }[] = [];
  const flows: HostFlow[] = [];

  const record = (index: number, state: DeviceState, theta: Float64Array, observation: Observation) => {
    const flow = flows[index]!;
    if (flow.recordedStep === state.step) return;
    flow.recordedStep = state.step;
    frames.push(firstFlow + index, state.step, state.time, observation, theta);
  };
  const end = (index: number, outcome: Outcome) => {
    flows[index]!.outcome = outcome;
    ended.push({ flow: firstFlow + index, outcome });
  };
  const diverged = ({ origin }: HostFlow, step: number): Outcome =>
    outcomes.diverged(
      step,
      plan.kind === 'fixed-step' ? suggestStepSize(network, origin, plan.stepSize) : null,
    );
  /** The stop rules that can be seen on a state; null when it goes on. */
  const stopRule = (flow: HostFlow, step: number, { loss, gradientNorm }: Observation): Outcome | null => {
    if (!(loss <= flow.largestLoss)) return diverged(flow, step);
    const { gradientNorm: goal } = plan.stop;
    return goal !== undefined && gradientNorm <= goal ? outcomes.converged(step) : null;
  };
  /** Records the present state, unless it is beyond observing, and ends the flow. */
  const endHere = (index: number, outcome: Outcome) => {
    const { state } = flows[index]!;
    const theta = state.theta();
    const observation = observe(theta);
    if (Number.isFinite(observation.loss)) record(index, state, theta, observation);
    end(index, outcome);
  };
  const take = (steps: number): FlowChunk => ({ frames: frames.take(), ended: ended.splice(0), steps });

  for (let i = 0; i < batch.count; i++) {
    const origin = batch.parameters.slice(i * network.size, (i + 1) * network.size);
    const [givenStep, givenTime] = [batch.step?.[i], batch.time?.[i]];
    const step = givenStep ?? 0;
    const time = givenTime ?? (plan.kind === 'fixed-step' ? plan.stepSize * step : 0);
    const resumed = givenStep !== undefined || givenTime !== undefined;
    const observation = observe(origin);
    const flow: HostFlow = {
      origin,
      largestLoss: DIVERGENCE_FACTOR * (observation.loss + 1),
      offset: plan.kind === 'fixed-step' ? time - plan.stepSize * step : 0,
      state: { step, time, theta: () => origin },
      recordedStep: resumed ? step : Number.NaN,
      due: firstDue(schedule.at, schedule.by === 'step' ? step : time),
      attempts: 0,
      outcome: null,
    };
    flows.push(flow);
    if (!Number.isFinite(observation.loss)) {
      record(i, flow.state, origin, observation);
      end(i, outcomes.notFiniteAtStart());
      continue;
    }
    if (startIsScheduled(plan)) record(i, flow.state, origin, observation);
    const finished = plan.kind === 'fixed-step' ? step >= plan.steps : time >= plan.time;
    const outcome = stopRule(flow, step, observation) ?? (finished ? outcomes.completed() : null);
    if (outcome) endHere(i, outcome);
  }
  yield take(0);
  const running = () => flows.flatMap((flow, index) => (flow.outcome === null ? [index] : []));
  if (running().length === 0) return;

  const digest = (index: number, { clock, recorded, present }: FlowProgress) => {
    const flow = flows[index]!;
    const first = flow.due;
    flow.due = clock.due;
    flow.attempts += clock.attempts;
    for (const [slot, state] of recorded.entries()) {
      flow.state = timed(plan, flow, state, schedule, first + slot);
      const theta = state.theta();
      const observation = observe(theta);
      if (Number.isFinite(observation.loss)) record(index, flow.state, theta, observation);
      const outcome = stopRule(flow, state.step, observation);
      if (outcome) return end(index, outcome);
    }
    const arrived = clock.status === FlowStatus.finished && plan.kind === 'adaptive';
    flow.state = timed(plan, flow, arrived ? { ...present, time: plan.time } : present, schedule, null);
    const outcome = deviceOutcome(plan, flow, clock, () => diverged(flow, present.step));
    if (outcome) endHere(index, outcome);
  };

  const dispatcher = await createFlowDispatcher(
    gpu,
    problem,
    plan,
    schedule,
    batch.parameters,
    flows.map((flow) => startClock(problem, plan, flow)),
  );
  try {
    const pacer = createPacer(FIRST_BUDGET);
    let slots = Math.min(FIRST_SLOTS, dispatcher.slotCapacity);
    for (;;) {
      const active = running();
      if (signal?.aborted) {
        for (const index of active) endHere(index, outcomes.cancelled(flows[index]!.state.step));
        yield take(0);
        return;
      }
      if (active.length === 0) return;
      const started = performance.now();
      const progress = await dispatcher.dispatch(active, pacer.budget, slots);
      const attempts = progress.map(({ clock }) => clock.attempts);
      if (progress.every(({ clock }) => clock.attempts === 0 && clock.status === FlowStatus.running)) {
        throw new EngineLostError('WebGPU took no step in a dispatch');
      }
      pacer.learn(Math.max(...attempts), performance.now() - started);
      if (progress.some(({ clock }) => clock.slots === slots)) {
        slots = Math.min(2 * slots, dispatcher.slotCapacity);
      }
      progress.forEach((of, i) => {
        digest(active[i]!, of);
      });
      yield take(attempts.reduce((sum, taken) => sum + taken, 0));
    }
  } finally {
    dispatcher.free();
  }
}

/** Whether the schedule asks for the start, as flow/solve.ts reads it. */
function startIsScheduled(plan: FlowPlan): boolean {
  const [first] = plan.record.at;
  const slack = plan.kind === 'fixed-step' && plan.record.by === 'time' ? plan.stepSize / 2 : 0;
  return first !== undefined && first <= slack;
}

function startClock(problem: Problem, plan: FlowPlan, { state, due, outcome }: HostFlow): Clock {
  const [timeHigh, timeLow] = split(state.time);
  const controller = startController(outcome ? 0 : startSize(problem, plan, state.theta()));
  return {
    step: state.step,
    due,
    slots: 0,
    attempts: 0,
    status: FlowStatus.running,
    warm: 0,
    rejected: 0,
    size: controller.step,
    previousError: controller.previousError,
    timeHigh,
    timeLow,
  };
}

/** Adaptive: the size of the first step, as on the cpu. */
function startSize(problem: Problem, plan: FlowPlan, theta: Float64Array): number {
  if (plan.kind === 'fixed-step') return 0;
  const { tableau } = integrator(plan.integrator);
  const network = createNetwork(problem);
  const tolerance = Math.max(plan.tolerance, SMALLEST_TOLERANCE);
  return firstStep(network, createStepper(network, tableau, theta), tolerance, tableau.errorOrder);
}

/** Gives a state its exact time: a multiple of the step size, or the schedule's entry `due`. */
function timed(
  plan: FlowPlan,
  { offset }: HostFlow,
  state: DeviceState,
  schedule: KernelSchedule,
  due: number | null,
): DeviceState {
  if (plan.kind === 'fixed-step') return { ...state, time: offset + plan.stepSize * state.step };
  return due !== null && schedule.by === 'time' ? { ...state, time: schedule.at[due]! } : state;
}

/** How the device left a flow; null when it goes on. */
function deviceOutcome(
  plan: FlowPlan,
  flow: HostFlow,
  { status, step }: Clock,
  diverged: () => Outcome,
): Outcome | null {
  if (status === FlowStatus.finished) return outcomes.completed();
  if (status === FlowStatus.converged) return outcomes.converged(step);
  if (status === FlowStatus.diverged) return diverged();
  if (status === FlowStatus.underflow) return outcomes.stepSizeUnderflow(flow.state.time);
  if (plan.kind === 'adaptive' && flow.attempts >= LARGEST_STEP_COUNT) {
    return outcomes.tooManySteps(LARGEST_STEP_COUNT, flow.state.time);
  }
  return null;
}
