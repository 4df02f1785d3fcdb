import type { TrajectoryFlow } from '../experiment/trajectory.ts';
import type { Frames, TakenJump } from '../flow/chunk.ts';
import type { ChartFlow, FlowJump, ParametersKnown } from '../landscape/chart-input.ts';
import { type ValleyCoordinates, valleyCoordinates } from '../landscape/valley-line.ts';
import type { Architecture } from '../model/architecture.ts';
import { type LayerParameters, packParameters } from '../model/parameters.ts';
import type { Teleportation, TeleportationState } from '../symmetry/teleportation/options.ts';
import type { FlowSummary, JumpEntry } from './protocol.ts';

/** A jump that a flow took from the state after `step` steps; theta before and after, null where they were not kept. */
export interface HistoryJump {
  /** Index of the first frame at or after it; `count` of the flow while there is none. */
  readonly frame: number;
  readonly step: number;
  readonly time: number;
  readonly jump: Teleportation;
  readonly from: Float64Array | null;
  readonly to: Float64Array | null;
}

/** Everything that is known of one flow. Arrays may be longer than `count`: entries 0 .. count-1 are valid. */
export interface FlowHistory extends FlowSummary {
  readonly count: number;
  readonly step: Float64Array;
  readonly time: Float64Array;
  readonly loss: Float64Array;
  readonly gradientNorm: Float64Array;
  /** Total Q of each layer pair, one array per layer pair. */
  readonly conserved: readonly Float64Array[];
  /** theta at the first frame, length P; null when it is not known. */
  readonly start: Float64Array | null;
  /** theta at the latest frame. */
  readonly end: Float64Array | null;
  /** theta at each frame, [count][P]; null when it was not kept. */
  readonly parameters: Float64Array | null;
  /** Its jumps so far, in order. */
  readonly jumps: readonly HistoryJump[];
  /** Q-valley coordinates of an imported flow. */
  readonly valley?: { readonly distance: Float64Array; readonly offChart: Float64Array };
}

/** The history of a flow that is being computed: every recorded state, appended as it comes. */
export class GrowingHistory implements FlowHistory {
  readonly label: string;
  readonly role: FlowSummary['role'];
  readonly q: number | null;
  count = 0;
  step: Float64Array;
  time: Float64Array;
  loss: Float64Array;
  gradientNorm: Float64Array;
  conserved: Float64Array[];
  parameters: Float64Array;
  readonly jumps: HistoryJump[] = [];
  private readonly size: number;

  /** `size`: P. `capacity`: the number of frames to make room for; more are taken too. */
  constructor(flow: FlowSummary, size: number, layerPairs: number, capacity: number) {
    this.label = flow.label;
    this.role = flow.role;
    this.q = flow.q;
    this.size = size;
    this.step = new Float64Array(capacity);
    this.time = new Float64Array(capacity);
    this.loss = new Float64Array(capacity);
    this.gradientNorm = new Float64Array(capacity);
    this.conserved = Array.from({ length: layerPairs }, () => new Float64Array(capacity));
    this.parameters = new Float64Array(capacity * size);
  }

  get start(): Float64Array | null {
    return this.count === 0 ? null : this.parameters.subarray(0, this.size);
  }

  get end(): Float64Array | null {
    const { count, parameters, size } = this;
    return count === 0 ? null : parameters.subarray((count - 1) * size, count * size);
  }

  /** Appends a jump; its frame, where there is one, comes after it. */
  pushJump({ step, time, jump: { from, to, ...jump } }: TakenJump): void {
    this.jumps.push({ frame: this.count, step, time, jump, from, to });
  }

  /** Appends frame `index` of `frames`. */
  push(frames: Frames, index: number): void {
    if (this.count === this.step.length) this.grow();
    const i = this.count++;
    const { size } = this;
    this.step[i] = frames.step[index]!;
    this.time[i] = frames.time[index]!;
    this.loss[i] = frames.loss[index]!;
    this.gradientNorm[i] = frames.gradientNorm[index]!;
    this.conserved.forEach((values, pair) => {
      values[i] = frames.conserved[index * this.conserved.length + pair]!;
    });
    this.parameters.set(frames.parameters.subarray(index * size, (index + 1) * size), i * size);
  }

  private grow(): void {
    const grown = (array: Float64Array) => {
      const longer = new Float64Array(Math.max(array.length * 2, 16));
      longer.set(array);
      return longer;
    };
    this.step = grown(this.step);
    this.time = grown(this.time);
    this.loss = grown(this.loss);
    this.gradientNorm = grown(this.gradientNorm);
    this.conserved = this.conserved.map(grown);
    const longer = new Float64Array(this.step.length * this.size);
    longer.set(this.parameters);
    this.parameters = longer;
  }
}

/** Null in a document is NaN in an array. */
const numbers = (values: readonly (number | null)[]): Float64Array =>
  Float64Array.from(values, (value) => value ?? Number.NaN);

/** The history of a flow as an imported trajectory tells it. */
export function importedHistory(
  architecture: Architecture,
  flow: TrajectoryFlow,
  summary: FlowSummary,
): FlowHistory {
  const { frames, parameters } = flow;
  const packed = (layers: readonly LayerParameters[]) =>
    layers.length > 0 ? packParameters(architecture, layers) : null;
  const start = packed(parameters.initial);
  return {
    ...summary,
    count: frames.step.length,
    step: numbers(frames.step),
    time: numbers(frames.time),
    loss: numbers(frames.loss),
    gradientNorm: numbers(frames.gradientNorm),
    conserved: (frames.conserved[0] ?? []).map((_, pair) =>
      numbers(frames.conserved.map((row) => row[pair] ?? null)),
    ),
    start,
    end: packed(parameters.final),
    parameters: parameters.frames ? packedFrames(architecture, parameters.frames) : null,
    jumps: flow.teleportations.map(({ step, time, parameters: around, ...jump }) => ({
      frame: frameAtOrAfter(frames.step, step),
      step,
      time,
      jump,
      from: around ? packed(around.before) : null,
      to: around ? packed(around.after) : null,
    })),
    ...(frames.valley && {
      valley: { distance: numbers(frames.valley.distance), offChart: numbers(frames.valley.offChart) },
    }),
  };
}

function frameAtOrAfter(steps: readonly number[], step: number): number {
  const frame = steps.findIndex((at) => at >= step);
  return frame < 0 ? steps.length : frame;
}

function packedFrames(
  architecture: Architecture,
  frames: readonly (readonly LayerParameters[])[],
): Float64Array {
  const rows = frames.map((layers) => packParameters(architecture, layers));
  const size = rows[0]?.length ?? 0;
  const all = new Float64Array(rows.length * size);
  rows.forEach((row, i) => {
    all.set(row, i * size);
  });
  return all;
}

/** A flow as the charts see it. `layerPair`: whose Q; null where there is none. */
export const chartFlow = (flow: FlowHistory, layerPair: number | null): ChartFlow => ({
  role: flow.role,
  count: flow.count,
  q: flow.conserved[layerPair ?? -1] ?? new Float64Array(flow.count).fill(Number.NaN),
  loss: flow.loss,
  start: flow.start,
  end: flow.end,
  parameters: flow.parameters,
  ...(flow.valley && { valley: flow.valley }),
  ...(flow.jumps.length > 0 && { jumps: flow.jumps.map((jump) => chartJump(jump, layerPair)) }),
});

function chartJump({ frame, jump, from, to }: HistoryJump, layerPair: number | null): FlowJump {
  const q = ({ conserved }: TeleportationState) => conserved[layerPair ?? -1] ?? Number.NaN;
  return {
    frame,
    loss: [jump.before.loss, jump.after.loss],
    q: [q(jump.before), q(jump.after)],
    group: jump.group,
    from,
    to,
  };
}

const valleys = new WeakMap<FlowHistory, { count: number; coordinates: ValleyCoordinates | null }>();

/** The Q-valley coordinates of every frame of a flow, computed once for each length; null when nothing is known. */
export function flowValley(flow: FlowHistory): ValleyCoordinates | null {
  const known = valleys.get(flow);
  if (known?.count === flow.count) return known.coordinates;
  const coordinates = flow.count > 0 ? valleyCoordinates(chartFlow(flow, null)) : null;
  valleys.set(flow, { count: flow.count, coordinates });
  return coordinates;
}

/** A flow as the Q-valley sees it: placed already, so that a chart of many flows places only those that moved. */
export function valleyFlow(flow: FlowHistory, layerPair: number | null): ChartFlow {
  const coordinates = flow.parameters && flowValley(flow);
  const seen = chartFlow(flow, layerPair);
  return coordinates ? { ...seen, parameters: null, valley: coordinates } : seen;
}

/** All frames of a flow in the form of a message, without parameters; `index` is the flow's place in the run. */
export function messageFrames(flow: FlowHistory, index: number): Frames {
  const { count } = flow;
  return {
    count,
    flow: new Uint32Array(count).fill(index),
    step: flow.step.slice(0, count),
    time: flow.time.slice(0, count),
    loss: flow.loss.slice(0, count),
    gradientNorm: flow.gradientNorm.slice(0, count),
    conserved: interleaved(flow),
    parameters: new Float64Array(0),
  };
}

/** All jumps of a flow in the form of a message; `index` is the flow's place in the run. */
export const messageJumps = ({ jumps }: Pick<FlowHistory, 'jumps'>, index: number): JumpEntry[] =>
  jumps.map(({ step, time, jump }) => ({ flow: index, jump: { step, time, ...jump } }));

/** Q of every frame and layer pair, [count][layerPairs]. */
export function interleaved({ count, conserved }: FlowHistory): Float64Array {
  const pairs = conserved.length;
  const all = new Float64Array(count * pairs);
  conserved.forEach((values, pair) => {
    for (let i = 0; i < count; i++) all[i * pairs + pair] = values[i]!;
  });
  return all;
}

/** How much of the parameters of all flows is known. */
export function parametersKnown(flows: readonly FlowHistory[]): ParametersKnown {
  if (flows.every((flow) => flow.parameters)) return 'all';
  return flows.every((flow) => flow.start && flow.end) ? 'ends' : 'none';
}
