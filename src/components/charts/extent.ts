import type { FrameBuffer } from '../../store/frame-buffer.ts';
import type { Quantity } from './quantities.ts';

export type Range = readonly [number, number];

/** What a chart shows, in plot coordinates: log10 of the value, and of the time on a logarithmic time axis. */
export interface Extent {
  readonly x: Range;
  readonly y: Range;
}

export type TimeScale = 'log' | 'linear';

/** Time in plot coordinates; -Infinity for the start of a flow on a logarithmic axis. */
export const plotTime = (time: number, scale: TimeScale): number =>
  scale === 'log' ? Math.log10(time) : time;

/** A value in plot coordinates, never below the floor of its quantity; NaN when it is not finite. */
export const plotValue = (value: number, floor: number): number =>
  Number.isFinite(value) ? Math.log10(Math.max(value, floor)) : Number.NaN;

/** Every how many frames a line is drawn: long recordings are thinned to about a thousand points. */
export const stride = (count: number): number => Math.max(1, Math.floor(count / 1000));

const empty: Extent = { x: [0, 1], y: [-1, 0] };

/** The range of every flow, widened to whole decades. Zero values do not stretch it. */
export function extentOf(
  frames: FrameBuffer,
  quantity: Quantity,
  layerPair: number,
  timeScale: TimeScale,
): Extent {
  let [x0, x1, y0, y1] = [Infinity, -Infinity, Infinity, -Infinity];
  for (const flow of frames.flows) {
    const every = stride(flow.count);
    for (let frame = 0; frame < flow.count; frame += every) {
      const x = plotTime(flow.time[frame]!, timeScale);
      const value = quantity.read(flow, frame, layerPair);
      if (Number.isFinite(x)) {
        x0 = Math.min(x0, x);
        x1 = Math.max(x1, x);
      }
      if (value > 0 && Number.isFinite(value)) {
        const y = plotValue(value, quantity.floor);
        y0 = Math.min(y0, y);
        y1 = Math.max(y1, y);
      }
    }
    if (flow.count > 0 && timeScale === 'linear') x1 = Math.max(x1, flow.time[flow.count - 1]!);
  }
  const x: Range = x0 < x1 ? [x0, x1] : Number.isFinite(x0) ? [x0, x0 + 1] : empty.x;
  if (!(y0 <= y1)) return { x, y: empty.y };
  const [low, high] = [Math.floor(y0 + 1e-9), Math.ceil(y1 - 1e-9)];
  return { x, y: low < high ? [low, high] : [low - 1, high] };
}

/** Whole numbers in a range, at most `most` of them, an equal stride apart and counted from 0. */
export function decadeSplits([low, high]: Range, most: number): number[] {
  const first = Math.ceil(low - 1e-9);
  const last = Math.floor(high + 1e-9);
  const by = [1, 2, 3, 5, 10, 20, 50].find((step) => (last - first) / step <= most - 1) ?? 100;
  const splits: number[] = [];
  for (let at = Math.ceil(first / by) * by; at <= last; at += by) splits.push(at);
  return splits;
}
