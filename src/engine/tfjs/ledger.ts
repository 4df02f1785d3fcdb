import type { FlowBatch, FlowChunk } from '../../flow/chunk.ts';
import { createFrameCollector } from '../../flow/frames.ts';
import { createObserver } from '../../flow/observe.ts';
import { type Outcome, outcomes } from '../../flow/outcome.ts';
import type { FlowPlan } from '../../flow/plan.ts';
import { DIVERGENCE_FACTOR } from '../../flow/solve.ts';
import type { Problem } from '../../model/problem.ts';
import { borrowLoss } from '../cpu/borrow-loss.ts';

/** Where one flow of a batch is. */
export interface Entry {
  /** Where it began. */
  readonly origin: Float64Array;
  readonly step: number;
  readonly time: number;
  readonly outcome: Outcome | null;
}

/**
 * The books of a batch of flows whose states are elsewhere: where each flow is, what has been recorded of it and how it
 * ended, by the rules of flow/solve.ts. States are observed in float64.
 */
export interface Ledger {
  readonly entries: readonly Entry[];
  /** Enters the next flow of the batch: its start is recorded where the schedule has it, and it may end at once. */
  enter(): void;
  /** The numbers of the flows that go on. */
  running(): number[];
  /** Which stop rule the loss and the gradient norm of a state meet; null when the flow goes on. */
  stopRule(flow: number, loss: number, gradientNorm: number): 'diverged' | 'converged' | null;
  /** The next record point, of steps or times as the schedule has them; infinite after the last. */
  nextRecord(flow: number): number;
  /** Moves a flow on; whether that has brought it to a record point. */
  moveTo(flow: number, step: number, time: number): boolean;
  /** Whether the flow has walked its plan to the end. */
  finished(flow: number): boolean;
  /** Records a flow where it is, once per step, and ends it when there is an outcome. */
  record(flow: number, theta: Float64Array, outcome?: Outcome): void;
  /** What has happened since the last call. */
  take(steps: number): FlowChunk;
  /** Gives back the memory of the float64 network. */
  close(): void;
}

/** A flow as the ledger itself sees it. */
interface Account {
  readonly origin: Float64Array;
  step: number;
  time: number;
  outcome: Outcome | null;
  largestLoss: number;
  recordedStep: number;
  due: number;
}

/** Opens the books of a batch, empty. */
export function openLedger(problem: Problem, batch: FlowBatch, plan: FlowPlan): Ledger {
  const { record: schedule, stop } = plan;
  const loss = borrowLoss(problem);
  const { size } = loss;
  const observe = createObserver(problem, loss);
  const frames = createFrameCollector();
  const ended: { flow: number; outcome: Outcome }[] = [];
  const accounts: Account[] = [];
  const fixed = plan.kind === 'fixed-step';
  // Fixed steps meet a record time at the nearest step.
  const slack = fixed ? plan.stepSize / 2 : 0;

  const ledger: Ledger = {
    entries: accounts,
    enter() {
      const flow = accounts.length;
      const origin = batch.parameters.slice(flow * size, (flow + 1) * size);
      const [givenStep, givenTime] = [batch.step?.[flow], batch.time?.[flow]];
      const resumed = givenStep !== undefined || givenTime !== undefined;
      const step = givenStep ?? 0;
      const time = givenTime ?? (fixed ? plan.stepSize * step : 0);
      const { loss, gradientNorm } = observe(origin);
      const largestLoss = DIVERGENCE_FACTOR * (loss + 1);
      const recordedStep = resumed ? step : Number.NaN;
      accounts.push({ origin, step, time, outcome: null, largestLoss, recordedStep, due: 0 });
      const due = ledger.moveTo(flow, step, time);
      const outcome = startOutcome(flow, loss, gradientNorm);
      if (due || outcome) ledger.record(flow, origin, outcome ?? undefined);
    },
    running: () => accounts.flatMap(({ outcome }, flow) => (outcome === null ? [flow] : [])),
    stopRule(flow, loss, gradientNorm) {
      if (!(loss <= accounts[flow]!.largestLoss)) return 'diverged';
      return stop.gradientNorm !== undefined && gradientNorm <= stop.gradientNorm ? 'converged' : null;
    },
    nextRecord: (flow) => schedule.at[accounts[flow]!.due] ?? Number.POSITIVE_INFINITY,
    moveTo(flow, step, time) {
      const account = accounts[flow]!;
      account.step = step;
      account.time = time;
      const before = account.due;
      const reached = schedule.by === 'step' ? step : time + slack;
      while (ledger.nextRecord(flow) <= reached) account.due++;
      return account.due > before;
    },
    finished(flow) {
      const { step, time } = accounts[flow]!;
      return fixed ? step >= plan.steps : time >= plan.time;
    },
    record(flow, theta, outcome) {
      const account = accounts[flow]!;
      const { step, time } = account;
      if (account.recordedStep !== step) frames.push(flow, step, time, observe(theta), theta);
      account.recordedStep = step;
      if (!outcome) return;
      account.outcome = outcome;
      ended.push({ flow, outcome });
    },
    take: (steps) => ({ frames: frames.take(), ended: ended.splice(0), steps }),
    close: loss.release,
  };

  function startOutcome(flow: number, loss: number, gradientNorm: number): Outcome | null {
    if (!Number.isFinite(loss)) return outcomes.notFiniteAtStart();
    if (ledger.stopRule(flow, loss, gradientNorm)) return outcomes.converged(accounts[flow]!.step);
    return ledger.finished(flow) ? outcomes.completed() : null;
  }
  return ledger;
}
