import type { ChartFlow, OrbitCurve } from '../../landscape/chart-input.ts';

/** exp(s X) . theta; null where it is not defined. */
export type Move = (from: Float64Array, s: number) => Float64Array | null;

/** The orbit as the charts take it: every point with the ends of the flow's leg moved along, NaN where there is no point. */
export function orbitCurve(
  flow: ChartFlow,
  frame: number,
  s: Float64Array,
  thetas: readonly (Float64Array | null)[],
  move: Move,
): OrbitCurve {
  const { start, end } = legOf(flow, frame);
  const moved = (from: Float64Array) =>
    rows(
      Array.from(s, (at) => move(from, at)),
      from.length,
    );
  return { s, parameters: rows(thetas, start.length), starts: moved(start), ends: moved(end) };
}

/** Where the part of a flow between two jumps, to which a frame belongs, begins and ends. */
function legOf(
  { jumps = [], start, end }: ChartFlow,
  frame: number,
): { readonly start: Float64Array; readonly end: Float64Array } {
  const before = jumps.findLast((jump) => jump.frame <= frame);
  const after = jumps.find((jump) => jump.frame > frame);
  return { start: before?.to ?? start!, end: after?.from ?? end! };
}

/** Rows of length `size` one after the other; a row that is missing is NaN. */
function rows(of: readonly (Float64Array | null)[], size: number): Float64Array {
  const all = new Float64Array(of.length * size).fill(Number.NaN);
  of.forEach((row, i) => {
    if (row) all.set(row, i * size);
  });
  return all;
}
