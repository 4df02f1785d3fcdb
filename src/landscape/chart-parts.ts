import type { ChartAxis, ChartPath } from './chart.ts';
import type { ChartFlow, ChartInput } from './chart-input.ts';

/** Heights beyond this are drawn as this: float32 and the graphics card take no more. */
const HIGHEST = 1e30;

/** A loss as a height: finite in float32. */
export const height = (loss: number): number =>
  Number.isNaN(loss) ? HIGHEST : Math.min(Math.max(loss, -HIGHEST), HIGHEST);

/** A flow that has a place on a chart, with its index among all flows. */
export interface DrawnFlow extends ChartFlow {
  readonly index: number;
}

/**
 * The flows that a chart draws: those with frames, finite and not diverging (a loss over ten times that of the start
 * would set the scale for all others). `notes` counts those left out.
 */
export function drawnFlows(input: ChartInput): { readonly drawn: DrawnFlow[]; readonly notes: string[] } {
  const begun = input.flows.map((flow, index) => ({ ...flow, index })).filter(({ count }) => count > 0);
  const drawn = begun.filter(descends);
  const missing = begun.length - drawn.length;
  const notes: string[] = [];
  if (missing === 1) notes.push('One flow diverged and is not drawn.');
  if (missing > 1) notes.push(`${missing} flows diverged and are not drawn.`);
  return { drawn, notes };
}

function descends({ count, loss, start, end }: ChartFlow): boolean {
  const first = loss[0]!;
  const last = loss[count - 1]!;
  if (!Number.isFinite(first) || !Number.isFinite(last) || last > 10 * first + 1e-12) return false;
  return [start, end].every((theta) => theta === null || theta.every(Number.isFinite));
}

/** The interval that holds all finite numbers, widened about its middle to length `least`; never empty. */
export function rangeOf(arrays: Iterable<ArrayLike<number>>, least = 0): readonly [number, number] {
  let low = Infinity;
  let high = -Infinity;
  for (const values of arrays) {
    for (let i = 0; i < values.length; i++) {
      const value = values[i]!;
      if (!Number.isFinite(value)) continue;
      low = Math.min(low, value);
      high = Math.max(high, value);
    }
  }
  if (low > high) return [0, 1];
  const size = Math.max(Math.abs(low), Math.abs(high));
  if (high - low > Math.max(least, 1e-6 * size)) return [low, high];
  const middle = (low + high) / 2;
  const half = Math.max(least, 0.1 * size) / 2 || 0.5;
  return [middle - half, middle + half];
}

/** A coordinate of every frame of a path and of the ends of its jumps. */
export const alongPath = (path: ChartPath, axis: 'x' | 'y' | 'height'): ArrayLike<number>[] => [
  path[axis],
  path.jumps.flatMap(({ from, to }) => [from[axis], to[axis]]),
];

/** The range of the loss over the paths: what the view scales heights by. */
export const heightAxis = (paths: readonly ChartPath[]): ChartAxis => ({
  label: 'loss',
  range: rangeOf(paths.flatMap((path) => alongPath(path, 'height'))),
});

/** `steps` + 1 equally spaced numbers from `low` to `high`, as float32: heights are computed at exactly these. */
export const evenly = (low: number, high: number, steps: number): Float32Array =>
  Float32Array.from({ length: steps + 1 }, (_, i) => low + ((high - low) * i) / steps);

/** How far the paths are off the chart, from the greatest distance of each path and `lengths`, its distance from start to end. */
export function offChartNote(paths: readonly ChartPath[], lengths: readonly number[]): string[] {
  const shares = paths.map(({ offChart }, i) => {
    let greatest = 0;
    for (const distance of offChart) if (distance > greatest) greatest = distance;
    return lengths[i]! > 0 ? greatest / lengths[i]! : 0;
  });
  if (shares.length === 0) return [];
  const most = Math.max(...shares);
  if (most < 0.001) return ['Paths leave the chart by less than 0.1 % of the distance from start to end.'];
  return [`Paths leave the chart by at most ${percent(most)} of the distance from start to end.`];
}

/** '14 %', '0.3 %', 'less than 0.1 %': no more digits than the picture can show. */
export const percent = (share: number): string =>
  share < 0.001
    ? 'less than 0.1 %'
    : `${share >= 0.0995 ? Math.round(100 * share) : Number((100 * share).toPrecision(1))} %`;

/** theta at frame `i` of a flow whose parameters are kept, a view. */
export const frameOf = (parameters: Float64Array, size: number, i: number): Float64Array =>
  parameters.subarray(i * size, (i + 1) * size);
