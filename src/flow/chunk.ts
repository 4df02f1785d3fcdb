import type { Jump } from '../symmetry/teleportation/options.ts';
import type { Outcome } from './outcome.ts';

/**
 * Recorded frames of a batch of flows, struct of arrays, in the order in which they were recorded; within one flow they
 * are in time order. `conserved` is [count][layerPairs], `parameters` is [count][P]. Plain transferable data.
 */
export interface Frames {
  readonly count: number;
  /** Index of the flow in the batch. */
  readonly flow: Uint32Array;
  readonly step: Float64Array;
  readonly time: Float64Array;
  readonly loss: Float64Array;
  readonly gradientNorm: Float64Array;
  readonly conserved: Float64Array;
  readonly parameters: Float64Array;
}

/** A jump of flow `flow` of a batch, taken from the state after `step` steps at time `time`. */
export interface TakenJump {
  readonly flow: number;
  readonly step: number;
  readonly time: number;
  readonly jump: Jump;
}

/** What an engine yields: the frames since the last chunk, the flows that ended in it, and the work done. */
export interface FlowChunk {
  readonly frames: Frames;
  /** Jumps since the last chunk, where flows teleport: those of one flow in order, none later than its next frame. */
  readonly jumps?: readonly TakenJump[];
  readonly ended: readonly { readonly flow: number; readonly outcome: Outcome }[];
  /** Steps taken in this chunk, summed over flows. */
  readonly steps: number;
}

/** Where a batch of flows begins: `parameters` is [count][P]; `step` and `time` (length count) resume an earlier run, absent: 0. */
export interface FlowBatch {
  readonly count: number;
  readonly parameters: Float64Array;
  readonly step?: Float64Array;
  readonly time?: Float64Array;
}
