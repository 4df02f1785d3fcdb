import type { FlowBatch, FlowChunk, TakenJump } from '../flow/chunk.ts';
import { createFrameCollector } from '../flow/frames.ts';
import { planEnd } from '../flow/jump-points.ts';
import { norm } from '../flow/norm.ts';
import { createObserver, type Observer } from '../flow/observe.ts';
import { type Outcome, outcomes } from '../flow/outcome.ts';
import type { FlowPlan } from '../flow/plan.ts';
import { decayedLoss } from '../flow/weight-decay.ts';
import type { LossFunction } from '../model/loss-function.ts';
import type { Problem } from '../model/problem.ts';
import type { Jump, TeleportationPlan } from '../symmetry/teleportation/options.ts';
import { teleportSteps } from '../symmetry/teleportation.ts';
import { filterFrames, renumber } from './chunks.ts';
import { borrowLoss } from './cpu/borrow-loss.ts';
import { createPause } from './cpu/pause.ts';
import {
  createItinerary,
  type Itinerary,
  isRecorded,
  type Leg,
  legPlan,
  position,
  type Traveller,
} from './teleporting-itinerary.ts';

/** What integrates a batch: `flow` of an engine, or one that fails over. Called anew for every leg. */
export type RunFlow = (
  problem: Problem,
  batch: FlowBatch,
  plan: FlowPlan,
  signal?: AbortSignal,
) => AsyncIterable<FlowChunk>;

/** What tests may take into their own hands. */
export interface TeleportingOptions {
  readonly signal?: AbortSignal | undefined;
  readonly teleport?: typeof teleportSteps;
  /** Milliseconds on a clock that never goes back; default `performance.now`. */
  readonly now?: () => number;
  /** Lets other tasks run between jumps; default `createPause()`. */
  readonly pause?: () => Promise<void>;
}

/** Milliseconds of jumps after which a chunk is handed over. */
const CHUNK_MILLISECONDS = 12;

/**
 * Runs a batch of flows that teleport, on any engine: legs of the plan go through `run`, jumps between them are computed here
 * in float64, flow by flow. A jump at step k moves the state after k steps, and step k + 1 is taken from there. A frame
 * at the step (or time) of a jump shows the state after it; jumps add no frames where the plan's schedule has none, but
 * for a flow that ends there. A schedule by gradient norm counts a flow as risen above the bound again at recorded points only.
 */
export async function* teleportingFlow(
  run: RunFlow,
  problem: Problem,
  batch: FlowBatch,
  plan: FlowPlan,
  teleportation: TeleportationPlan,
  options: TeleportingOptions = {},
): AsyncGenerator<FlowChunk> {
  const { signal, teleport = teleportSteps, now = () => performance.now(), pause = createPause() } = options;
  const loss = borrowLoss(problem);
  try {
    const itinerary = createItinerary(plan, teleportation.schedule, createSpeed(loss, plan));
    const log = createLog(createObserver(problem, loss));
    const flows = travellers(batch, plan, loss.size);

    const land = (flow: Traveller, taken: Jump) => {
      log.jump(flow, taken);
      Object.assign(flow, { theta: taken.to, recorded: false, begun: true, jumps: flow.jumps + 1 });
      itinerary.landed(flow);
      if (isRecorded(plan, flow)) log.record(flow);
      if (position(plan, flow) >= planEnd(plan)) log.end(flow, outcomes.completed());
    };

    for (;;) {
      const due: Traveller[] = [];
      const running = flows.filter(({ ended }) => !ended);
      if (running.length === 0) return;
      for (const { leg, members } of legs(running, itinerary)) {
        if (leg.end <= position(plan, members[0]!)) {
          due.push(...members);
          continue;
        }
        const numbers = members.map(({ index }) => index);
        for await (const part of run(problem, batchOf(members, loss.size), legPlan(plan, leg), signal)) {
          const chunk = renumber(part, numbers);
          follow(flows, chunk, loss.size);
          const leaving = new Set<number>();
          for (const { flow: index, outcome } of chunk.ended) {
            const flow = flows[index]!;
            // Clocks in float32 come to the end of a leg to rounding.
            if (outcome.kind === 'completed' && plan.kind === 'adaptive') flow.time = leg.end;
            const next = itinerary.next(flow, leg, outcome.kind);
            if (next === 'end') log.end(flow, outcome);
            if (next !== 'jump') continue;
            due.push(flow);
            leaving.add(index);
          }
          yield { frames: withoutLast(chunk, flows, leaving).frames, ended: [], steps: chunk.steps };
          if (log.size > 0) yield log.take();
        }
      }
      let deadline = now() + CHUNK_MILLISECONDS;
      for (const flow of due) {
        const steps = teleport(problem, loss, flow.theta, teleportation.options);
        for (;;) {
          const next = signal?.aborted ? null : steps.next();
          if (next === null) log.end(flow, outcomes.cancelled(flow.step));
          else if (next.done) land(flow, next.value);
          if (now() >= deadline) {
            yield log.take();
            await pause();
            deadline = now() + CHUNK_MILLISECONDS;
          }
          if (next === null || next.done) break;
        }
      }
      if (log.size > 0) yield log.take();
    }
  } finally {
    loss.release();
  }
}

/** |theta'| of the flows of a plan. */
function createSpeed(loss: LossFunction, { weightDecay }: FlowPlan): (theta: Float64Array) => number {
  const stepped = weightDecay ? decayedLoss(loss, weightDecay) : loss;
  const slope = new Float64Array(loss.size);
  return (theta) => {
    stepped.gradient(theta, slope);
    return norm(slope);
  };
}

/** What happens between legs, collected into chunks. */
function createLog(observe: Observer) {
  const frames = createFrameCollector();
  let jumps: TakenJump[] = [];
  let ended: { flow: number; outcome: Outcome }[] = [];
  const record = (flow: Traveller) => {
    if (flow.recorded) return;
    flow.recorded = true;
    const { index, step, time, theta } = flow;
    frames.push(index, step, time, observe(theta), theta);
  };
  return {
    record,
    jump({ index, step, time }: Traveller, jump: Jump) {
      jumps.push({ flow: index, step, time, jump });
    },
    /** Records where the flow stands and ends it there. */
    end(flow: Traveller, outcome: Outcome) {
      record(flow);
      flow.ended = true;
      ended.push({ flow: flow.index, outcome });
    },
    /** Number of jumps and ends since the last chunk. */
    get size(): number {
      return jumps.length + ended.length;
    },
    take(): FlowChunk {
      const chunk = { frames: frames.take(), jumps, ended, steps: 0 };
      jumps = [];
      ended = [];
      return chunk;
    },
  };
}

function travellers(batch: FlowBatch, plan: FlowPlan, size: number): Traveller[] {
  const begun = batch.step !== undefined || batch.time !== undefined;
  return Array.from({ length: batch.count }, (_, index) => {
    const step = batch.step?.[index] ?? 0;
    return {
      index,
      theta: batch.parameters.slice(index * size, (index + 1) * size),
      step,
      time: batch.time?.[index] ?? (plan.kind === 'fixed-step' ? plan.stepSize * step : 0),
      begun,
      recorded: begun,
      jumps: 0,
      armed: true,
      ended: false,
    };
  });
}

/** The flows by their next leg, so that those with the same one go together. */
function legs(flows: readonly Traveller[], itinerary: Itinerary) {
  const groups = new Map<string, { readonly leg: Leg; readonly members: Traveller[] }>();
  for (const flow of flows) {
    const leg = itinerary.leg(flow);
    const key = `${leg.end} ${leg.stop} ${flow.begun}`;
    const group = groups.get(key);
    if (group) group.members.push(flow);
    else groups.set(key, { leg, members: [flow] });
  }
  return groups.values();
}

/** Flows with the same `begun` as a batch. */
function batchOf(flows: readonly Traveller[], size: number): FlowBatch {
  const parameters = new Float64Array(flows.length * size);
  flows.forEach(({ theta }, i) => {
    parameters.set(theta, i * size);
  });
  if (!flows[0]!.begun) return { count: flows.length, parameters };
  const step = Float64Array.from(flows, (flow) => flow.step);
  const time = Float64Array.from(flows, (flow) => flow.time);
  return { count: flows.length, parameters, step, time };
}

/** The index of the last frame of each flow of a chunk. */
const lastRows = ({ frames }: FlowChunk): Map<number, number> =>
  new Map(Array.from(frames.flow, (flow, row) => [flow, row]));

/** Moves flows to their last frames in a chunk. */
function follow(flows: readonly Traveller[], chunk: FlowChunk, size: number): void {
  const { step, time, parameters } = chunk.frames;
  for (const [index, row] of lastRows(chunk)) {
    Object.assign(flows[index]!, {
      theta: parameters.slice(row * size, (row + 1) * size),
      step: step[row]!,
      time: time[row]!,
      begun: true,
      recorded: true,
    });
  }
}

/** A chunk without the last frames of flows that are to jump: they show the states before. */
function withoutLast(chunk: FlowChunk, flows: readonly Traveller[], leaving: ReadonlySet<number>): FlowChunk {
  if (leaving.size === 0) return chunk;
  const dropped = new Set([...lastRows(chunk)].filter(([flow]) => leaving.has(flow)).map(([, row]) => row));
  for (const row of dropped) flows[chunk.frames.flow[row]!]!.recorded = false;
  return filterFrames(chunk, (_, row) => !dropped.has(row));
}
