import type { RunSummary } from '../workers/protocol.ts';

/** The range of Q over the flows of a run: the range of the diverging colour map, here and in the view. */
export function flowColourRange(summary: Pick<RunSummary, 'flows'> | null): [number, number] {
  const values = (summary?.flows ?? []).flatMap(({ q }) => (q === null ? [] : [q]));
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
