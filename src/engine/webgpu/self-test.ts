import type { FlowBatch } from '../../flow/chunk.ts';
import { norm } from '../../flow/norm.ts';
import type { FlowPlan } from '../../flow/plan.ts';
import { initialise } from '../../model/initialisation.ts';
import { parameterLayout } from '../../model/parameters.ts';
import type { Problem } from '../../model/problem.ts';
import type { Engine } from '../engine.ts';

/** Errors below this, relative to the parameters, are the rounding of theta itself. */
const ROUNDING = 1e-12;
/** Relative error of a loss that float32 stays well below. */
const LOSS_ACCURACY = 1e-3;
const STEPS = 12;
/** Attempted steps after which the reference itself is no guide (a flow along a kink of ReLU). */
const LARGEST_REFERENCE = 500;

/**
 * One comparison: how far to go, in units of |theta| / |grad L|, and how far from the reference the engine may be,
 * relative to the movement. Adaptive runs also differ in their step sizes where rounding decides.
 */
interface Trial {
  readonly distance: number;
  readonly tolerance: number;
  readonly accuracy: number;
}

const TRIALS: Readonly<Record<FlowPlan['kind'], readonly [Trial, ...Trial[]]>> = {
  'fixed-step': [
    { distance: 0.1, tolerance: 0, accuracy: 3e-3 },
    // Every update is lost unless it is compensated.
    { distance: 1e-8, tolerance: 0, accuracy: 3e-3 },
  ],
  adaptive: [
    { distance: 0.3, tolerance: 1e-5, accuracy: 0.02 },
    { distance: 1e-8, tolerance: 1e-5, accuracy: 3e-3 },
    // Long enough for the controller to reject steps.
    { distance: 10, tolerance: 1e-3, accuracy: 0.1 },
  ],
};

/** What all comparisons share. */
interface Bench {
  readonly engine: Engine;
  readonly reference: Engine;
  readonly problem: Problem;
  readonly batch: FlowBatch;
  /** |theta| / |grad L| of the first flow. */
  readonly scale: number;
}

/** null, or one clause that says what differs. */
type Verdict = string | null;

/**
 * Compares an engine with the reference on the very kernels that a problem and a plan need: two flows over a visible
 * distance (in several dispatches, recorded on the way), over one that plain float32 would lose, beyond all bounds, to the
 * stopping rule where the plan has one, and losses. Never throws.
 */
export async function selfTest(
  engine: Engine,
  reference: Engine,
  problem: Problem,
  plan: FlowPlan,
): Promise<Verdict> {
  try {
    const starts = [1, 2].map((seed) => genericParameters(problem, seed));
    const batch = { count: starts.length, parameters: concatenate(starts) };
    const [first] = starts;
    const gradient = await reference.gradient(problem, first!);
    const scale = norm(first!) / norm(gradient);
    if (!Number.isFinite(scale)) return null;
    const bench: Bench = { engine, reference, problem, batch, scale };
    for (const trial of TRIALS[plan.kind]) {
      const verdict = await compareFlows(bench, plan, trial);
      if (verdict) return verdict;
    }
    return (
      (await compareStops(bench, plan)) ??
      (await compareDivergence(bench, plan)) ??
      (await compareLosses(bench))
    );
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** A plan over the distance of a trial, for the same kernel. */
function trialPlan(plan: FlowPlan, { distance, tolerance }: Trial, scale: number): FlowPlan {
  const time = distance * scale;
  const stop = plan.stop.gradientNorm === undefined ? {} : { gradientNorm: 0 };
  if (plan.kind === 'fixed-step') {
    const at = Float64Array.of(0, 1, 5, STEPS);
    return { ...plan, stepSize: time / STEPS, steps: STEPS, record: { by: 'step', at }, stop };
  }
  const { by } = plan.record;
  // Only the first of the steps has the same size on both: rounding decides the errors, and so the sizes, of the others.
  const at = by === 'time' ? Float64Array.of(0, time / 3, time) : Float64Array.of(0, 1);
  return { ...plan, tolerance, time, record: { by, at }, stop };
}

async function compareFlows(bench: Bench, plan: FlowPlan, trial: Trial): Promise<Verdict> {
  const { engine, reference, problem, batch } = bench;
  const short = trialPlan(plan, trial, bench.scale);
  const expected = await run(reference, problem, batch, short, LARGEST_REFERENCE);
  if (!expected.complete) return null;
  const actual = await run(engine, problem, batch, short, 2 * LARGEST_REFERENCE);
  const slack = plan.kind === 'fixed-step' ? 0 : 2 + 0.1 * expected.attempts;
  const sameWork = Math.abs(actual.attempts - expected.attempts) <= slack;
  if (!sameWork || actual.states.length !== expected.states.length)
    return 'it does not take the steps of the cpu';
  const size = batch.parameters.length / batch.count;
  for (const [i, { flow, step, time, theta }] of expected.states.entries()) {
    const other = actual.states[i]!;
    const late = Math.abs(other.time - time) > trial.accuracy * time;
    if (other.flow !== flow || late || Math.abs(other.step - step) > slack)
      return 'its states are not those of the cpu';
    const start = batch.parameters.subarray(flow * size, (flow + 1) * size);
    const error = movementError(problem, start, theta, other.theta);
    if (!(error <= trial.accuracy)) return `after ${step} steps it is ${percent(error)} off the cpu`;
  }
  const differs = expected.outcomes.some((kind, flow) => actual.outcomes[flow] !== kind);
  return differs ? 'its flows do not end as those of the cpu' : null;
}

/** Both stop at the mean of the gradient norms on the way. */
async function compareStops(
  { engine, reference, problem, batch, scale }: Bench,
  plan: FlowPlan,
): Promise<Verdict> {
  if (plan.stop.gradientNorm === undefined) return null;
  const short = trialPlan(plan, TRIALS[plan.kind][0], scale);
  const { norms } = await run(reference, problem, batch, short);
  const stopping: FlowPlan = {
    ...short,
    stop: { gradientNorm: norms.reduce((sum, value) => sum + value, 0) / norms.length },
  };
  const actual = await run(engine, problem, batch, stopping);
  const expected = await run(reference, problem, batch, stopping);
  const lastStep = ({ states }: Run, flow: number) =>
    states.findLast((state) => state.flow === flow)?.step ?? 0;
  const differs = expected.outcomes.some(
    (kind, flow) =>
      actual.outcomes[flow] !== kind || Math.abs(lastStep(actual, flow) - lastStep(expected, flow)) > 1,
  );
  return differs ? 'it does not stop where the cpu stops' : null;
}

/** Fixed steps beyond all bounds diverge on both. */
async function compareDivergence(
  { engine, reference, problem, batch }: Bench,
  plan: FlowPlan,
): Promise<Verdict> {
  if (plan.kind !== 'fixed-step') return null;
  const record = { by: 'step', at: Float64Array.of(0) } as const;
  const wild: FlowPlan = {
    ...plan,
    stepSize: 1e30,
    steps: STEPS,
    record,
    stop: trialPlan(plan, TRIALS[plan.kind][0], 1).stop,
  };
  const actual = await run(engine, problem, batch, wild);
  const expected = await run(reference, problem, batch, wild);
  const missed = expected.outcomes.some(
    (kind, flow) => kind === 'diverged' && actual.outcomes[flow] !== kind,
  );
  return missed ? 'it does not see a flow diverge' : null;
}

async function compareLosses({ engine, reference, problem, batch }: Bench): Promise<Verdict> {
  const actual = await engine.loss(problem, batch.parameters);
  const expected = await reference.loss(problem, batch.parameters);
  const error = Math.max(...expected.map((value, i) => Math.abs(actual[i]! - value) / Math.abs(value || 1)));
  return error <= LOSS_ACCURACY ? null : `its loss is ${percent(error)} off the cpu`;
}

/** Largest error within a layer's weights or biases, relative to the largest movement among them. */
function movementError(
  problem: Problem,
  start: Float64Array,
  expected: Float64Array,
  actual: Float64Array,
): number {
  const blocks = parameterLayout(problem.architecture).layers.flatMap(({ weight, bias, rows, columns }) => [
    { from: weight, length: rows * columns },
    ...(bias < 0 ? [] : [{ from: bias, length: rows }]),
  ]);
  const errors = blocks.map(({ from, length }) => {
    let [error, movement, size] = [0, 0, 0];
    for (let p = from; p < from + length; p++) {
      error = Math.max(error, Math.abs(actual[p]! - expected[p]!));
      movement = Math.max(movement, Math.abs(expected[p]! - start[p]!));
      size = Math.max(size, Math.abs(start[p]!));
    }
    return error <= ROUNDING * size ? 0 : error / movement;
  });
  return Math.max(...errors);
}

type Run = Awaited<ReturnType<typeof run>>;

/** Runs a batch to its end, or until it has attempted `limit` steps. */
async function run(
  engine: Engine,
  problem: Problem,
  batch: FlowBatch,
  plan: FlowPlan,
  limit = Number.POSITIVE_INFINITY,
) {
  const size = batch.parameters.length / batch.count;
  const states: { flow: number; step: number; time: number; theta: Float64Array }[] = [];
  const norms: number[] = [];
  const outcomes: string[] = [];
  let attempts = 0;
  for await (const { frames, ended, steps } of engine.flow(problem, batch, plan)) {
    for (let i = 0; i < frames.count; i++) {
      const theta = frames.parameters.subarray(i * size, (i + 1) * size);
      states.push({ flow: frames.flow[i]!, step: frames.step[i]!, time: frames.time[i]!, theta });
    }
    norms.push(...frames.gradientNorm);
    for (const { flow, outcome } of ended) outcomes[flow] = outcome.kind;
    attempts += steps;
    if (attempts > limit) break;
  }
  // Engines interleave flows in their own order.
  states.sort((a, b) => a.flow - b.flow || a.step - b.step);
  return { states, norms, outcomes, attempts, complete: attempts <= limit };
}

/** Weights and biases of order 1 / sqrt(inputs of the layer). */
function genericParameters({ architecture }: Problem, seed: number): Float64Array {
  const std = architecture.widths.slice(0, -1).map((fanIn) => 1 / Math.sqrt(fanIn));
  return initialise(architecture, { kind: 'normal', std }, seed);
}

function concatenate(rows: readonly Float64Array[]): Float64Array {
  const all = new Float64Array(rows.length * rows[0]!.length);
  rows.forEach((row, i) => {
    all.set(row, i * row.length);
  });
  return all;
}

const percent = (error: number): string => `${Number((100 * error).toPrecision(2))} %`;
