import type { RunState } from '../store/run.ts';
import type { RunSummary } from '../workers/protocol.ts';
import { shownLayerPair } from './readings.ts';

/** The range of Q over the flows of a run and where they jumped: the range of the diverging colour map, here and in the view. */
export function flowColourRange(run: Pick<RunState, 'summary' | 'jumps'>): [number, number] {
  const pair = shownLayerPair(run);
  const starts = (run.summary?.flows ?? []).map(({ q }) => q);
  const jumped = run.jumps.flatMap((jumps) => jumps.map(({ after }) => after.conserved[pair] ?? null));
  const values = [...starts, ...jumped].filter((q): q is number => q !== null && Number.isFinite(q));
  return values.length > 0 ? [Math.min(...values), Math.max(...values)] : [0, 0];
}

/** Index of the flow that does not teleport; null where there is none. */
export function twinFlow(summary: Pick<RunSummary, 'flows'>): number | null {
  const index = summary.flows.findIndex(({ role }) => role === 'twin');
  return index < 0 ? null : index;
}

/** Index of the steered flow; null where there is none. */
export function steeredFlow(summary: Pick<RunSummary, 'flows'>): number | null {
  const index = summary.flows.findIndex(({ role }) => role === 'steered');
  return index < 0 ? null : index;
}
