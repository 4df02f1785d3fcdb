import type { FlowBatch, FlowChunk } from '../../../../flow/chunk.ts';
import type { Outcome } from '../../../../flow/outcome.ts';
import type { FlowPlan } from '../../../../flow/plan.ts';
import { explicitSchedule, timeSchedule } from '../../../../flow/record.ts';
import { genericStart, teacherProblem } from '../../../../flow/testing/flows.ts';
import type { Problem } from '../../../../model/problem.ts';
import type { Engine } from '../../../engine.ts';

/** Small runs of every kind of plan, with flows that converge, diverge and differ in cost. */
export const problem: Problem = teacherProblem(
  { kind: 'mlp', widths: [4, 6, 3], activation: 'tanh', bias: true },
  1,
);

/** `count` starts, of growing size: adaptive flows from them take different numbers of steps. */
export const startBatch = (count: number): FlowBatch => ({
  count,
  parameters: Float64Array.from(
    Array.from({ length: count }, (_, i) => [
      ...genericStart(problem.architecture, i + 1).map((value) => value * (0.5 + i / 2)),
    ]).flat(),
  ),
});

export const fixedPlan = (steps: number, ...at: number[]): FlowPlan => ({
  kind: 'fixed-step',
  integrator: 'gradient-descent',
  stepSize: 0.05,
  steps,
  record: explicitSchedule(at),
  stop: { gradientNorm: 1e-3 },
});

/** Goes on until it is cancelled. */
export const endlessPlan: FlowPlan = { ...fixedPlan(1e12, 0), stop: {} };

export const adaptivePlan = (time: number): FlowPlan => ({
  kind: 'adaptive',
  integrator: 'dormand-prince',
  tolerance: 1e-7,
  time,
  record: timeSchedule(time, 12, 'log'),
  stop: {},
});

/** All that became of a batch: per flow its frames, each as the bytes of its numbers, and its outcome. */
export interface Collected {
  readonly frames: string[][];
  readonly outcomes: (Outcome | undefined)[];
  readonly steps: number;
}

/** Runs a batch of flows, of `problem` unless another is given, to its end. Throws when a flow ends twice, or has a frame after its end. */
export async function collect(
  engine: Engine,
  plan: FlowPlan,
  batch: FlowBatch,
  {
    signal,
    onChunk,
    of = problem,
  }: { signal?: AbortSignal; onChunk?: (chunk: FlowChunk) => void; of?: Problem } = {},
): Promise<Collected> {
  const frames: string[][] = Array.from({ length: batch.count }, () => []);
  const outcomes: (Outcome | undefined)[] = Array.from({ length: batch.count }, () => undefined);
  let steps = 0;
  for await (const chunk of engine.flow(of, batch, plan, signal)) {
    onChunk?.(chunk);
    steps += chunk.steps;
    for (let i = 0; i < chunk.frames.count; i++) {
      const flow = chunk.frames.flow[i]!;
      if (outcomes[flow]) throw new Error(`flow ${flow} has a frame after its end`);
      frames[flow]!.push(frameBytes(chunk, i));
    }
    for (const { flow, outcome } of chunk.ended) {
      if (outcomes[flow]) throw new Error(`flow ${flow} ended twice`);
      outcomes[flow] = outcome;
    }
  }
  return { frames, outcomes, steps };
}

function frameBytes({ frames }: FlowChunk, i: number): string {
  const { count, conserved, parameters } = frames;
  const row = (all: Float64Array) => all.slice((i * all.length) / count, ((i + 1) * all.length) / count);
  const numbers = [frames.step[i]!, frames.time[i]!, frames.loss[i]!, frames.gradientNorm[i]!];
  return bytes(Float64Array.of(...numbers, ...row(conserved), ...row(parameters)));
}

/** The bits of numbers as text: -0 and 0 differ. */
export const bytes = (numbers: Float64Array): string =>
  Buffer.from(numbers.slice().buffer).toString('base64');
