import type { EngineChoice } from '../engine/engine.ts';
import type { Experiment } from '../experiment/experiment.ts';
import type { ResolvedExperiment } from '../experiment/resolved-experiment.ts';
import type { ComputedBy, Trajectory } from '../experiment/trajectory.ts';
import type { FlowBatch, FlowChunk, Frames, TakenJump } from '../flow/chunk.ts';
import type { Outcome } from '../flow/outcome.ts';
import type { ChartKind } from '../landscape/chart.ts';
import type { OrbitCurve } from '../landscape/chart-input.ts';
import type { Problem } from '../model/problem.ts';
import { type ChartDrawer, createChartDrawer, type Drawable } from './chart-drawer.ts';
import { type FlowHistory, GrowingHistory, importedHistory, messageJumps } from './history.ts';
import type { JumpEntry } from './protocol.ts';
import { batchRemaining, createCountdown } from './remaining.ts';
import { shownLayerPair } from './summary.ts';

/** Flows `first` .. `first + count - 1` of a run, which advance together. */
export interface Batch {
  readonly first: number;
  readonly count: number;
  /** Whether they teleport when the run does. */
  readonly teleports: boolean;
  readonly abort: AbortController;
  /** null until the first chunk is asked for. */
  chunks: AsyncIterator<FlowChunk> | null;
  /** Milliseconds spent on it. */
  computing: number;
}

/** The steered flow is alone for this many milliseconds; if it needs more, it takes turns with the others. */
const HEAD_START = 400;

/** All flows of a batch teleport, or none. */
const batch = (flows: ResolvedExperiment['flows'], first: number, count: number): Batch => ({
  first,
  count,
  teleports: flows[first]!.teleports,
  abort: new AbortController(),
  chunks: null,
  computing: 0,
});

/** One experiment with its whole history: what has been computed, and the batches that remain. */
export class Run implements Drawable {
  id: number;
  resolved: ResolvedExperiment;
  readonly problem: Problem;
  readonly layerPair: number | null;
  readonly flows: FlowHistory[];
  readonly outcomes: (Outcome | null)[];
  /** What computed each flow, in order. */
  readonly computedBy: ComputedBy[][];
  /** The imported document when this is a replay. */
  readonly imported: Trajectory | null;
  readonly drawer: ChartDrawer;
  /** The charts that fit. */
  charts: readonly ChartKind[] = [];
  /** In the order in which they are computed. */
  batches: Batch[] = [];
  /** null while the engine is being chosen. */
  choice: EngineChoice | null = null;
  steeredRevision = 0;
  othersRevision = 0;
  /** Steps and milliseconds of computing since the run began. */
  steps = 0;
  computing = 0;
  private countdown = createCountdown();
  /** true once 'finished' or 'failed' was posted. */
  over = false;
  /** true when it failed on its way: nothing can be built on it. */
  failed = false;
  /** The curve of the orbit explorer while it is open. */
  orbitCurve: OrbitCurve | null = null;
  /** true: a chart is wanted at once. */
  eager = false;

  private constructor(
    id: number,
    resolved: ResolvedExperiment,
    flows: FlowHistory[],
    imported: Trajectory | null,
    now: () => number,
  ) {
    this.id = id;
    this.resolved = resolved;
    this.problem = resolved.problem;
    this.layerPair = shownLayerPair(resolved);
    this.flows = flows;
    this.imported = imported;
    this.outcomes = flows.map((_, index) => imported?.flows[index]?.outcome ?? null);
    this.computedBy = flows.map(() => []);
    this.drawer = createChartDrawer(this, now);
  }

  /** A run of every flow: the steered one and its twin first, then the others together. */
  static compute(id: number, resolved: ResolvedExperiment, now: () => number): Run {
    const run = new Run(
      id,
      resolved,
      resolved.flows.map((_, index) => growing(resolved, index)),
      null,
      now,
    );
    run.batches = steeredBatches(resolved);
    const others = resolved.flows.length - run.batches.length;
    if (others > 0) run.batches.push(batch(resolved.flows, 1, others));
    return run;
  }

  /** An imported trajectory: nothing is left to compute. */
  static replay(id: number, resolved: ResolvedExperiment, trajectory: Trajectory, now: () => number): Run {
    const pair = shownLayerPair(resolved);
    const flows = trajectory.flows.map((flow, index) =>
      importedHistory(resolved.problem.architecture, flow, {
        label: flow.label,
        role: resolved.flows[index]?.role ?? 'replica',
        q: flow.frames.conserved[0]?.[pair ?? -1] ?? null,
      }),
    );
    return new Run(id, resolved, flows, trajectory, now);
  }

  /** Starts the steered flow and its twin anew, before what is left of the others. */
  steer(id: number, resolved: ResolvedExperiment): void {
    const fresh = steeredBatches(resolved);
    const histories = fresh.map(({ first }) => growing(resolved, first));
    for (const old of this.batches.filter((other) => this.isSteered(other))) this.remove(old);
    this.batches.unshift(...fresh);
    this.id = id;
    this.resolved = resolved;
    fresh.forEach(({ first }, i) => {
      this.flows[first] = histories[i]!;
      this.outcomes[first] = null;
      this.computedBy[first] = [];
    });
    this.steeredRevision++;
    this.steps = 0;
    this.computing = 0;
    this.countdown = createCountdown();
    this.over = false;
  }

  /** Whether a batch is the steered flow or its twin: it starts anew when Q is steered. */
  isSteered({ first }: Batch): boolean {
    const role = this.flows[first]?.role;
    return role === 'steered' || role === 'twin';
  }

  get experiment(): Experiment {
    return this.resolved.experiment;
  }

  /** Where the flows of a batch begin. */
  batchStart({ first, count }: Batch): FlowBatch {
    const size = this.resolved.flows[first]!.parameters.length;
    const parameters = new Float64Array(count * size);
    for (let i = 0; i < count; i++) parameters.set(this.resolved.flows[first + i]!.parameters, i * size);
    return { count, parameters };
  }

  /** Whose turn it is: the steered flow's for a while, then whichever of those that are `ready` has had the least. */
  nextBatch(ready: (batch: Batch) => boolean): Batch | undefined {
    const [first, ...others] = this.batches;
    if (!first || first.computing < HEAD_START) return first;
    return others
      .filter(ready)
      .reduce((least, other) => (other.computing < least.computing ? other : least), first);
  }

  /** Keeps the frames of a chunk and returns them as they are posted: flows counted from the run's first, no parameters. */
  keep(batch: Batch, frames: Frames, engine: ComputedBy): Frames {
    const { first } = batch;
    for (let i = 0; i < frames.count; i++) {
      const flow = first + frames.flow[i]!;
      (this.flows[flow] as GrowingHistory).push(frames, i);
      if (this.computedBy[flow]!.at(-1)?.engine !== engine.engine) this.computedBy[flow]!.push(engine);
    }
    this.changed(batch);
    return { ...frames, flow: frames.flow.map((flow) => flow + first), parameters: new Float64Array(0) };
  }

  /** Keeps the jumps of a chunk and returns them as they are posted. */
  keepJumps(batch: Batch, jumps: readonly TakenJump[]): JumpEntry[] {
    this.changed(batch);
    return jumps.map((taken) => {
      const flow = batch.first + taken.flow;
      const history = this.flows[flow] as GrowingHistory;
      history.pushJump(taken);
      return messageJumps({ jumps: history.jumps.slice(-1) }, flow)[0]!;
    });
  }

  private changed(batch: Batch): void {
    if (this.isSteered(batch)) this.steeredRevision++;
    else this.othersRevision++;
  }

  /** The part of the work that is done, 0 to 1: the mean over the flows. */
  get fraction(): number {
    return this.fractionOf(0, this.flows.length);
  }

  /** The same of flows `first` .. `first + count - 1`. */
  private fractionOf(first: number, count: number): number {
    const { plan } = this.resolved;
    let done = 0;
    for (let i = first; i < first + count; i++) {
      const flow = this.flows[i]!;
      const at = plan.kind === 'fixed-step' ? flow.step[flow.count - 1] : flow.time[flow.count - 1];
      const whole = plan.kind === 'fixed-step' ? plan.steps : plan.time;
      done += this.outcomes[i] || whole === 0 ? 1 : (at ?? 0) / whole;
    }
    return Math.min(1, done / count);
  }

  /** Seconds that the run still takes at `now` (milliseconds); null while unknown. Asked for again and again as time passes. */
  remaining(now: number): number | null {
    let sum: number | null = 0;
    for (const { first, count, computing } of this.batches) {
      const seconds = this.choice?.seconds ?? null;
      const left = batchRemaining({
        spent: computing / 1000,
        fraction: this.fractionOf(first, count),
        expected: seconds === null ? null : (seconds * count) / this.flows.length,
      });
      sum = left === null || sum === null ? null : sum + left;
    }
    return this.countdown.at(now / 1000, sum);
  }

  get stepsPerSecond(): number {
    return this.computing > 0 ? (1000 * this.steps) / this.computing : 0;
  }

  /** Whether every flow of a batch has ended. */
  hasEnded({ first, count }: Batch): boolean {
    return this.outcomes.slice(first, first + count).every((outcome) => outcome !== null);
  }

  /** Takes a batch off the list and lets go of it. */
  remove(batch: Batch): void {
    this.batches = this.batches.filter((other) => other !== batch);
    stop(batch);
  }

  /** Ends every running flow at the next chunk. */
  cancel(): void {
    for (const { abort } of this.batches) abort.abort();
  }

  /** Lets go of everything that still computes. */
  dispose(): void {
    for (const left of this.batches) stop(left);
    this.batches = [];
  }
}

/** The steered flow and, where there is one, its twin. */
function steeredBatches({ flows }: ResolvedExperiment): Batch[] {
  const twin = flows.findIndex(({ role }) => role === 'twin');
  return [0, twin].filter((first) => first >= 0).map((first) => batch(flows, first, 1));
}

function growing(resolved: ResolvedExperiment, index: number): GrowingHistory {
  const { label, role, q, parameters } = resolved.flows[index]!;
  // The last state is kept even where the schedule does not ask for it.
  const capacity = resolved.plan.record.at.length + 1;
  return new GrowingHistory({ label, role, q }, parameters.length, resolved.conserved.length, capacity);
}

function stop({ abort, chunks }: Batch): void {
  abort.abort();
  // The flow is given up: whatever its clean-up says no longer concerns anyone.
  chunks?.return?.().catch(() => {});
}
