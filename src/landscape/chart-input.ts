import type { AbortSignalLike } from '../model/abort-signal.ts';
import type { Problem } from '../model/problem.ts';
import type { GroupName } from '../symmetry/group-action.ts';
import type { Chart, ChartKind } from './chart.ts';

/** One flow as a chart sees it. Arrays may be longer than `count` (growing buffers): entries 0 .. count-1 are read, none is written. */
export interface ChartFlow {
  readonly role: 'steered' | 'sweep' | 'replica' | 'twin';
  /** Number of frames recorded so far. */
  readonly count: number;
  /** Total Q of the chosen layer pair at each frame; NaN where there is none. */
  readonly q: Float64Array;
  /** True loss at each frame. */
  readonly loss: Float64Array;
  /** theta at the start and at the latest (or last) frame, length P; null when they are not known. */
  readonly start: Float64Array | null;
  readonly end: Float64Array | null;
  /** theta at each frame, [count][P]; null when it was not kept. */
  readonly parameters: Float64Array | null;
  /** Q-valley coordinates of each frame, used where `parameters` is null (an imported trajectory). */
  readonly valley?: { readonly distance: Float64Array; readonly offChart: Float64Array };
  /** Its teleportations so far, in order; absent where there are none. */
  readonly jumps?: readonly FlowJump[];
}

/** A teleportation of a flow. */
export interface FlowJump {
  /** Index of the first frame recorded at or after it (which shows the state after it); `count` while there is none yet. */
  readonly frame: number;
  /** Loss before and after. */
  readonly loss: readonly [number, number];
  /** Total Q of the chosen layer pair before and after; NaN where there is none. */
  readonly q: readonly [number, number];
  /** Along which group; the orbit chart shows that one where nothing else is asked for. */
  readonly group?: GroupName;
  /** theta before and after; null when it is not known (an imported trajectory). */
  readonly from: Float64Array | null;
  readonly to: Float64Array | null;
}

/**
 * The direction M of an orbit exp(s M): 'auto' the direction of the steered flow's first jump where it jumped, else the one
 * that changes Q fastest; 'jump' the former; 'fastest-q' the latter; 'uniform' the same scaling of all units, whose
 * xi is -grad Q for homogeneous networks; 'random' a seeded direction; 'coordinates' any, as Lie-algebra coordinates.
 */
export type GeneratorChoice =
  | { readonly kind: 'auto' | 'jump' | 'fastest-q' | 'uniform' }
  | { readonly kind: 'random'; readonly seed: number }
  | { readonly kind: 'coordinates'; readonly coordinates: Float64Array };

/** Which orbit the orbit chart shows. */
export interface OrbitChoice {
  /** 'auto': that of the jump that is shown, else the first continuous group of the table that applies and is exact on the present data. */
  readonly group: GroupName | 'auto';
  /** The layer pairs that it acts on; default all. */
  readonly layerPairs?: readonly number[];
  readonly generator: GeneratorChoice;
}

/**
 * The curve of the orbit explorer: exp(s M) . theta at many s, for one frame of a flow. `starts` and `ends` are exp(s M) applied
 * to the start and the end of the segment to which the frame belongs (`flowSegments`, valley-line.ts): charts whose places are relative to a segment
 * (Q-valley) measure every point along its own, transported one. All arrays are [s.length][P].
 */
export interface OrbitCurve {
  /** Ascending. */
  readonly s: Float64Array;
  readonly parameters: Float64Array;
  readonly starts: Float64Array;
  readonly ends: Float64Array;
  /** Along which orbit; the orbit chart then shows that one. */
  readonly choice?: OrbitChoice;
}

/** How much of the parameters of a run is known: nothing, each flow's start and end, or every frame. */
export type ParametersKnown = 'none' | 'ends' | 'all';

/** What decides which charts fit a run: known before any frame is. */
export interface ChartContext {
  readonly problem: Problem;
  /** The layer pair whose Q is shown; null when there is no conserved quantity. */
  readonly layerPair: number | null;
  readonly parameters: ParametersKnown;
}

/** Everything a chart is built from. A chart is built again and again while its flows run. */
export interface ChartInput {
  readonly problem: Problem;
  readonly layerPair: number | null;
  /** In document order: the index is `ChartPath.flow`. */
  readonly flows: readonly ChartFlow[];
  /** Which orbit the orbit chart shows; default that of `orbitCurve`, else 'auto' in everything. */
  readonly orbit?: OrbitChoice;
  /** Drawn on any chart as `Chart.orbit`, at true losses. */
  readonly orbitCurve?: OrbitCurve;
  /** Loss of each row of `thetas` ([count][P]), length count. The batches are at most 8 MiB, or one row. */
  loss(thetas: Float64Array): Promise<Float64Array>;
  /** 'preview' while flows run: fewer rows, no sharpness. */
  readonly detail: 'preview' | 'final';
  /**
   * A chart of the same kind and run whose surface and floor still hold (only the steered flow changed): they are kept
   * and only the paths are drawn again. The new chart shares their arrays: copy, do not transfer, what is reused.
   */
  readonly reuse?: Chart;
  /** Awaited between pieces of work of some milliseconds, so that the caller can answer messages. */
  pause?(): Promise<void>;
  /** When it aborts, `build` rejects with its reason at the next pause. */
  readonly signal?: AbortSignalLike;
}

/** A kind of chart: one entry in the table `charts`. */
export interface ChartDefinition {
  readonly kind: ChartKind;
  /** Name shown to people. */
  readonly label: string;
  /** null when the chart fits the run, else one sentence saying why not. */
  applies(context: ChartContext): string | null;
  /** Draws what can be drawn: degenerate or diverged flows become notes, never errors. Rejects only when aborted or when `loss` does. */
  build(input: ChartInput): Promise<Chart>;
}
