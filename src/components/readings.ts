import type { Chart } from '../landscape/chart.ts';
import type { FlowFrames, FrameBuffer } from '../store/frame-buffer.ts';
import type { RunState } from '../store/run.ts';
import { formatShort } from './format.ts';

/** What is known of one flow at the cursor: recorded values, nothing interpolated. NaN where there is none. */
export interface FlowReading {
  readonly flow: number;
  readonly label: string;
  readonly steered: boolean;
  /** Starts with the steered flow and does not teleport. */
  readonly twin: boolean;
  /** Q at the start, which gives the flow its colour. */
  readonly startQ: number | null;
  readonly q: number;
  readonly step: number;
  readonly time: number;
  readonly loss: number;
  readonly gradientNorm: number;
  /** |Q - Q(0)| of the chosen layer pair. */
  readonly drift: number;
  /** Distance off the chart in parameter space. */
  readonly offChart: number;
  /** 'running', 'converged', ..; empty before the first frame. */
  readonly outcome: string;
  readonly advice: string;
}

/** The layer pair whose Q the page shows. */
export const shownLayerPair = ({ summary }: Pick<RunState, 'summary'>): number =>
  summary?.setting?.layerPair ?? summary?.experiment.conservedQuantity?.layerPair ?? 0;

/** The flow with the most frames: the one whose times the timeline shows. */
export const longestFlow = (frames: FrameBuffer): FlowFrames | null =>
  frames.flows.reduce<FlowFrames | null>(
    (longest, flow) => (flow.count > (longest?.count ?? 0) ? flow : longest),
    null,
  );

/** The flow whose clock the timeline shows: the steered one while it lasts, else the longest. */
export function clockFlow(frames: FrameBuffer, steered: number | null, cursor: number): FlowFrames | null {
  const flow = steered === null ? undefined : frames.flows[steered];
  return flow && Math.round(cursor) < flow.count ? flow : longestFlow(frames);
}

/** The recorded frame of a flow nearest to the cursor; a flow that ended earlier stays at its last. -1: none yet. */
export const frameAt = (flow: FlowFrames, cursor: number): number =>
  Math.min(Math.max(0, Math.round(cursor)), flow.count - 1);

/** Time at a fractional frame index, between two recorded times. */
export function timeAt(flow: FlowFrames, cursor: number): number {
  if (flow.count === 0) return 0;
  const at = Math.min(Math.max(0, cursor), flow.count - 1);
  const before = Math.floor(at);
  const from = flow.time[before]!;
  return before + 1 < flow.count ? from + (at - before) * (flow.time[before + 1]! - from) : from;
}

/** The fractional frame index at a time: the inverse of `timeAt` within the recorded times. */
export function cursorAt(flow: FlowFrames, time: number): number {
  let low = 0;
  let high = Math.max(0, flow.count - 1);
  if (flow.count === 0 || time <= flow.time[0]!) return 0;
  if (time >= flow.time[high]!) return high;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (flow.time[middle]! <= time) low = middle;
    else high = middle;
  }
  const span = flow.time[high]! - flow.time[low]!;
  return span > 0 ? low + (time - flow.time[low]!) / span : low;
}

/** Distance off the chart of a flow at a frame; NaN where the chart does not show it. */
export const offChartAt = (chart: Chart | null, flow: number, frame: number): number =>
  chart?.paths.find((path) => path.flow === flow)?.offChart[frame] ?? Number.NaN;

/** Reads one flow of the run at the cursor, or at a given frame. */
export function readFlow(run: RunState, flow: number, cursor: number): FlowReading | null {
  const summary = run.summary?.flows[flow];
  if (!summary) return null;
  const frames = run.frames.flows[flow];
  const outcome = run.outcomes[flow] ?? null;
  const pair = shownLayerPair(run);
  const frame = frames ? frameAt(frames, cursor) : -1;
  const at = (values: Float64Array | undefined) => (frame < 0 ? Number.NaN : (values?.[frame] ?? Number.NaN));
  return {
    flow,
    label: summary.label,
    steered: summary.role === 'steered',
    twin: summary.role === 'twin',
    startQ: summary.q,
    q: frame < 0 ? Number.NaN : frames!.q(frame, pair),
    step: at(frames?.step),
    time: at(frames?.time),
    loss: at(frames?.loss),
    gradientNorm: at(frames?.gradientNorm),
    drift: frame < 0 ? Number.NaN : frames!.drift(frame, pair),
    offChart: frame < 0 ? Number.NaN : offChartAt(run.chart, flow, frame),
    outcome: outcome?.kind ?? (run.status === 'running' || run.status === 'starting' ? 'running' : ''),
    advice: outcome?.message ?? '',
  };
}

/** What one flow is called beside its numbers: 'steered, Q = -2'. */
export function flowTitle({
  label,
  steered,
  startQ,
}: Pick<FlowReading, 'label' | 'steered' | 'startQ'>): string {
  if (!steered) return label;
  return startQ === null ? 'steered' : `steered, Q = ${formatShort(startQ)}`;
}

/** Every flow of the run at the cursor, in document order. */
export const readFlows = (run: RunState, cursor: number): FlowReading[] =>
  (run.summary?.flows ?? []).flatMap((_, flow) => readFlow(run, flow, cursor) ?? []);
