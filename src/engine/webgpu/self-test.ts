import type { FlowBatch } from '../../flow/chunk.ts';
import { norm } from '../../flow/norm.ts';
import type { FlowPlan } from '../../flow/plan.ts';
import { parameterLayout } from '../../model/parameters.ts';
import type { Problem } from '../../model/problem.ts';
import type { Engine } from '../engine.ts';
import { specimenPoint } from '../specimen.ts';

/** Errors below this, relative to the parameters, are the rounding of theta itself. */
const ROUNDING = 1e-12;
/** Relative error of a loss, a gradient or a Hessian-vector product that float32 stays well below. */
const ROW_ACCURACY = 1e-3;
const STEPS = 12;
/** Attempted steps after which the reference itself is no guide (a flow along a kink of ReLU). */
const LARGEST_REFERENCE = 500;

/** Where tolerances so near take the reference elsewhere, by a kink or at the edge of stability, it is no guide. */
const NEARBY = [0.95, 1.05];

/** What the page says when low parts come back empty. */
export const COMPENSATION_LOST =
  "this adapter's compiler cancels the compensated updates, so small steps would be lost";

/** One comparison with the reference. */
interface Trial {
  /** How far to go, in units of |theta| / |grad L|. */
  readonly distance: number;
  readonly tolerance: number;
  /** Largest error of theta, relative to its movement, and of the time of a step, relative to that time. */
  readonly accuracy: number;
  /** Steps that have the same sizes on both; of the others rounding may decide the errors, and so the sizes. */
  readonly sameSteps: number;
}

const TRIALS: Readonly<Record<FlowPlan['kind'], readonly [Trial, ...Trial[]]>> = {
  'fixed-step': [
    { distance: 0.1, tolerance: 0, accuracy: 3e-3, sameSteps: STEPS },
    // Every update is lost unless it is compensated.
    { distance: 1e-8, tolerance: 0, accuracy: 3e-3, sameSteps: STEPS },
  ],
  adaptive: [
    { distance: 0.3, tolerance: 1e-5, accuracy: 0.02, sameSteps: 1 },
    { distance: 1e-8, tolerance: 1e-5, accuracy: 3e-3, sameSteps: 1 },
    // Long enough for the controller to reject steps; its errors are far above rounding, so both begin with the same sizes.
    { distance: 10, tolerance: 1e-3, accuracy: 0.1, sameSteps: STEPS },
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
 * stopping rule where the plan has one; and losses, gradients and Hessian-vector products. Never throws.
 */
export async function selfTest(
  engine: Engine,
  reference: Engine,
  problem: Problem,
  plan: FlowPlan,
): Promise<Verdict> {
  try {
    const points = [1, 2].map((seed) => specimenPoint(problem, seed));
    const batch = { count: points.length, parameters: concatenate(points.map((point) => point.parameters)) };
    const scale = norm(points[0]!.parameters) / norm(points[0]!.gradient);
    if (!Number.isFinite(scale)) return null;
    const bench: Bench = { engine, reference, problem, batch, scale };
    for (const trial of TRIALS[plan.kind]) {
      const verdict = await compareFlows(bench, plan, trial);
      if (verdict) return verdict;
    }
    return (
      (await compareStops(bench, plan)) ??
      (await compareDivergence(bench, plan)) ??
      (await compareRows(bench))
    );
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** A plan over the distance of a trial, for the same kernel. */
function trialPlan(plan: FlowPlan, { distance, tolerance, sameSteps }: Trial, scale: number): FlowPlan {
  const time = distance * scale;
  const stop = plan.stop.gradientNorm === undefined ? {} : { gradientNorm: 0 };
  if (plan.kind === 'fixed-step') {
    const at = Float64Array.of(0, 1, 5, STEPS);
    return { ...plan, stepSize: time / STEPS, steps: STEPS, record: { by: 'step', at }, stop };
  }
  const { by } = plan.record;
  const at =
    by === 'time'
      ? Float64Array.of(0, time / 3, time)
      : Float64Array.from({ length: sameSteps + 1 }, (_, step) => step);
  return { ...plan, tolerance, time, record: { by, at }, stop };
}

async function compareFlows(bench: Bench, plan: FlowPlan, trial: Trial): Promise<Verdict> {
  const { engine, reference, problem, batch } = bench;
  const short = trialPlan(plan, trial, bench.scale);
  const expected = await run(reference, problem, batch, short, LARGEST_REFERENCE);
  if (!expected.complete) return null;
  if (short.kind === 'adaptive') {
    for (const factor of NEARBY) {
      const nearby = { ...short, tolerance: short.tolerance * factor };
      const other = await run(reference, problem, batch, nearby, LARGEST_REFERENCE);
      if (difference(bench, trial.accuracy / 2, expected, other)) return null;
    }
  }
  const actual = await run(engine, problem, batch, short, enough(expected));
  return difference(bench, trial.accuracy, expected, actual);
}

/** How a run differs from the expected one by more than the accuracy allows; adaptive runs also in their steps. */
function difference({ problem, batch }: Bench, accuracy: number, expected: Run, actual: Run): Verdict {
  const slack = expected.adaptive ? 2 + accuracy * expected.attempts : 0;
  const sameWork = Math.abs(actual.attempts - expected.attempts) <= slack;
  if (!sameWork || actual.states.length !== expected.states.length)
    return 'it does not take the steps of the cpu';
  const size = batch.parameters.length / batch.count;
  for (const [i, { flow, step, time, theta }] of expected.states.entries()) {
    const other = actual.states[i]!;
    const late = Math.abs(other.time - time) > accuracy * time;
    if (other.flow !== flow || late || Math.abs(other.step - step) > slack)
      return 'its states are not those of the cpu';
    const start = batch.parameters.subarray(flow * size, (flow + 1) * size);
    const error = movementError(problem, start, theta, other.theta);
    if (!(error <= accuracy)) {
      const plain = step > 0 && other.theta.every((value) => value === Math.fround(value));
      return plain ? COMPENSATION_LOST : `after ${step} steps it is ${percent(error)} off the cpu`;
    }
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
  // No frame on the way shows the host that the flow should have stopped.
  const record = { by: plan.record.by, at: Float64Array.of(0) };
  const stopping: FlowPlan = {
    ...short,
    record,
    stop: { gradientNorm: norms.reduce((sum, value) => sum + value, 0) / norms.length },
  };
  const expected = await run(reference, problem, batch, stopping);
  const actual = await run(engine, problem, batch, stopping, enough(expected));
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
  const expected = await run(reference, problem, batch, wild);
  const actual = await run(engine, problem, batch, wild, enough(expected));
  const missed = expected.outcomes.some(
    (kind, flow) => kind === 'diverged' && actual.outcomes[flow] !== kind,
  );
  return missed ? 'it does not see a flow diverge' : null;
}

/** The kernels over rows of parameters, on the starts; each row's vector is the other row. */
async function compareRows({ engine, reference, problem, batch }: Bench): Promise<Verdict> {
  const { parameters, count } = batch;
  const size = parameters.length / count;
  const vectors = concatenate([parameters.subarray(size), parameters.subarray(0, size)]);
  const compute = (on: Engine) =>
    Promise.all([
      on.loss(problem, parameters),
      on.gradient(problem, parameters),
      on.hessianVectorProduct(problem, parameters, vectors),
    ]);
  const [actual, expected] = await Promise.all([compute(engine), compute(reference)]);
  const lossErrors = expected[0].map((value, i) => Math.abs(actual[0][i]! - value) / Math.abs(value || 1));
  const rowError = (which: 1 | 2) => {
    const rows = [0, size].map((from) =>
      [expected[which], actual[which]].map((all) => all.subarray(from, from + size)),
    );
    return Math.max(
      ...rows.map(([row, other]) => movementError(problem, new Float64Array(size), row!, other!)),
    );
  };
  const errors = {
    loss: Math.max(...lossErrors),
    gradient: rowError(1),
    'Hessian-vector product': rowError(2),
  };
  const worst = Object.entries(errors).find(([, error]) => !(error <= ROW_ACCURACY));
  return worst ? `its ${worst[0]} is ${percent(worst[1])} off the cpu` : null;
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

/** Attempted steps after which a run is not the expected one any more, even if it never ends. */
const enough = ({ attempts }: Run): number => 2 * attempts + STEPS;

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
  return {
    adaptive: plan.kind === 'adaptive',
    states,
    norms,
    outcomes,
    attempts,
    complete: attempts <= limit,
  };
}

function concatenate(rows: readonly Float64Array[]): Float64Array {
  const all = new Float64Array(rows.length * rows[0]!.length);
  rows.forEach((row, i) => {
    all.set(row, i * row.length);
  });
  return all;
}

const percent = (error: number): string => `${Number((100 * error).toPrecision(2))} %`;
