import type { Outcome } from '../../flow/outcome.ts';
import type { Ledger } from './ledger.ts';
import type { Session } from './session.ts';
import { downloadThetas, freeState, pickStates, type State } from './state.ts';

/** A chunk takes about as long as a frame of the display. */
export const CHUNK_MILLISECONDS = 16;

/** The flows of a batch that go on, and their states: row i of `state` is flow `flows[i]`. Owns the tensors. */
export interface Live {
  flows: readonly number[];
  state: State;
}

/** How a plan moves live flows. */
export interface March {
  /** Moves them on for about the time of a frame of the display and settles them. Returns the steps taken, rejected ones included. */
  advance(live: Live): Promise<number>;
}

/** Puts another state in place of the present one, which is freed. */
export function replaceState(live: Live, next: State): void {
  const before = live.state;
  live.state = next;
  if (next !== before) freeState(before);
}

/** Records the flows that are due, ends those with an outcome and lets them go. */
export async function settle(
  session: Session,
  ledger: Ledger,
  live: Live,
  due: ReadonlySet<number>,
  endings: ReadonlyMap<number, Outcome>,
): Promise<void> {
  const rows = [...live.flows.keys()].filter((row) => {
    const flow = live.flows[row]!;
    return due.has(flow) || endings.has(flow);
  });
  const thetas = await downloadThetas(session, live.state, rows);
  rows.forEach((row, i) => {
    const flow = live.flows[row]!;
    ledger.record(flow, thetas[i]!, endings.get(flow));
  });
  const left = [...live.flows.keys()].filter((row) => !endings.has(live.flows[row]!));
  if (left.length < live.flows.length && left.length > 0) {
    replaceState(
      live,
      session.compute(() => pickStates(live.state, left)),
    );
  }
  live.flows = left.map((row) => live.flows[row]!);
}
