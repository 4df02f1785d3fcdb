import { type Outcome, outcomeKinds } from '../../flow/outcome.ts';
import type { RunState } from '../../store/run.ts';
import type { EngineSummary } from '../../workers/protocol.ts';
import { formatInteger, plural } from '../format.ts';

/** 'cpu, float64 (no WebGPU adapter)', with the device in the hover text. */
export function engineWords(engine: EngineSummary | null): { readonly text: string; readonly title: string } {
  if (!engine) return { text: 'Choosing an engine …', title: '' };
  const reason = engine.reason ? ` (${engine.reason})` : '';
  return { text: `${engine.kind}, ${engine.precision}${reason}`, title: engine.device };
}

/** '33 flows: 31 converged, 2 running'. */
export function outcomeWords(outcomes: readonly (Outcome | null)[], status: RunState['status']): string {
  if (outcomes.length === 0) return status === 'failed' ? 'no run' : 'starting …';
  const open = outcomes.filter((outcome) => outcome === null).length;
  const parts = outcomeKinds
    .map((kind) => [kind, outcomes.filter((outcome) => outcome?.kind === kind).length] as const)
    .filter(([, count]) => count > 0)
    .map(([kind, count]) => `${formatInteger(count)} ${kind}`);
  if (open > 0) parts.push(`${formatInteger(open)} ${status === 'cancelled' ? 'cancelled' : 'running'}`);
  return `${plural(outcomes.length, 'flow')}: ${parts.join(', ')}`;
}

/** The advice of the outcomes, each sentence once, with the number of flows it is about. */
export function advice(
  outcomes: readonly (Outcome | null)[],
): { readonly text: string; readonly flows: number }[] {
  const counts = new Map<string, number>();
  for (const outcome of outcomes)
    if (outcome?.message) counts.set(outcome.message, (counts.get(outcome.message) ?? 0) + 1);
  return [...counts].map(([text, flows]) => ({ text, flows }));
}
