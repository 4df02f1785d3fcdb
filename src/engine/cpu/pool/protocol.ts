import type { FlowBatch, FlowChunk } from '../../../flow/chunk.ts';
import type { FlowPlan } from '../../../flow/plan.ts';
import type { Problem } from '../../../model/problem.ts';

/** What is computed row by row, each row for itself. */
export type RowKernel = 'loss' | 'gradient' | 'hessianVectorProduct';

/** What the engine asks of a worker. `job` is the engine's number for a piece of work; it is never used twice. */
export type PoolRequest =
  /** Take up a batch of flows; nothing is computed yet. */
  | {
      readonly type: 'flow';
      readonly job: number;
      readonly problem: Problem;
      readonly batch: FlowBatch;
      readonly plan: FlowPlan;
    }
  /** Compute one more chunk. Every pull gets one reply: chunk, done or failed. */
  | { readonly type: 'pull'; readonly job: number }
  /** The flows end as cancelled in the next chunk. */
  | { readonly type: 'cancel'; readonly job: number }
  /** Nothing more is wanted of this batch. */
  | { readonly type: 'stop'; readonly job: number }
  /** Evaluate rows; `vectors` is empty unless the kernel takes some. */
  | {
      readonly type: 'rows';
      readonly job: number;
      readonly kernel: RowKernel;
      readonly problem: Problem;
      readonly thetas: Float64Array;
      readonly vectors: Float64Array;
    };

/** What a worker answers. */
export type PoolReply =
  /** The worker has started; always the first message. */
  | { readonly type: 'ready' }
  | { readonly type: 'chunk'; readonly job: number; readonly chunk: FlowChunk }
  /** Every flow of the batch has ended, in an earlier chunk. */
  | { readonly type: 'done'; readonly job: number }
  | { readonly type: 'rows'; readonly job: number; readonly values: Float64Array }
  | { readonly type: 'failed'; readonly job: number; readonly message: string };

/** A worker as the engine sees it, whatever kind of thread it is. */
export interface PoolPort {
  post(request: PoolRequest, transfer: ArrayBuffer[]): void;
  terminate(): void;
}

/** What the engine wants to hear from a worker. */
export interface PoolPortEvents {
  message(reply: PoolReply): void;
  /** The worker is gone, or a message of it was. `reason` is for people, without a full stop; may be empty. */
  crash(reason: string): void;
}

/** Starts a worker that runs `servePool`. Tells its events later, never before it returns; may throw. */
export type SpawnPort = (events: PoolPortEvents) => PoolPort;

/** The memory of arrays that the sender gives away. */
export const buffersOf = (arrays: readonly (Float64Array | Uint32Array | undefined)[]): ArrayBuffer[] => [
  ...new Set(arrays.flatMap((array) => (array ? [array.buffer as ArrayBuffer] : []))),
];
