import { jumpPoints, recordedWith } from '../flow/jump-points.ts';
import type { FlowPlan } from '../flow/plan.ts';
import { explicitSchedule, stepSchedule, timeSchedule } from '../flow/record.ts';
import { createLoss } from '../model/network.ts';
import { isMlpProblem, type Problem } from '../model/problem.ts';
import { conservedQuantities } from '../symmetry/conserved-quantities.ts';
import type { ConservedQuantity } from '../symmetry/conserved-quantity.ts';
import { conservedMoments } from '../symmetry/moments.ts';
import { reachable, setPerUnit, setTotal, UnreachableError } from '../symmetry/set-conserved.ts';
import { buildProblem, initialParameters } from './build.ts';
import { DocumentError } from './document-error.ts';
import type { ConservedQuantityDocument, Experiment, ParametersRecorded } from './experiment.ts';
import { checkMemory } from './memory.ts';
import { resolveTeleportation } from './resolve-teleportation.ts';
import type { ConservedSetting, ResolvedExperiment, ResolvedFlow } from './resolved-experiment.ts';
import { hasTwin, teleportationSchedule } from './teleportations.ts';

/**
 * Turns a validated experiment into what an engine needs. `kept`: which parameters the caller will hold in memory. `before`: the
 * same experiment with another steered Q, resolved; what it knows of the group holds.
 * Throws DocumentError when it would not fit in memory or when Q cannot be set as asked.
 */
export function resolveExperiment(
  experiment: Experiment,
  kept: ParametersRecorded = 'all',
  before?: ResolvedExperiment,
): ResolvedExperiment {
  checkMemory(experiment, kept);
  const problem = buildProblem(experiment);
  const start = initialParameters(experiment);
  const conserved = conservedQuantities(problem);
  const document = experiment.conservedQuantity;
  const layerPair = document?.layerPair ?? 0;
  const quantity = conserved[layerPair] ?? null;
  const steered = steeredParameters(problem, start, document);
  const sweep = document ? sweepFlows(problem, start, document) : [];
  const first = steeredFlow(experiment, quantity, steered);
  const all = experiment.teleportations?.flows !== 'steered';
  const others = [...sweep, ...replicaFlows(experiment, quantity)].map((flow) => ({
    ...flow,
    teleports: all,
  }));
  const flows: ResolvedFlow[] = [{ ...first, teleports: true }, ...others];
  if (hasTwin(experiment)) flows.push(twinOf(flows[0]!));
  const setting = quantity && conservedSetting(experiment, problem, quantity, start, steered);
  const teleportation = before ? before.teleportation : resolveTeleportation(experiment, problem, start);
  return { experiment, problem, plan: flowPlan(experiment), flows, conserved, setting, teleportation };
}

/** The flow document as a plan: integrator, duration, what to record (every point of a jump, too), when to stop. */
export function flowPlan(experiment: Experiment): FlowPlan {
  const plan = planWithoutJumps(experiment);
  const { teleportations } = experiment;
  if (!teleportations) return plan;
  return { ...plan, record: recordedWith(plan, jumpPoints(plan, teleportationSchedule(teleportations))) };
}

function planWithoutJumps({ flow, record }: Experiment): FlowPlan {
  const { stop = {}, weightDecay = 0 } = flow;
  const decay = weightDecay > 0 && { weightDecay };
  if (flow.integrator === 'dormand-prince') {
    const { integrator, tolerance, time } = flow;
    // Validated: explicit steps come with fixed-step integrators only.
    const { count, spacing } = record as Extract<typeof record, { count: number }>;
    return {
      kind: 'adaptive',
      integrator,
      tolerance,
      time,
      record: timeSchedule(time, count, spacing),
      stop,
      ...decay,
    };
  }
  const { integrator, stepSize, steps } = flow;
  const schedule =
    'steps' in record ? explicitSchedule(record.steps) : stepSchedule(steps, record.count, record.spacing);
  return { kind: 'fixed-step', integrator, stepSize, steps, record: schedule, stop, ...decay };
}

/** Whether `b` differs from `a` at most in how the steered Q is set, so that only flow 0 has to be computed again. */
export function sameExceptSteering(a: Experiment, b: Experiment): boolean {
  const { conservedQuantity: steeredA, ...restA } = a;
  const { conservedQuantity: steeredB, ...restB } = b;
  const context = (quantity: ConservedQuantityDocument | undefined) =>
    quantity && { layerPair: quantity.layerPair, sweep: quantity.sweep };
  return equal(restA, restB) && equal(context(steeredA), context(steeredB));
}

function steeredParameters(
  problem: Problem,
  start: Float64Array,
  document: ConservedQuantityDocument | undefined,
): Float64Array {
  if (document?.value === undefined) return start;
  const { layerPair } = document;
  return reach('conservedQuantity.value', () =>
    document.kind === 'per-unit'
      ? setPerUnit(problem, start, layerPair, document.value)
      : setTotal(problem, start, layerPair, document.value!),
  );
}

function steeredFlow(
  { initialisation, conservedQuantity: document }: Experiment,
  quantity: ConservedQuantity | null,
  parameters: Float64Array,
): StartedFlow {
  const q = quantity?.total(parameters) ?? null;
  const seeds = initialisation.kind !== 'explicit' && (initialisation.replicas ?? 0) > 0;
  const label =
    q !== null && (document || !seeds) ? qLabel(q) : seeds ? `seed ${initialisation.seed}` : 'flow';
  return { role: 'steered', label, q, parameters };
}

function sweepFlows(
  problem: Problem,
  start: Float64Array,
  { layerPair, sweep }: ConservedQuantityDocument,
): StartedFlow[] {
  if (!sweep) return [];
  const { from, to, count } = sweep;
  return Array.from({ length: count }, (_, i) => {
    const q = i === count - 1 ? to : from + ((to - from) * i) / (count - 1);
    const end = i === count - 1 ? 'to' : 'from';
    const parameters = reach(`conservedQuantity.sweep.${end}`, () => setTotal(problem, start, layerPair, q));
    return { role: 'sweep', label: qLabel(q), q, parameters };
  });
}

function replicaFlows(experiment: Experiment, quantity: ConservedQuantity | null): StartedFlow[] {
  const { initialisation } = experiment;
  if (initialisation.kind === 'explicit') return [];
  return Array.from({ length: initialisation.replicas ?? 0 }, (_, i) => {
    const parameters = initialParameters(experiment, i + 1);
    const q = quantity?.total(parameters) ?? null;
    return { role: 'replica', label: `seed ${initialisation.seed + i + 1}`, q, parameters };
  });
}

type StartedFlow = Omit<ResolvedFlow, 'teleports'>;

/** The same flow without the jumps. */
const twinOf = (steered: ResolvedFlow): ResolvedFlow => ({
  ...steered,
  role: 'twin',
  teleports: false,
  label: steered.label === 'flow' ? 'not teleported' : `${steered.label}, not teleported`,
});

function conservedSetting(
  { initialisation }: Experiment,
  problem: Problem,
  quantity: ConservedQuantity,
  start: Float64Array,
  steered: Float64Array,
): ConservedSetting {
  const { layerPair, units } = quantity;
  const { method, total, units: unitIntervals } = reachable(problem, start, layerPair);
  const measure = (theta: Float64Array) => {
    const perUnit = Array.from(quantity.perUnit(theta));
    return { total: perUnit.reduce((sum, q) => sum + q, 0), perUnit };
  };
  const initial = measure(start);
  const moved = steered !== start;
  return {
    layerPair,
    units,
    method,
    interval: total,
    unitIntervals,
    initial,
    steered: moved ? measure(steered) : initial,
    lossChange: moved ? lossChange(problem, start, steered) : 0,
    moments:
      initialisation.kind === 'explicit' || !isMlpProblem(problem)
        ? null
        : conservedMoments(problem, quantity, initialisation),
  };
}

function lossChange(problem: Problem, from: Float64Array, to: Float64Array): number {
  const loss = createLoss(problem);
  return loss.loss(to) - loss.loss(from);
}

/** Six significant digits tell the flows of a sweep apart; a rounding error is zero. */
const qLabel = (q: number): string => `Q = ${Math.abs(q) < 1e-12 ? 0 : Number(q.toPrecision(6))}`;

function reach(path: string, set: () => Float64Array): Float64Array {
  try {
    return set();
  } catch (error) {
    if (error instanceof UnreachableError) throw new DocumentError(path, `${path}: ${error.message}`);
    throw error;
  }
}

/** Equality of plain data, whatever the order of keys. */
function equal(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  const keys = Object.keys(a);
  return (
    keys.length === Object.keys(b).length &&
    keys.every((key) => Object.hasOwn(b, key) && equal(a[key as keyof typeof a], b[key as keyof typeof b]))
  );
}
