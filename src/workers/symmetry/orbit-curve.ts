import type { ChartFlow, OrbitCurve } from '../../landscape/chart-input.ts';
import { legOf } from '../../landscape/placement.ts';
import { flowSegments } from '../../landscape/valley-line.ts';

/** exp(s X) . theta; null where it is not defined. */
export type Move = (from: Float64Array, s: number) => Float64Array | null;

/**
 * The orbit as the charts take it: every point with the segment of the flow to which the frame belongs moved along, NaN where there is no
 * point. `twin`: the flow without jumps, if there is one.
 */
export function orbitCurve(
  flow: ChartFlow,
  twin: Pick<ChartFlow, 'end'> | null,
  frame: number,
  s: Float64Array,
  thetas: readonly (Float64Array | null)[],
  move: Move,
): OrbitCurve {
  const segments = flowSegments(flow, twin) ?? [{ start: flow.start!, end: flow.end! }];
  const { start, end } = segments[legOf(flow, frame)] ?? segments[0]!;
  const moved = (from: Float64Array) =>
    rows(
      Array.from(s, (at) => move(from, at)),
      from.length,
    );
  return { s, parameters: rows(thetas, start.length), starts: moved(start), ends: moved(end) };
}

/** Rows of length `size` one after the other; a row that is missing is NaN. */
function rows(of: readonly (Float64Array | null)[], size: number): Float64Array {
  const all = new Float64Array(of.length * size).fill(Number.NaN);
  of.forEach((row, i) => {
    if (row) all.set(row, i * size);
  });
  return all;
}
