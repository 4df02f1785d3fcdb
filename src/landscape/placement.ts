import type { ChartJump, ChartOrbit, ChartPath } from './chart.ts';
import type { ChartInput } from './chart-input.ts';
import { type DrawnFlow, frameOf, height } from './chart-parts.ts';
import { lossesOf } from './loss-batch.ts';

/** Where a state lies on a chart, and how far from it. */
export interface Placement {
  readonly x: number;
  readonly y: number;
  readonly offChart: number;
}

/** Places a state of a flow; `leg` is the number of jumps before it. */
export type PlaceState = (theta: Float64Array, leg: number) => Placement;

/** The number of jumps of a flow up to frame `i`, that frame included. */
export const legOf = ({ jumps }: Pick<DrawnFlow, 'jumps'>, i: number): number =>
  jumps?.filter(({ frame }) => frame <= i).length ?? 0;

/** The path of a flow whose parameters are known at every frame (`size` each), with its jumps where it really was before and after. */
export function placedPath(flow: DrawnFlow, size: number, place: PlaceState): ChartPath {
  const { index, count, parameters, loss } = flow;
  const x = new Float32Array(count);
  const y = new Float32Array(count);
  const offChart = new Float32Array(count);
  for (let i = 0; i < count; i++) {
    const at = place(frameOf(parameters!, size, i), legOf(flow, i));
    x[i] = at.x;
    y[i] = at.y;
    offChart[i] = at.offChart;
  }
  const path = { flow: index, x, y, height: Float32Array.from(loss.subarray(0, count), height), offChart };
  return { ...path, jumps: placedJumps(flow, path, place) };
}

/**
 * The jumps of a flow. Ends whose parameters are unknown stand where the path was recorded before and after; where `place` is
 * null, all do.
 */
export function placedJumps(
  { jumps = [] }: DrawnFlow,
  { x, y }: Pick<ChartPath, 'x' | 'y'>,
  place: PlaceState | null,
): ChartJump[] {
  return jumps.map(({ frame, from, to, loss, q }, leg) => {
    const end = (theta: Float64Array | null, side: 0 | 1) => {
      const i = frame - 1 + side;
      const at = theta && place ? place(theta, leg + side) : { x: x[i] ?? Number.NaN, y: y[i] ?? Number.NaN };
      return { x: at.x, y: at.y, height: height(loss[side]) };
    };
    return { frame, from: end(from, 0), to: end(to, 1), q: q[1] };
  });
}

/** The curve of the orbit explorer at true losses; null where there is none. `place` gets the index of the point too. */
export async function placedOrbit(
  input: ChartInput,
  place: (theta: Float64Array, index: number) => Placement,
): Promise<ChartOrbit | null> {
  const { orbitCurve: curve } = input;
  if (!curve) return null;
  const count = curve.s.length;
  const size = curve.parameters.length / count;
  const states = Array.from({ length: count }, (_, i) => frameOf(curve.parameters, size, i));
  const losses = await lossesOf(input, count, (i, theta) => theta.set(states[i]!));
  const places = states.map(place);
  return {
    s: Float32Array.from(curve.s),
    x: Float32Array.from(places, ({ x }) => x),
    y: Float32Array.from(places, ({ y }) => y),
    height: Float32Array.from(losses, height),
    offChart: Float32Array.from(places, ({ offChart }) => offChart),
  };
}
