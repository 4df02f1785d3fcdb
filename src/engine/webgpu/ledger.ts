import type { FlowBatch, FlowChunk } from '../../flow/chunk.ts';
import { createFrameCollector } from '../../flow/frames.ts';
import { LARGEST_STEP_COUNT } from '../../flow/march.ts';
import { createObserver, type Observation } from '../../flow/observe.ts';
import { type Outcome, outcomes } from '../../flow/outcome.ts';
import type { FlowPlan } from '../../flow/plan.ts';
import { DIVERGENCE_FACTOR } from '../../flow/solve.ts';
import { suggestStepSize } from '../../flow/stability.ts';
import type { Problem } from '../../model/problem.ts';
import { borrowLoss } from '../cpu/borrow-loss.ts';
import type { Clock, DeviceState } from './dispatch.ts';
import { firstDue, type KernelSchedule } from './schedule.ts';
import { FlowStatus } from './shader/flow-structs.ts';

/** One flow as the host knows it. */
export interface HostFlow {
  readonly origin: Float64Array;
  /** Beyond this it diverges. */
  largestLoss: number;
  /** Fixed steps: time = offset + stepSize * step. */
  readonly offset: number;
  /** Where it is on the device. */
  step: number;
  time: number;
  /** Index of its next schedule entry there. */
  due: number;
  status: number;
  /** Attempted steps so far. */
  attempts: number;
  /** Step of the last recorded frame, NaN before the first. */
  recordedStep: number;
  /** null until it has ended here, where stop rules are seen later than the device goes on. */
  outcome: Outcome | null;
}

/** What has become of the flows of a batch: where they are, their frames and their outcomes. */
export interface Ledger {
  readonly flows: readonly HostFlow[];
  /** Flows that the device can go on with. */
  moving(): number[];
  /** Flows that have not ended here but cannot go on. */
  stuck(): number[];
  /** Flows that have not ended here. */
  open(): number[];
  /** Follows a flow to where its clock says it is. Gives the schedule index of the first state recorded on the way. */
  follow(index: number, clock: Clock): number;
  /** Observes the states that a flow recorded on the way, from schedule entry `first` on, and ends it where a stop rule says so. */
  digest(index: number, first: number, recorded: readonly DeviceState[]): void;
  /** Whether the frame of its last state is missing. */
  unseen(index: number): boolean;
  /** Records the present state, unless it is beyond observing. */
  see(index: number, state: DeviceState): void;
  end(index: number, outcome: Outcome): void;
  /** The outcome of a stuck flow. */
  fate(index: number): Outcome;
  /** Frames and outcomes since the last chunk. */
  take(steps: number): FlowChunk;
  /** Gives back the memory of the float64 loss. */
  close(): void;
}

/** Opens the ledger of a batch; flow i is reported as flow `firstFlow` + i. What can end at the start has ended. */
export function createLedger(
  problem: Problem,
  plan: FlowPlan,
  batch: FlowBatch,
  schedule: KernelSchedule,
  firstFlow: number,
): Ledger {
  const loss = borrowLoss(problem);
  const observe = createObserver(problem, loss);
  const frames = createFrameCollector();
  const ended: { flow: number; outcome: Outcome }[] = [];

  const record = (
    index: number,
    step: number,
    time: number,
    observation: Observation,
    theta: Float64Array,
  ) => {
    const flow = flows[index]!;
    if (flow.recordedStep === step) return;
    flow.recordedStep = step;
    frames.push(firstFlow + index, step, time, observation, theta);
  };
  const diverged = ({ origin }: HostFlow, step: number): Outcome =>
    outcomes.diverged(step, plan.kind === 'fixed-step' ? suggestStepSize(loss, origin, plan.stepSize) : null);
  /** The stop rules that can be seen on a state; null when it goes on. */
  const stopRule = (flow: HostFlow, step: number, { loss, gradientNorm }: Observation): Outcome | null => {
    if (!(loss <= flow.largestLoss)) return diverged(flow, step);
    const { gradientNorm: goal } = plan.stop;
    return goal !== undefined && gradientNorm <= goal ? outcomes.converged(step) : null;
  };
  const end = (index: number, outcome: Outcome) => {
    flows[index]!.outcome = outcome;
    ended.push({ flow: firstFlow + index, outcome });
  };
  const fixedTime = ({ offset }: HostFlow, step: number) =>
    plan.kind === 'fixed-step' ? offset + plan.stepSize * step : null;
  const numbers = (wanted: (flow: HostFlow) => boolean) =>
    flows.flatMap((flow, index) => (wanted(flow) ? [index] : []));
  const canGoOn = ({ status, attempts }: HostFlow) =>
    status === FlowStatus.running && !(plan.kind === 'adaptive' && attempts >= LARGEST_STEP_COUNT);

  const flows = Array.from({ length: batch.count }, (_, index): HostFlow => {
    const origin = batch.parameters.slice(index * loss.size, (index + 1) * loss.size);
    const [givenStep, givenTime] = [batch.step?.[index], batch.time?.[index]];
    const step = givenStep ?? 0;
    const time = givenTime ?? (plan.kind === 'fixed-step' ? plan.stepSize * step : 0);
    const resumed = givenStep !== undefined || givenTime !== undefined;
    return {
      origin,
      largestLoss: Number.NaN,
      offset: plan.kind === 'fixed-step' ? time - plan.stepSize * step : 0,
      step,
      time,
      due: firstDue(schedule.at, schedule.by === 'step' ? step : time),
      status: FlowStatus.running,
      attempts: 0,
      recordedStep: resumed ? step : Number.NaN,
      outcome: null,
    };
  });

  for (const [index, flow] of flows.entries()) {
    const { origin, step, time } = flow;
    const observation = observe(origin);
    if (!Number.isFinite(observation.loss)) {
      record(index, step, time, observation, origin);
      end(index, outcomes.notFiniteAtStart());
      continue;
    }
    flow.largestLoss = DIVERGENCE_FACTOR * (observation.loss + 1);
    const finished = plan.kind === 'fixed-step' ? step >= plan.steps : time >= plan.time;
    const outcome = stopRule(flow, step, observation) ?? (finished ? outcomes.completed() : null);
    if (outcome || startIsScheduled(plan)) record(index, step, time, observation, origin);
    if (outcome) end(index, outcome);
  }

  return {
    flows,
    moving: () => numbers((flow) => flow.outcome === null && canGoOn(flow)),
    stuck: () => numbers((flow) => flow.outcome === null && !canGoOn(flow)),
    open: () => numbers((flow) => flow.outcome === null),
    follow(index, { step, due, status, attempts, timeHigh, timeLow }) {
      const flow = flows[index]!;
      const first = flow.due;
      const arrived = plan.kind === 'adaptive' && status === FlowStatus.finished;
      Object.assign(flow, { step, due, status, attempts: flow.attempts + attempts });
      flow.time = arrived ? plan.time : (fixedTime(flow, step) ?? timeHigh + timeLow);
      return first;
    },
    digest(index, first, recorded) {
      const flow = flows[index]!;
      for (const [slot, state] of recorded.entries()) {
        if (flow.outcome !== null) return;
        const scheduled = schedule.by === 'time' ? schedule.at[first + slot]! : state.time;
        const theta = state.theta();
        const observation = observe(theta);
        if (Number.isFinite(observation.loss)) {
          record(index, state.step, fixedTime(flow, state.step) ?? scheduled, observation, theta);
        }
        const outcome = stopRule(flow, state.step, observation);
        if (outcome) end(index, outcome);
      }
    },
    unseen: (index) => flows[index]!.recordedStep !== flows[index]!.step,
    see(index, state) {
      const { step, time } = flows[index]!;
      const theta = state.theta();
      const observation = observe(theta);
      if (Number.isFinite(observation.loss)) record(index, step, time, observation, theta);
    },
    end,
    fate(index) {
      const flow = flows[index]!;
      const { status, step, time } = flow;
      if (status === FlowStatus.converged) return outcomes.converged(step);
      if (status === FlowStatus.diverged) return diverged(flow, step);
      if (status === FlowStatus.underflow) return outcomes.stepSizeUnderflow(time);
      return status === FlowStatus.finished
        ? outcomes.completed()
        : outcomes.tooManySteps(LARGEST_STEP_COUNT, time);
    },
    take: (steps) => ({ frames: frames.take(), ended: ended.splice(0), steps }),
    close: loss.release,
  };
}

/** Whether the schedule asks for the start, as flow/solve.ts reads it. */
function startIsScheduled(plan: FlowPlan): boolean {
  const [first] = plan.record.at;
  const slack = plan.kind === 'fixed-step' && plan.record.by === 'time' ? plan.stepSize / 2 : 0;
  return first !== undefined && first <= slack;
}
