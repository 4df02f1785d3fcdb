import { abs, add, div, mean, mul, square, sub, type Tensor, tensor2d } from '@tensorflow/tfjs-core';
import { type ControllerState, controlStep, initialStep, startController } from '../../flow/controller.ts';
import { integrator } from '../../flow/integrator.ts';
import { LARGEST_STEP_COUNT, STRETCH } from '../../flow/march.ts';
import { type Outcome, outcomes } from '../../flow/outcome.ts';
import type { AdaptivePlan } from '../../flow/plan.ts';
import { SMALLEST_TOLERANCE } from '../webgpu/dispatch.ts';
import type { Ledger } from './ledger.ts';
import { CHUNK_MILLISECONDS, type Live, type March, replaceState, settle } from './live.ts';
import type { TensorNetwork } from './network.ts';
import type { Session } from './session.ts';
import { freeState, joinStates, pickStates, type State } from './state.ts';
import { attemptStep, MEASURES } from './stepper.ts';

/** A step that a flow is about to attempt: of size `h`, to `time`; `clipped` to end there. */
interface Proposal {
  readonly h: number;
  readonly time: number;
  readonly clipped: boolean;
}

/**
 * Steps sized for each flow by the controller of flow/controller.ts, which runs here: of every attempt a few numbers per flow
 * come back. The rules are those of `marchAdaptive` in flow/march.ts. Rejects with TypeError when the integrator estimates no
 * error.
 */
export async function adaptiveMarch(
  session: Session,
  network: TensorNetwork,
  ledger: Ledger,
  plan: AdaptivePlan,
  live: Live,
): Promise<March> {
  const { tableau } = integrator(plan.integrator);
  if (!tableau.error)
    throw new TypeError(`${plan.integrator} estimates no error: give it a step size, not a tolerance.`);
  const tolerance = Math.max(plan.tolerance, SMALLEST_TOLERANCE);
  const sizes = await firstSteps(session, network, live, tolerance, tableau.errorOrder);
  const controllers = new Map(live.flows.map((flow, row) => [flow, startController(sizes[row]!)]));
  let attempts = 0;

  const propose = (flow: number): Proposal => {
    const { time } = ledger.entries[flow]!;
    const { step } = controllers.get(flow)!;
    const until = plan.record.by === 'time' ? ledger.nextRecord(flow) : Number.POSITIVE_INFINITY;
    const target = Math.min(until, plan.time);
    const clipped = time + step * STRETCH >= target;
    return clipped ? { h: target - time, time: target, clipped } : { h: step, time: time + step, clipped };
  };

  /** Why a flow cannot take its next step; null when it can. */
  const obstacle = (flow: number, { h }: Proposal): Outcome | null => {
    const { time } = ledger.entries[flow]!;
    if (attempts >= LARGEST_STEP_COUNT) return outcomes.tooManySteps(LARGEST_STEP_COUNT, time);
    return time + h === time ? outcomes.stepSizeUnderflow(time) : null;
  };

  /** The controller after an attempt. Clipping for a record point does not change its proposal. */
  const control = (before: ControllerState, { h, clipped }: Proposal, error: number): ControllerState => {
    const next = controlStep(before, h, error, tableau.errorOrder);
    return clipped && !next.rejected
      ? { ...before, step: Math.max(next.step, before.step), rejected: false }
      : next;
  };

  /** Tells the controller of a flow what came of an attempt; whether it is accepted. */
  const accepts = (flow: number, proposal: Proposal, squaredError: number): boolean => {
    const controller = control(controllers.get(flow)!, proposal, Math.sqrt(squaredError));
    controllers.set(flow, controller);
    return !controller.rejected;
  };

  /** How a flow ends at its present state; null when it goes on. */
  const endingOf = (flow: number, loss: number, squaredSlope: number): Outcome | null => {
    const { step } = ledger.entries[flow]!;
    const stop = ledger.stopRule(flow, loss, Math.sqrt(squaredSlope));
    if (stop === 'converged') return outcomes.converged(step);
    if (stop === 'diverged') return outcomes.diverged(step, null);
    return ledger.finished(flow) ? outcomes.completed() : null;
  };

  /** One attempt of every flow; whether a flow was recorded or ended. */
  async function attempt(live: Live): Promise<boolean> {
    const proposals = live.flows.map(propose);
    const due = new Set<number>();
    const endings = new Map<number, Outcome>();
    live.flows.forEach((flow, row) => {
      const outcome = obstacle(flow, proposals[row]!);
      if (outcome) endings.set(flow, outcome);
    });
    if (endings.size === 0) {
      attempts++;
      const sizes = proposals.map(({ h }) => h);
      const { candidate, measures } = session.compute(() =>
        attemptStep(network, tableau, live.state, tensor2d(sizes, [sizes.length, 1]), tolerance),
      );
      try {
        const numbers = await session.download(measures);
        const accepted = live.flows.map((flow, row) => {
          const [loss, slope, error] = numbers.subarray(MEASURES * row, MEASURES * (row + 1));
          const proposal = proposals[row]!;
          if (!accepts(flow, proposal, error!)) return false;
          if (ledger.moveTo(flow, ledger.entries[flow]!.step + 1, proposal.time)) due.add(flow);
          const ending = endingOf(flow, loss!, slope!);
          if (ending) endings.set(flow, ending);
          return true;
        });
        replaceState(
          live,
          session.compute(() => select(live.state, candidate, accepted)),
        );
      } finally {
        if (live.state !== candidate) freeState(candidate);
      }
    }
    await settle(session, ledger, live, due, endings);
    return due.size > 0 || endings.size > 0;
  }

  return {
    async advance(live) {
      const began = performance.now();
      let steps = 0;
      for (;;) {
        steps += live.flows.length;
        if ((await attempt(live)) || performance.now() - began >= CHUNK_MILLISECONDS) return steps;
      }
    },
  };
}

/** Row by row: the candidate where it was accepted, else the present state. */
function select(present: State, candidate: State, accepted: readonly boolean[]): State {
  if (accepted.every(Boolean)) return candidate;
  if (!accepted.some(Boolean)) return present;
  const rows = accepted.map((moves, row) => (moves ? accepted.length + row : row));
  return pickStates(joinStates(present, candidate), rows);
}

/** `initialStep` at every live state. */
async function firstSteps(
  session: Session,
  network: TensorNetwork,
  { state }: Live,
  tolerance: number,
  errorOrder: number,
): Promise<number[]> {
  const { high, gradient } = state;
  const scaled = (vector: Tensor) => mean(square(div(vector, mul(tolerance, add(1, abs(high))))), 1);
  const download = async (work: () => Tensor) =>
    (await session.download(session.compute(work))).map(Math.sqrt);
  const stateNorms = await download(() => scaled(high));
  const slopeNorms = await download(() => scaled(gradient));
  const sizes = (slopeChange: (row: number, h: number) => number) =>
    Array.from(stateNorms, (stateNorm, row) =>
      initialStep(stateNorm, slopeNorms[row]!, (h) => slopeChange(row, h), errorOrder),
    );
  // How far to look ahead is known only to `initialStep`: the first call finds out, the second uses what was seen there.
  const guesses: number[] = [];
  sizes((row, h) => {
    guesses[row] = h;
    return 0;
  });
  const changes = await download(() => {
    const ahead = sub(high, mul(tensor2d(guesses, [guesses.length, 1]), gradient));
    return scaled(sub(network.gradient(ahead).gradient, gradient));
  });
  return sizes((row) => changes[row]!);
}
