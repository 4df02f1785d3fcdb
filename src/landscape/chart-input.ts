import type { Problem } from '../model/problem.ts';
import type { Chart, ChartKind } from './chart.ts';

/** One flow as a chart sees it. Arrays may be longer than `count` (growing buffers): entries 0 .. count-1 are read, none is written. */
export interface ChartFlow {
  readonly role: 'steered' | 'sweep' | 'replica';
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

/** The part of the platform's AbortSignal that is used here; this folder knows no platform. */
export interface AbortSignalLike {
  throwIfAborted(): void;
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
