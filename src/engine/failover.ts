import type { FlowBatch, FlowChunk } from '../flow/chunk.ts';
import type { FlowPlan } from '../flow/plan.ts';
import { parameterCount } from '../model/parameters.ts';
import type { Problem } from '../model/problem.ts';
import { renumber } from './chunks.ts';
import { type Engine, type EngineChoice, EngineLostError } from './engine.ts';

/** Where one flow of a batch can be taken up. */
interface Resumption {
  readonly parameters: Float64Array;
  readonly step: number | undefined;
  readonly time: number | undefined;
}

/**
 * Runs a batch on the chosen engine and, when that engine is lost, continues the unfinished flows on the fallback from
 * their last frames; `onSwitch` is then called once with one sentence. Frames stay in order, none comes twice. Other
 * errors pass through.
 */
export async function* flowWithFailover(
  choice: EngineChoice,
  fallback: Engine,
  problem: Problem,
  batch: FlowBatch,
  plan: FlowPlan,
  signal: AbortSignal | undefined,
  onSwitch: (message: string) => void,
): AsyncGenerator<FlowChunk> {
  const size = parameterCount(problem.architecture);
  const flows: (Resumption | null)[] = Array.from({ length: batch.count }, (_, i) => ({
    parameters: batch.parameters.slice(i * size, (i + 1) * size),
    step: batch.step?.[i],
    time: batch.time?.[i],
  }));
  try {
    for await (const chunk of choice.engine.flow(problem, batch, plan, signal)) {
      remember(flows, chunk, size);
      yield chunk;
    }
    return;
  } catch (error) {
    if (!(error instanceof EngineLostError) || choice.engine === fallback) throw error;
    onSwitch(`The run goes on with the ${fallback.kind} engine from its last frames: ${error.message}.`);
  }
  for (const resumed of [true, false]) {
    const left = flows.flatMap((flow, i) => (flow && isResumed(flow) === resumed ? [i] : []));
    if (left.length === 0) continue;
    const rest = batchOf(
      left.map((i) => flows[i]!),
      size,
      resumed,
    );
    for await (const chunk of fallback.flow(problem, rest, plan, signal)) yield renumber(chunk, left);
  }
}

/** Whether a flow has a frame where it is taken up. */
const isResumed = ({ step, time }: Resumption): boolean => step !== undefined || time !== undefined;

/** Keeps the last frame of every flow, and forgets the flows that have ended. */
function remember(flows: (Resumption | null)[], { frames, ended }: FlowChunk, size: number): void {
  for (let i = 0; i < frames.count; i++) {
    flows[frames.flow[i]!] = {
      parameters: frames.parameters.slice(i * size, (i + 1) * size),
      step: frames.step[i],
      time: frames.time[i],
    };
  }
  for (const { flow } of ended) flows[flow] = null;
}

/** A batch from flows that all resume or all begin. */
function batchOf(flows: readonly Resumption[], size: number, resumed: boolean): FlowBatch {
  const parameters = new Float64Array(flows.length * size);
  flows.forEach((flow, i) => {
    parameters.set(flow.parameters, i * size);
  });
  if (!resumed) return { count: flows.length, parameters };
  const step = Float64Array.from(flows, (flow) => flow.step ?? 0);
  const time =
    flows.every((flow) => flow.time !== undefined) && Float64Array.from(flows, (flow) => flow.time!);
  return { count: flows.length, parameters, step, ...(time && { time }) };
}
