import type { Frames } from '../flow/chunk.ts';

/** The recorded frames of one flow, growing typed arrays: entries 0 .. count-1 are valid. */
export class FlowFrames {
  count = 0;
  step = new Float64Array(64);
  time = new Float64Array(64);
  loss = new Float64Array(64);
  gradientNorm = new Float64Array(64);
  /** [count][layerPairs]. */
  conserved: Float64Array;
  private readonly layerPairs: number;

  constructor(layerPairs: number) {
    this.layerPairs = layerPairs;
    this.conserved = new Float64Array(64 * layerPairs);
  }

  /** Q of a layer pair at a frame; NaN where there is none. */
  q(frame: number, layerPair: number): number {
    return this.conserved[frame * this.layerPairs + layerPair] ?? Number.NaN;
  }

  /** |Q(frame) - Q(0)| of a layer pair; NaN where there is none. */
  drift(frame: number, layerPair: number): number {
    return Math.abs(this.q(frame, layerPair) - this.q(0, layerPair));
  }

  push(frames: Frames, index: number): void {
    if (this.count === this.step.length) this.grow();
    const i = this.count++;
    this.step[i] = frames.step[index]!;
    this.time[i] = frames.time[index]!;
    this.loss[i] = frames.loss[index]!;
    this.gradientNorm[i] = frames.gradientNorm[index]!;
    const from = index * this.layerPairs;
    this.conserved.set(frames.conserved.subarray(from, from + this.layerPairs), i * this.layerPairs);
  }

  private grow(): void {
    const grown = (array: Float64Array) => {
      const next = new Float64Array(array.length * 2);
      next.set(array);
      return next;
    };
    this.step = grown(this.step);
    this.time = grown(this.time);
    this.loss = grown(this.loss);
    this.gradientNorm = grown(this.gradientNorm);
    this.conserved = grown(this.conserved);
  }
}

/** Append-only frames of every flow of a run. Not React state: draw loops read it when `runStore.revision` grows. */
export class FrameBuffer {
  readonly layerPairs: number;
  flows: FlowFrames[] = [];

  constructor(layerPairs: number) {
    this.layerPairs = layerPairs;
  }

  append(frames: Frames): void {
    for (let i = 0; i < frames.count; i++) this.flow(frames.flow[i]!).push(frames, i);
  }

  /** Forgets one flow's frames: it starts anew. */
  clear(flow: number): void {
    this.flows[flow] = new FlowFrames(this.layerPairs);
  }

  /** The largest number of frames that any flow has. */
  get length(): number {
    return this.flows.reduce((longest, flow) => Math.max(longest, flow.count), 0);
  }

  private flow(index: number): FlowFrames {
    while (this.flows.length <= index) this.flows.push(new FlowFrames(this.layerPairs));
    return this.flows[index]!;
  }
}
