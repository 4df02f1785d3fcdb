import type { FlowBatch, FlowChunk } from '../../flow/chunk.ts';
import { outcomes } from '../../flow/outcome.ts';
import type { FlowPlan } from '../../flow/plan.ts';
import type { Problem } from '../../model/problem.ts';
import { concatenate } from '../chunks.ts';
import { createPause } from '../cpu/pause.ts';
import { adaptiveMarch } from './adaptive-march.ts';
import { fixedMarch } from './fixed-march.ts';
import { openLedger } from './ledger.ts';
import { type Live, settle } from './live.ts';
import { createTensorNetwork } from './network.ts';
import type { Session } from './session.ts';
import { freeState, stateAt } from './state.ts';

const CHUNK_MILLISECONDS = 16;

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
  let began = performance.now();
  for (let flow = 0; flow < batch.count; flow++) {
    ledger.enter();
    if (performance.now() - began < CHUNK_MILLISECONDS) continue;
    yield ledger.take(0);
    await pause();
    began = performance.now();
  }
  const flows = ledger.running();
  yield ledger.take(0);
  if (flows.length === 0) return;

  const network = session.compute(() => createTensorNetwork(problem, session.rowsAtOnce));
  let started: Live | null = null;
  try {
    const origins = concatenate(flows.map((flow) => ledger.entries[flow]!.origin));
    const live: Live = { flows, state: session.compute(() => stateAt(network, origins)) };
    started = live;
    const march =
      plan.kind === 'fixed-step'
        ? fixedMarch(session, network, ledger, plan)
        : await adaptiveMarch(session, network, ledger, plan, live);
    while (live.flows.length > 0) {
      await pause();
      if (signal?.aborted) {
        const cancelled = live.flows.map(
          (flow) => [flow, outcomes.cancelled(ledger.entries[flow]!.step)] as const,
        );
        await settle(session, ledger, live, new Set(), new Map(cancelled));
        yield ledger.take(0);
      } else {
        yield ledger.take(await march.advance(live));
      }
    }
  } finally {
    if (started) freeState(started.state);
    network.dispose();
  }
}
