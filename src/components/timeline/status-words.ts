import { formatDuration } from '../../flow/duration.ts';
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

/** How long the run takes: 'about 12 s' before it is under way, then '8 s left'; empty where that is hardly worth reading. */
export function estimateWords({ status, engine, remaining }: RunState): string {
  if (status !== 'running') return '';
  if (remaining !== null) return remaining >= 1 ? `${formatDuration(remaining)} left` : '';
  const seconds = engine?.seconds ?? 0;
  return seconds >= 1 ? `about ${formatDuration(seconds)}` : '';
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

/**
 * What the outcomes advise: the steered flow's sentence, else the first there is, and how many other flows ended in the
 * same way. `text` is empty when nothing needs saying.
 */
export function advice(
  outcomes: readonly (Outcome | null)[],
  steered: number | null,
): { readonly text: string; readonly others: number } {
  const own = steered === null ? null : outcomes[steered];
  const first = own?.message ? own : outcomes.find((outcome) => outcome?.message);
  if (!first) return { text: '', others: 0 };
  const alike = outcomes.filter((outcome) => outcome?.kind === first.kind && outcome.message !== '');
  return { text: first.message, others: alike.length - 1 };
}

/** How the dot before the status line is coloured: by the run, and by flows that ended badly. */
export function statusTone(
  status: RunState['status'],
  outcomes: readonly (Outcome | null)[],
): 'busy' | 'good' | 'warning' {
  if (status === 'running' || status === 'starting') return 'busy';
  const badly = outcomes.some(
    (outcome) => outcome && outcome.kind !== 'completed' && outcome.kind !== 'converged',
  );
  return badly || status === 'failed' || status === 'cancelled' ? 'warning' : 'good';
}
