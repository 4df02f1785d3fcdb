import type { Frames } from './chunk.ts';
import type { Observation } from './observe.ts';

/** Collects recorded states into `Frames`. */
export interface FrameCollector {
  /** Copies one state of flow `flow`. */
  push(flow: number, step: number, time: number, observation: Observation, theta: Float64Array): void;
  /** The frames since the last call, in fresh arrays that may be transferred. */
  take(): Frames;
}

interface Frame {
  readonly flow: number;
  readonly step: number;
  readonly time: number;
  readonly observation: Observation;
  readonly theta: Float64Array;
}

/** Builds a collector for the states of one problem. */
export function createFrameCollector(): FrameCollector {
  let pending: Frame[] = [];
  return {
    push(flow, step, time, observation, theta) {
      pending.push({ flow, step, time, observation, theta: theta.slice() });
    },
    take() {
      const frames = pending;
      pending = [];
      return {
        count: frames.length,
        flow: Uint32Array.from(frames, (frame) => frame.flow),
        step: Float64Array.from(frames, (frame) => frame.step),
        time: Float64Array.from(frames, (frame) => frame.time),
        loss: Float64Array.from(frames, (frame) => frame.observation.loss),
        gradientNorm: Float64Array.from(frames, (frame) => frame.observation.gradientNorm),
        conserved: concatenate(frames.map((frame) => frame.observation.conserved)),
        parameters: concatenate(frames.map((frame) => frame.theta)),
      };
    },
  };
}

/** Rows of equal length, one after another. */
function concatenate(rows: readonly Float64Array[]): Float64Array {
  const width = rows[0]?.length ?? 0;
  const all = new Float64Array(rows.length * width);
  rows.forEach((row, i) => {
    all.set(row, i * width);
  });
  return all;
}
