import type { FlowBatch, FlowChunk, TakenJump } from '../../flow/chunk.ts';
import type { Outcome } from '../../flow/outcome.ts';
import type { LossFunction } from '../../model/loss-function.ts';
import type { Problem } from '../../model/problem.ts';
import type { Steps } from '../../symmetry/steps.ts';
import type { Jump, TeleportationOptions } from '../../symmetry/teleportation/options.ts';

export const defaultOptions: TeleportationOptions = {
  group: 'auto',
  objective: 'gradient-norm',
  direction: 'increase',
  iterations: 5,
  maximumDistance: 1,
};

/** Rows of thetas as a batch of flows. */
export const batchFrom = (starts: readonly Float64Array[]): FlowBatch => ({
  count: starts.length,
  parameters: Float64Array.from(starts.flatMap((start) => [...start])),
});

/** A jump that goes where `move` says; its states are not those of theta. */
export const jumpBy = (move: (theta: Float64Array) => Float64Array) =>
  function* (
    _problem: Problem,
    _loss: LossFunction,
    theta: Float64Array,
    { objective }: TeleportationOptions,
  ): Steps<Jump> {
    yield;
    const state = { loss: 0, gradientNorm: 0, conserved: [], sharpness: 0 };
    return {
      group: 'rotation',
      objective,
      before: state,
      after: state,
      distance: 0,
      displacement: 0,
      iterations: 0,
      gradients: 0,
      message: '',
      from: theta.slice(),
      to: move(theta),
    };
  };

/** One flow as its chunks tell it. */
export interface Told {
  readonly step: number[];
  readonly time: number[];
  readonly loss: number[];
  readonly gradientNorm: number[];
  readonly parameters: Float64Array[];
  readonly jumps: TakenJump[];
  outcome: Outcome | null;
}

/** Runs chunks to their end. Throws when a flow goes on after its end, or when a jump comes after a frame that is later. */
export async function tellFlows(
  chunks: AsyncIterable<FlowChunk>,
  count: number,
  onChunk: (chunk: FlowChunk) => void = () => {},
): Promise<Told[]> {
  const flows = Array.from(
    { length: count },
    (): Told => ({
      step: [],
      time: [],
      loss: [],
      gradientNorm: [],
      parameters: [],
      jumps: [],
      outcome: null,
    }),
  );
  for await (const chunk of chunks) {
    onChunk(chunk);
    const { frames } = chunk;
    for (const jump of chunk.jumps ?? []) {
      const flow = flows[jump.flow]!;
      if (flow.outcome || (flow.step.at(-1) ?? -1) >= jump.step) throw new Error('a jump comes too late');
      flow.jumps.push(jump);
    }
    const size = frames.parameters.length / frames.count;
    for (let i = 0; i < frames.count; i++) {
      const flow = flows[frames.flow[i]!]!;
      if (flow.outcome) throw new Error('a frame comes after the end');
      if ((flow.step.at(-1) ?? -1) >= frames.step[i]!) throw new Error('frames do not ascend');
      flow.step.push(frames.step[i]!);
      flow.time.push(frames.time[i]!);
      flow.loss.push(frames.loss[i]!);
      flow.gradientNorm.push(frames.gradientNorm[i]!);
      flow.parameters.push(frames.parameters.slice(i * size, (i + 1) * size));
    }
    for (const { flow, outcome } of chunk.ended) {
      if (flows[flow]!.outcome) throw new Error('a flow ends twice');
      flows[flow]!.outcome = outcome;
    }
  }
  return flows;
}
