import type { TeleportationRecord } from '../experiment/trajectory.ts';
import type { Frames } from '../flow/chunk.ts';
import type { ConservedLaw } from '../flow/weight-decay.ts';

/** The recorded frames of one flow, growing typed arrays: entries 0 .. count-1 are valid. */
export class FlowFrames {
  count = 0;
  step = new Float64Array(64);
  time = new Float64Array(64);
  loss = new Float64Array(64);
  gradientNorm = new Float64Array(64);
  /** [count][layerPairs]. */
  conserved: Float64Array;
  private readonly laws: readonly ConservedLaw[];
  private readonly layerPairs: number;
  private readonly jumps: { readonly frame: number; readonly time: number; readonly q: readonly number[] }[] =
    [];

  constructor(laws: readonly ConservedLaw[]) {
    this.laws = laws;
    this.layerPairs = laws.length;
    this.conserved = new Float64Array(64 * laws.length);
  }

  /** Q of a layer pair at a frame; NaN where there is none. */
  q(frame: number, layerPair: number): number {
    return this.conserved[frame * this.layerPairs + layerPair] ?? Number.NaN;
  }

  /**
   * How far Q of a layer pair is from where its law takes it from the start or, after a jump, from where the latest jump
   * went: |Q(frame) - Q(0)| where it is constant. NaN where there is none.
   */
  drift(frame: number, layerPair: number): number {
    const jump = this.jumps.findLast((taken) => taken.frame <= frame);
    const { time, q } = jump
      ? { time: jump.time, q: jump.q[layerPair] ?? Number.NaN }
      : { time: this.time[0]!, q: this.q(0, layerPair) };
    const rate = this.laws[layerPair]?.rate ?? 0;
    const expected = q * Math.exp(-rate * (this.time[frame]! - time));
    return Math.abs(this.q(frame, layerPair) - expected);
  }

  /** Q goes on from where the jump went, from the next frame on. */
  jumped({ time, after }: Pick<TeleportationRecord, 'time' | 'after'>): void {
    this.jumps.push({ frame: this.count, time, q: after.conserved });
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
  flows: FlowFrames[] = [];
  private readonly laws: readonly ConservedLaw[];

  /** `laws`: one per layer pair. */
  constructor(laws: readonly ConservedLaw[]) {
    this.laws = laws;
  }

  /** A flow jumped; its next frame is at or after the jump. */
  jumped(flow: number, jump: Pick<TeleportationRecord, 'time' | 'after'>): void {
    this.flow(flow).jumped(jump);
  }

  append(frames: Frames): void {
    for (let i = 0; i < frames.count; i++) this.flow(frames.flow[i]!).push(frames, i);
  }

  /** Forgets one flow's frames: it starts anew. */
  clear(flow: number): void {
    this.flows[flow] = new FlowFrames(this.laws);
  }

  /** The largest number of frames that any flow has. */
  get length(): number {
    return this.flows.reduce((longest, flow) => Math.max(longest, flow.count), 0);
  }

  private flow(index: number): FlowFrames {
    while (this.flows.length <= index) this.flows.push(new FlowFrames(this.laws));
    return this.flows[index]!;
  }
}
