import type { FlowBatch, FlowChunk } from '../../flow/chunk.ts';
import { startController } from '../../flow/controller.ts';
import { integrator } from '../../flow/integrator.ts';
import { firstStep } from '../../flow/march.ts';
import { outcomes } from '../../flow/outcome.ts';
import type { FlowPlan } from '../../flow/plan.ts';
import type { Problem } from '../../model/problem.ts';
import { borrowLoss } from '../cpu/borrow-loss.ts';
import { EngineLostError } from '../engine.ts';
import { type Clock, createFlowDispatcher, type FlowProgress, SMALLEST_TOLERANCE } from './dispatch.ts';
import type { Gpu } from './gpu.ts';
import { createLedger, type HostFlow, type Ledger } from './ledger.ts';
import { type KernelSchedule, kernelSchedule, recordsWithin, split } from './schedule.ts';
import { FlowStatus } from './shader/flow-structs.ts';
import { createTurns } from './turns.ts';

/** Slots per flow of the first dispatch, where the number of records is not known beforehand. */
const FIRST_SLOTS = 4;

/** A dispatch on its way. */
interface Voyage {
  readonly flows: readonly number[];
  readonly progress: Promise<readonly FlowProgress[]>;
}

/**
 * Integrates a batch on the device: dispatches of about a frame's time, whose recorded states are observed in float64 while
 * the next one runs. Outcomes are those of flow/solve.ts, decided where the device stops and at every recorded frame; what
 * the device does to a flow after that is ignored. Flow i of the batch is reported as flow `firstFlow` + i.
 */
export async function* runFlows(
  gpu: Gpu,
  problem: Problem,
  batch: FlowBatch,
  plan: FlowPlan,
  signal: AbortSignal | undefined,
  firstFlow: number,
): AsyncGenerator<FlowChunk> {
  const schedule = kernelSchedule(plan);
  const ledger = createLedger(problem, plan, batch, schedule, firstFlow);
  try {
    yield ledger.take(0);
    if (ledger.open().length > 0) yield* sail(gpu, problem, batch, plan, signal, schedule, ledger);
  } finally {
    ledger.close();
  }
}

/** Takes the open flows of a ledger to their ends. */
async function* sail(
  gpu: Gpu,
  problem: Problem,
  batch: FlowBatch,
  plan: FlowPlan,
  signal: AbortSignal | undefined,
  schedule: KernelSchedule,
  ledger: Ledger,
): AsyncGenerator<FlowChunk> {
  const dispatcher = await createFlowDispatcher(
    gpu,
    problem,
    plan,
    schedule,
    batch.parameters,
    ledger.flows.map((flow) => startClock(problem, plan, flow)),
  );
  const turns = createTurns();
  let learnedSlots = FIRST_SLOTS;

  /** Slots per flow for a turn, as many as it may fill and memory holds. */
  const slotsFor = (flows: readonly number[], steps: number): number => {
    const bounds = flows.map((index) => {
      const { due, step } = ledger.flows[index]!;
      return recordsWithin(schedule, due, step, steps);
    });
    const most = Math.min(Math.max(...bounds), Math.floor(dispatcher.recordCapacity / flows.length));
    return schedule.by === 'step' ? most : Math.max(1, Math.min(most, learnedSlots));
  };
  const embark = (): Voyage | null => {
    const moving = ledger.moving();
    if (moving.length === 0) return null;
    const { flows, steps } = turns.next(moving);
    const slots = slotsFor(flows, steps);
    const started = performance.now();
    const progress = dispatcher.dispatch(flows, steps, slots).then((results) => {
      const taken = Math.max(...results.map(({ clock }) => clock.attempts));
      turns.learn(flows.length, taken, performance.now() - started);
      if (results.some(({ clock }) => clock.slots === slots)) learnedSlots = 2 * slots;
      return results;
    });
    // Nobody may be waiting when the device is lost.
    progress.catch(() => {});
    return { flows, progress };
  };
  /** Ends flows where they are; the last state is always recorded. */
  const conclude = async (flows: readonly number[], how: typeof ledger.fate) => {
    const unseen = flows.filter(ledger.unseen);
    const states = unseen.length > 0 ? await dispatcher.present(unseen) : [];
    unseen.forEach((index, i) => {
      ledger.see(index, states[i]!);
    });
    for (const index of flows) ledger.end(index, how(index));
  };
  const cancelled = (index: number) => outcomes.cancelled(ledger.flows[index]!.step);

  let voyage = signal?.aborted ? null : embark();
  let steps = 0;
  try {
    while (voyage) {
      const { flows } = voyage;
      const results: readonly FlowProgress[] = await voyage.progress;
      if (results.every(({ clock }) => clock.attempts === 0 && clock.status === FlowStatus.running)) {
        throw new EngineLostError('WebGPU took no step in a dispatch');
      }
      const first = results.map(({ clock }, i) => ledger.follow(flows[i]!, clock));
      voyage = signal?.aborted ? null : embark();
      results.forEach(({ recorded }, i) => {
        ledger.digest(flows[i]!, first[i]!, recorded);
      });
      await conclude(ledger.stuck(), ledger.fate);
      steps += results.reduce((sum, { clock }) => sum + clock.attempts, 0);
      if (signal?.aborted) continue;
      yield ledger.take(steps);
      steps = 0;
      if (ledger.open().length === 0) return;
    }
    await conclude(ledger.open(), cancelled);
    yield ledger.take(steps);
  } finally {
    await voyage?.progress.catch(() => {});
    dispatcher.free();
  }
}

function startClock(problem: Problem, plan: FlowPlan, flow: HostFlow): Clock {
  const { origin, step, time, due, outcome } = flow;
  const [timeHigh, timeLow] = split(time);
  const controller = startController(outcome ? 0 : startSize(problem, plan, origin));
  return {
    step,
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
  const tolerance = Math.max(plan.tolerance, SMALLEST_TOLERANCE);
  const loss = borrowLoss(problem);
  try {
    return firstStep(loss, loss.createStepper(tableau, theta), tolerance, tableau.errorOrder);
  } finally {
    loss.release();
  }
}
