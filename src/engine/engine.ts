import type { FlowBatch, FlowChunk } from '../flow/chunk.ts';
import type { FlowPlan } from '../flow/plan.ts';
import type { Problem } from '../model/problem.ts';

export type EngineKind = 'cpu' | 'webgpu' | 'tfjs';

/**
 * A place where numbers are computed. Batches are flat: `thetas` is [count][P], row after row, float64 at the border
 * whatever the engine computes in.
 */
export interface Engine {
  readonly kind: EngineKind;
  readonly precision: 'float64' | 'float32';
  /** Where it runs, for people: 'this processor', or the adapter's name. */
  readonly device: string;
  /**
   * null when this engine can run the problem (and `flows` flows of the plan, default 1), else one sentence saying why not.
   * Looks at sizes and names only, at none of the numbers of the data.
   */
  unsupported(problem: Problem, plan?: FlowPlan, flows?: number): string | null;
  /**
   * Integrates a batch of flows, all advancing together, in chunks of about 16 ms. Frames are observed in float64
   * (see flow/observe.ts). When `signal` aborts, every running flow ends as 'cancelled' within one chunk.
   * Throws EngineLostError when the device is lost.
   */
  flow(problem: Problem, batch: FlowBatch, plan: FlowPlan, signal?: AbortSignal): AsyncIterable<FlowChunk>;
  /** Loss of each row of `thetas`, length count. */
  loss(problem: Problem, thetas: Float64Array): Promise<Float64Array>;
  /** Gradient of each row, [count][P]. */
  gradient(problem: Problem, thetas: Float64Array): Promise<Float64Array>;
  /** Hessian-vector product of each row with the same row of `vectors`, [count][P]. */
  hessianVectorProduct(problem: Problem, thetas: Float64Array, vectors: Float64Array): Promise<Float64Array>;
  dispose(): void;
}

/** The engine cannot go on (device lost, validation error). The run continues on the cpu engine. */
export class EngineLostError extends Error {
  override readonly name = 'EngineLostError';
}

/** No engine can run the problem. The message is one sentence for the user. */
export class EngineRefusedError extends Error {
  override readonly name = 'EngineRefusedError';
}

/** Which engine runs and why, as the page shows it. */
export interface EngineChoice {
  readonly engine: Engine;
  /** One clause: 'short run', 'fastest here, webgpu about 12 s', 'no WebGPU adapter', 'chosen by you', 'self-test failed: ...'. */
  readonly reason: string;
  /** How long the run is expected to take; null when nothing is known. */
  readonly seconds: number | null;
}
