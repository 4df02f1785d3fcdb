import { concat, type Tensor } from '@tensorflow/tfjs-core';
import { integrator } from '../../flow/integrator.ts';
import { type Outcome, outcomes } from '../../flow/outcome.ts';
import type { FixedStepPlan } from '../../flow/plan.ts';
import { createPacer } from '../webgpu/pacer.ts';
import type { Ledger } from './ledger.ts';
import { type Live, type March, replaceState, settle } from './live.ts';
import type { TensorNetwork } from './network.ts';
import type { Session } from './session.ts';
import { stableStepSizes } from './stability.ts';
import { freeState, type State } from './state.ts';
import { attemptStep, MEASURES } from './stepper.ts';

/** Steps between two looks at their measures at most: they are a tensor each. */
const LARGEST_WALK = 256;

/** A stop rule that a flow meets `after` steps, by which it has reached step `step`. */
interface Stop {
  readonly flow: number;
  readonly after: number;
  readonly step: number;
  readonly kind: 'diverged' | 'converged';
}

/**
 * Steps of one size, taken many at a time: what they measure is looked at only at the end. Where a flow turns out to have met
 * a stop rule on the way, the walk is repeated up to there; that happens once per flow.
 */
export function fixedMarch(
  session: Session,
  network: TensorNetwork,
  ledger: Ledger,
  plan: FixedStepPlan,
): March {
  const { stepSize, record, steps } = plan;
  const { tableau } = integrator(plan.integrator);
  const pacer = createPacer(1);
  const offsets = ledger.entries.map(({ step, time }) => time - stepSize * step);

  /** `count` steps from `from`, and the measures of each, [count flows][MEASURES]. */
  const walk = (from: State, count: number): { readonly state: State; readonly measures: Tensor } =>
    session.compute(() => {
      const all: Tensor[] = [];
      let state = from;
      for (let i = 0; i < count; i++) {
        const { candidate, measures } = attemptStep(network, tableau, state, stepSize, 0);
        if (state !== from) freeState(state);
        state = candidate;
        all.push(measures);
      }
      return { state, measures: concat(all) };
    });

  /** Steps until the first of the flows has to be recorded or is finished. */
  const stepsToGo = (flows: readonly number[]): number =>
    Math.min(
      ...flows.map((flow) => {
        const { step, time } = ledger.entries[flow]!;
        const next = ledger.nextRecord(flow);
        const toRecord = record.by === 'step' ? next - step : Math.ceil((next - time) / stepSize - 0.5);
        return Math.max(1, Math.min(toRecord, steps - step));
      }),
    );

  /** The stop rules met first. A step to a loss that is no number is not taken. */
  const firstStops = ({ flows }: Live, measures: Float32Array, count: number): Stop[] => {
    const stops = flows.flatMap((flow, row): Stop[] => {
      const { step } = ledger.entries[flow]!;
      for (let i = 1; i <= count; i++) {
        const at = MEASURES * ((i - 1) * flows.length + row);
        const loss = measures[at]!;
        const kind = ledger.stopRule(flow, loss, Math.sqrt(measures[at + 1]!));
        if (kind) return [{ flow, kind, step: step + i, after: Number.isFinite(loss) ? i : i - 1 }];
      }
      return [];
    });
    const first = Math.min(...stops.map(({ after }) => after));
    return stops.filter(({ after }) => after === first);
  };

  const outcomesOf = async (stops: readonly Stop[]): Promise<Map<number, Outcome>> => {
    const diverged = stops.filter(({ kind }) => kind === 'diverged').map(({ flow }) => flow);
    const origins = diverged.map((flow) => ledger.entries[flow]!.origin);
    const sizes = await stableStepSizes(session, network, origins, stepSize);
    return new Map(
      stops.map(({ flow, kind, step }) => [
        flow,
        kind === 'converged'
          ? outcomes.converged(step)
          : outcomes.diverged(step, sizes[diverged.indexOf(flow)]!),
      ]),
    );
  };

  return {
    async advance(live) {
      const count = Math.min(pacer.budget, LARGEST_WALK, stepsToGo(live.flows));
      const flows = live.flows.length;
      const began = performance.now();
      const ahead = walk(live.state, count);
      let stops: Stop[];
      try {
        const measures = await session.download(ahead.measures);
        pacer.learn(count, performance.now() - began);
        stops = firstStops(live, measures, count);
      } catch (error) {
        freeState(ahead.state);
        throw error;
      }
      const taken = stops[0]?.after ?? count;
      if (taken === count) {
        replaceState(live, ahead.state);
      } else {
        freeState(ahead.state);
        if (taken > 0) {
          const again = walk(live.state, taken);
          again.measures.dispose();
          replaceState(live, again.state);
        }
      }
      const endings = await outcomesOf(stops);
      const due = new Set<number>();
      for (const flow of live.flows) {
        const step = ledger.entries[flow]!.step + taken;
        if (ledger.moveTo(flow, step, offsets[flow]! + stepSize * step)) due.add(flow);
        if (!endings.has(flow) && ledger.finished(flow)) endings.set(flow, outcomes.completed());
      }
      await settle(session, ledger, live, due, endings);
      return taken * flows;
    },
  };
}
