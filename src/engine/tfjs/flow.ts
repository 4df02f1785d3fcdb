import type { FlowBatch, FlowChunk } from '../../flow/chunk.ts';
import { outcomes } from '../../flow/outcome.ts';
import type { FlowPlan } from '../../flow/plan.ts';
import type { Problem } from '../../model/problem.ts';
import { concatenate } from '../chunks.ts';
import { createPause } from '../cpu/pause.ts';
import { adaptiveMarch } from './adaptive-march.ts';
import { fixedMarch } from './fixed-march.ts';
import { type Ledger, openLedger } from './ledger.ts';
import { CHUNK_MILLISECONDS, type Live, settle } from './live.ts';
import { createTensorNetwork, type TensorNetwork } from './network.ts';
import type { Session } from './session.ts';
import { freeState, stateAt } from './state.ts';

/** Integrates a batch whose flows all fit at once, in chunks of about a frame's time. Frees every tensor, however it ends. */
export async function* runFlows(
  session: Session,
  problem: Problem,
  batch: FlowBatch,
  plan: FlowPlan,
  signal: AbortSignal | undefined,
): AsyncGenerator<FlowChunk> {
  const pause = createPause();
  const ledger = openLedger(problem, batch, plan);
  try {
    let began = performance.now();
    for (let flow = 0; flow < batch.count; flow++) {
      ledger.enter();
      if (performance.now() - began < CHUNK_MILLISECONDS) continue;
      yield ledger.take(0);
      await pause();
      began = performance.now();
    }
    yield ledger.take(0);
    if (ledger.running().length > 0) yield* march(session, problem, ledger, plan, signal, pause);
  } finally {
    ledger.close();
  }
}

/** Moves the running flows of a ledger until all have ended. */
async function* march(
  session: Session,
  problem: Problem,
  ledger: Ledger,
  plan: FlowPlan,
  signal: AbortSignal | undefined,
  pause: () => Promise<void>,
): AsyncGenerator<FlowChunk> {
  const network = session.compute(() => createTensorNetwork(problem, session.rowsAtOnce));
  let live: Live | null = null;
  try {
    live = startLive(session, network, ledger);
    const { advance } =
      plan.kind === 'fixed-step'
        ? fixedMarch(session, network, ledger, plan)
        : await adaptiveMarch(session, network, ledger, plan, live);
    while (live.flows.length > 0) {
      await pause();
      if (signal?.aborted) {
        await cancel(session, ledger, live);
        yield ledger.take(0);
      } else {
        yield ledger.take(await advance(live));
      }
    }
  } finally {
    if (live) freeState(live.state);
    network.dispose();
  }
}

/** The running flows at their origins. */
function startLive(session: Session, network: TensorNetwork, ledger: Ledger): Live {
  const flows = ledger.running();
  const origins = concatenate(flows.map((flow) => ledger.entries[flow]!.origin));
  return { flows, state: session.compute(() => stateAt(network, origins)) };
}

/** Ends every flow where it is. */
async function cancel(session: Session, ledger: Ledger, live: Live): Promise<void> {
  const endings = new Map(live.flows.map((flow) => [flow, outcomes.cancelled(ledger.entries[flow]!.step)]));
  await settle(session, ledger, live, new Set(), endings);
}
