import type { ParametersRecorded } from '../src/experiment/experiment.ts';
import type { FlowRecord, RecordedJump } from '../src/experiment/trajectory.ts';
import type { Frames, TakenJump } from '../src/flow/chunk.ts';
import type { Outcome } from '../src/flow/outcome.ts';

/** Collects the frames of one flow and no more parameters than the document will hold. */
export class FlowRecorder implements FlowRecord {
  outcome: Outcome = { kind: 'cancelled', message: '' };
  readonly label: string;
  readonly step: number[] = [];
  readonly time: number[] = [];
  readonly loss: number[] = [];
  readonly gradientNorm: number[] = [];
  readonly conserved: number[] = [];
  readonly jumps: RecordedJump[] = [];
  private readonly kept: ParametersRecorded;
  private readonly thetas: Float64Array[] = [];

  constructor(label: string, kept: ParametersRecorded) {
    this.label = label;
    this.kept = kept;
  }

  get frames(): FlowRecord['frames'] {
    const { step, time, loss, gradientNorm, conserved } = this;
    return { count: step.length, step, time, loss, gradientNorm, conserved };
  }

  push(frames: Frames, index: number, layerPairs: number): void {
    this.step.push(frames.step[index]!);
    this.time.push(frames.time[index]!);
    this.loss.push(frames.loss[index]!);
    this.gradientNorm.push(frames.gradientNorm[index]!);
    for (let l = 0; l < layerPairs; l++) this.conserved.push(frames.conserved[index * layerPairs + l]!);
    if (this.kept === 'none') return;
    const size = frames.parameters.length / frames.count;
    if (this.kept === 'final' && this.thetas.length === 2) this.thetas.pop();
    this.thetas.push(frames.parameters.slice(index * size, (index + 1) * size));
  }

  pushJump({ step, time, jump: { from, to, ...jump } }: TakenJump): void {
    const all = this.kept === 'all';
    this.jumps.push({ step, time, jump, from: all ? from : null, to: all ? to : null });
  }

  parameters(frame: number): Float64Array {
    return this.thetas[this.kept === 'all' ? frame : Math.min(frame, this.thetas.length - 1)]!;
  }
}
