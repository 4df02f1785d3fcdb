import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { FlowBatch, FlowChunk } from '../../flow/chunk.ts';
import { createObserver } from '../../flow/observe.ts';
import type { Outcome } from '../../flow/outcome.ts';
import type { FixedStepPlan, FlowPlan } from '../../flow/plan.ts';
import { explicitSchedule, timeSchedule } from '../../flow/record.ts';
import { genericStart, relativeError, solveFlow, teacherProblem } from '../../flow/testing/flows.ts';
import { type ActivationName, activationNames } from '../../model/activation.ts';
import { whitenedDataset } from '../../model/data.ts';
import { lossNames } from '../../model/loss.ts';
import { createNetwork } from '../../model/network.ts';
import { parameterCount } from '../../model/parameters.ts';
import type { MlpProblem } from '../../model/problem.ts';
import { createRandom } from '../../model/random.ts';
import type { Engine } from '../engine.ts';

/** Observations in float64 differ by the order of their sums: some 1000 terms of 1e-16. float32 would be 1e-7 off. */
const OBSERVED = 1e-13;

/**
 * The suite that every engine passes, against the float64 kernels and solver. `createEngine` gives null where the engine
 * cannot run: every test is then skipped, and says so. `tolerance` bounds |theta - reference| / |reference| after 1000
 * gradient-descent steps, and the relative error of one loss, gradient or Hessian-vector product. `activations`: those that
 * it runs.
 */
export function describeEngine(
  name: string,
  createEngine: () => Promise<Engine | null>,
  tolerance: number,
  activations: readonly ActivationName[] = activationNames,
): void {
  describe(name, () => {
    let engine: Engine | null = null;
    beforeAll(async () => {
      engine = await createEngine();
    });
    afterAll(() => engine?.dispose());
    const test = (title: string, body: (engine: Engine) => Promise<void>) =>
      it(title, async (context) => {
        if (!engine) return context.skip(`${name} cannot run here`);
        await body(engine);
      });

    for (const activation of activations) {
      const everyShape = SHAPES_TRIED_WITH.includes(activation);
      const problems = randomProblems(activation, everyShape ? 6 : 3, 1);

      test(`${activation}: batches of losses, gradients and Hessian-vector products`, async (engine) => {
        for (const problem of problems) {
          expect(engine.unsupported(problem)).toBeNull();
          const starts = [1, 2, 3].map((seed) => genericStart(problem.architecture, seed));
          const directions = [4, 5, 6].map((seed) => genericStart(problem.architecture, seed));
          const expected = kernels(problem, starts, directions);
          const thetas = concatenate(starts);
          const losses = await engine.loss(problem, thetas);
          const gradients = await engine.gradient(problem, thetas);
          const products = await engine.hessianVectorProduct(problem, thetas, concatenate(directions));
          expect(relativeError(losses, expected.losses)).toBeLessThanOrEqual(tolerance);
          expect(relativeError(gradients, expected.gradients)).toBeLessThanOrEqual(tolerance);
          expect(relativeError(products, expected.products)).toBeLessThanOrEqual(tolerance);
        }
      });

      test(`${activation}: 1000 steps of gradient descent`, async (engine) => {
        for (const problem of everyShape ? problems : problems.slice(1, 2)) {
          const plan = descentPlan(problem);
          const { start, expected } = stableReference(problem, plan, tolerance);
          const flow = await run(engine, problem, plan, [start]);
          expect(flow.outcomes[0]).toEqual({ kind: 'completed', message: '' });
          expect(relativeError(flow.final(0), expected)).toBeLessThanOrEqual(tolerance);
        }
      });
    }

    test('every loss: 200 steps of rk4', async (engine) => {
      for (const loss of lossNames) {
        const problem = teacherProblem(
          { kind: 'mlp', widths: [3, 7, 5, 2], activation: 'tanh', bias: true },
          5,
          loss,
        );
        const plan = fixedPlan('rk4', 0.02, 200, [0, 200]);
        const { start, expected } = stableReference(problem, plan, tolerance);
        const flow = await run(engine, problem, plan, [start]);
        expect(relativeError(flow.final(0), expected)).toBeLessThanOrEqual(tolerance);
      }
    });

    test('dormand-prince follows the exact flow as closely as its tolerance says', async (engine) => {
      const adaptive = Math.max(1e-9, tolerance / 100);
      // Smooth flows come within 3 tolerances; one that crosses a kink loses some 300 (the estimate is of a smooth error).
      const bound = 1000 * adaptive;
      for (const activation of activations) {
        const problem = whitenedProblem(activation);
        const { start, expected } = stableReference(problem, adaptivePlan(1e-12, 4), bound);
        const flow = await run(engine, problem, adaptivePlan(adaptive, 4), [start]);
        expect(flow.outcomes[0]?.kind).toBe('completed');
        expect(relativeError(flow.final(0), expected)).toBeLessThanOrEqual(bound);
      }
    });

    test('a batch gives what its flows give alone', async (engine) => {
      const [problem] = randomProblems('tanh', 1, 3);
      const starts = [1, 2, 3, 4, 5].map((seed) => genericStart(problem!.architecture, seed));
      for (const plan of [fixedPlan('gradient-descent', 0.05, 60, [0, 7, 60]), adaptivePlan(1e-5, 2)]) {
        const together = await run(engine, problem!, plan, starts);
        for (const [i, start] of starts.entries()) {
          const alone = await run(engine, problem!, plan, [start]);
          expect(together.steps(i)).toEqual(alone.steps(0));
          expect(relativeError(together.final(i), alone.final(0))).toBeLessThanOrEqual(tolerance / 10);
        }
      }
    });

    test('frames come at the scheduled steps, with the last state, observed in float64', async (engine) => {
      const problem = linearProblem();
      const observe = createObserver(problem);
      const starts = [1, 2].map((seed) => genericStart(problem.architecture, seed));
      const scheduled = await run(
        engine,
        problem,
        fixedPlan('gradient-descent', 0.01, 120, [0, 1, 5, 100]),
        starts,
      );
      for (const flow of [0, 1]) {
        expect(scheduled.steps(flow)).toEqual([0, 1, 5, 100, 120]);
        for (const frame of scheduled.frames[flow]!) {
          expect(frame.time).toBeCloseTo(0.01 * frame.step, 12);
          const { loss, gradientNorm, conserved } = observe(frame.theta);
          const actual = Float64Array.of(frame.loss, frame.gradientNorm, ...frame.conserved);
          const expected = Float64Array.of(loss, gradientNorm, ...conserved);
          expect(relativeError(actual, expected)).toBeLessThanOrEqual(OBSERVED);
        }
        expect(scheduled.frames[flow]![0]!.theta).toEqual(starts[flow]);
      }
      const withoutStart = await run(engine, problem, fixedPlan('rk4', 0.01, 20, [3, 20]), starts);
      expect(withoutStart.steps(1)).toEqual([3, 20]);
    });

    test('an adaptive flow meets the scheduled times', async (engine) => {
      const problem = linearProblem();
      const schedule = timeSchedule(3, 12, 'log');
      const plan: FlowPlan = { ...adaptivePlan(1e-5, 3), record: schedule };
      const flow = await run(engine, problem, plan, [genericStart(problem.architecture, 1)]);
      const times = flow.frames[0]!.map((frame) => frame.time);
      expect(times).toHaveLength(schedule.at.length);
      times.forEach((time, i) => {
        expect(time).toBeCloseTo(schedule.at[i]!, 6);
      });
      const steps = flow.steps(0);
      for (let i = 1; i < steps.length; i++) expect(steps[i]!).toBeGreaterThan(steps[i - 1]!);
    });

    test('a flow resumes where it was, without a second frame there', async (engine) => {
      const problem = linearProblem();
      const starts = [1, 2].map((seed) => genericStart(problem.architecture, seed));
      const plan = fixedPlan('gradient-descent', 0.05, 200, [0, 50, 100, 150, 200]);
      const whole = await run(engine, problem, plan, starts);
      const middle = [0, 1].map((flow) => whole.frames[flow]!.find((frame) => frame.step === 100)!);
      const resumed = await run(
        engine,
        problem,
        plan,
        middle.map((frame) => frame.theta),
        middle,
      );
      for (const flow of [0, 1]) {
        expect(resumed.steps(flow)).toEqual([150, 200]);
        expect(resumed.frames[flow]!.at(-1)!.time).toBeCloseTo(10, 12);
        expect(relativeError(resumed.final(flow), whole.final(flow))).toBeLessThanOrEqual(tolerance / 10);
      }
    });

    test('aborting ends every flow as cancelled, in its present state', async (engine) => {
      const problem = linearProblem();
      const starts = [1, 2, 3].map((seed) => genericStart(problem.architecture, seed));
      const controller = new AbortController();
      const plan = fixedPlan('gradient-descent', 0.01, 1e9, [0]);
      let chunksAfter = 0;
      const flow = await run(engine, problem, plan, starts, [], {
        signal: controller.signal,
        onChunk: () => {
          if (controller.signal.aborted) chunksAfter++;
          controller.abort();
        },
      });
      expect(chunksAfter).toBeLessThanOrEqual(2);
      expect(flow.outcomes.map((outcome) => outcome?.kind)).toEqual(['cancelled', 'cancelled', 'cancelled']);
      for (const frames of flow.frames) {
        expect(frames[0]!.step).toBe(0);
        expect(frames.at(-1)!.step).toBeLessThan(1e9);
      }
    });

    test('a flow that diverges says what to try, and the others go on', async (engine) => {
      const problem = linearProblem();
      const start = genericStart(problem.architecture, 1);
      const plan = fixedPlan('gradient-descent', 20, 300, [0, 300]);
      // With every weight zero the gradient of a linear network without biases is zero: that flow stays.
      const flow = await run(engine, problem, plan, [start, new Float64Array(start.length)]);
      expect(flow.outcomes[0]?.kind).toBe('diverged');
      expect(flow.outcomes[0]?.message).toMatch(
        /^The loss grew without bound at step \d+\. Try a step size below /,
      );
      expect(flow.frames[0]!.at(-1)!.step).toBeLessThan(300);
      expect(flow.outcomes[1]?.kind).toBe('completed');
      expect(flow.steps(1)).toEqual([0, 300]);
    });

    test('a flow stops as converged once its gradient is small', async (engine) => {
      const problem = linearProblem();
      const start = genericStart(problem.architecture, 1);
      const target = createObserver(problem)(start).gradientNorm / 20;
      for (const plan of [fixedPlan('gradient-descent', 0.05, 100000, [0]), adaptivePlan(1e-5, 5000)]) {
        const flow = await run(engine, problem, { ...plan, stop: { gradientNorm: target } }, [start]);
        expect(flow.outcomes[0]?.kind).toBe('converged');
        const last = flow.frames[0]!.at(-1)!;
        expect(last.gradientNorm).toBeLessThanOrEqual(target * (1 + 100 * tolerance));
        expect(last.gradientNorm).toBeGreaterThan(target / 2);
      }
    });
  });
}

/** Activations with which flows of every depth, with and without biases, are compared; with the others one flow with biases. */
const SHAPES_TRIED_WITH: readonly ActivationName[] = ['linear', 'relu', 'leaky-relu', 'tanh', 'sigmoid'];

/** Of these, compositions explode: networks of two layers. */
const STEEP: readonly ActivationName[] = ['sinh', 'radial-square', 'row-inversion'];

/** Networks of random depth (2 to 4 layers) and widths, every other one with biases. */
function randomProblems(activation: ActivationName, count: number, seed: number): MlpProblem[] {
  const random = createRandom(seed, `engine-suite-${activation}`);
  const between = (low: number, high: number) => low + Math.floor(random.uniform() * (high - low + 1));
  return Array.from({ length: count }, (_, i) => {
    const layers = STEEP.includes(activation) ? 2 : 2 + (i % 3);
    const widths = Array.from({ length: layers + 1 }, () => between(1, 12));
    return teacherProblem({ kind: 'mlp', widths, activation, bias: i % 2 === 1 }, seed + i);
  });
}

/** One sample per input: there a flow crosses kinks but never slides along one. */
const whitenedProblem = (activation: ActivationName): MlpProblem => ({
  architecture: { kind: 'mlp', widths: [5, 8, 3], activation, bias: false },
  dataset: whitenedDataset(5, 3, 2, 'half-squared-error'),
  loss: 'half-squared-error',
});

const linearProblem = (): MlpProblem =>
  teacherProblem({ kind: 'mlp', widths: [4, 6, 3], activation: 'linear', bias: false }, 7);

function fixedPlan(
  integrator: FixedStepPlan['integrator'],
  stepSize: number,
  steps: number,
  record: readonly number[],
): FixedStepPlan {
  return { kind: 'fixed-step', integrator, stepSize, steps, record: explicitSchedule(record), stop: {} };
}

/** 1000 steps of a size at which the reference does not diverge: 0.05, or less where the loss is steep. */
function descentPlan(problem: MlpProblem): FixedStepPlan {
  const start = genericStart(problem.architecture, 1);
  for (let stepSize = 0.05; ; stepSize /= 8) {
    const plan = fixedPlan('gradient-descent', stepSize, 1000, [0, 10, 1000]);
    if (solveFlow(problem, plan, start).outcome.kind === 'completed') return plan;
  }
}

function adaptivePlan(tolerance: number, time: number): FlowPlan {
  const record = timeSchedule(time, 3, 'linear');
  return { kind: 'adaptive', integrator: 'dormand-prince', tolerance, time, record, stop: {} };
}

function kernels(problem: MlpProblem, starts: readonly Float64Array[], directions: readonly Float64Array[]) {
  const network = createNetwork(problem);
  const evaluate = (kernel: (i: number, out: Float64Array) => void) =>
    concatenate(
      starts.map((_, i) => {
        const out = new Float64Array(network.size);
        kernel(i, out);
        return out;
      }),
    );
  return {
    losses: Float64Array.from(starts, (theta) => network.loss(theta)),
    gradients: evaluate((i, out) => network.gradient(starts[i]!, out)),
    products: evaluate((i, out) => network.hessianVectorProduct(starts[i]!, directions[i]!, out)),
  };
}

/**
 * A start, and where the float64 solver takes it, such that a relative disturbance a hundredth of `tolerance` of every
 * parameter is not magnified beyond a quarter of it: runs that graze a kink are passed over, since rounding decides those.
 */
function stableReference(problem: MlpProblem, plan: FlowPlan, tolerance: number) {
  for (let seed = 1; seed <= 50; seed++) {
    const start = genericStart(problem.architecture, seed);
    const { final: expected, outcome } = solveFlow(problem, plan, start);
    if (outcome.kind !== 'completed') continue;
    const random = createRandom(seed, 'disturbance');
    const disturbed = start.map((value) => value * (1 + 0.01 * tolerance * random.normal()));
    if (relativeError(solveFlow(problem, plan, disturbed).final, expected) <= tolerance / 4) {
      return { start, expected };
    }
  }
  throw new Error('No start of this problem is stable enough to compare engines on.');
}

interface RecordedFrame {
  readonly step: number;
  readonly time: number;
  readonly loss: number;
  readonly gradientNorm: number;
  readonly conserved: Float64Array;
  readonly theta: Float64Array;
}

/** Runs a batch to its end and sorts its frames by flow. */
async function run(
  engine: Engine,
  problem: MlpProblem,
  plan: FlowPlan,
  starts: readonly Float64Array[],
  resume: readonly { readonly step: number; readonly time: number }[] = [],
  { signal, onChunk }: { signal?: AbortSignal; onChunk?: (chunk: FlowChunk) => void } = {},
) {
  expect(engine.unsupported(problem, plan)).toBeNull();
  const size = parameterCount(problem.architecture);
  const frames: RecordedFrame[][] = starts.map(() => []);
  const outcomes: (Outcome | undefined)[] = starts.map(() => undefined);
  const batch: FlowBatch = {
    count: starts.length,
    parameters: concatenate(starts),
    ...(resume.length > 0 && {
      step: Float64Array.from(resume, ({ step }) => step),
      time: Float64Array.from(resume, ({ time }) => time),
    }),
  };
  for await (const chunk of engine.flow(problem, batch, plan, signal)) {
    const { count, flow, step, time, loss, gradientNorm, conserved, parameters } = chunk.frames;
    const columns = conserved.length / Math.max(count, 1);
    for (let i = 0; i < count; i++) {
      frames[flow[i]!]!.push({
        step: step[i]!,
        time: time[i]!,
        loss: loss[i]!,
        gradientNorm: gradientNorm[i]!,
        conserved: conserved.slice(i * columns, (i + 1) * columns),
        theta: parameters.slice(i * size, (i + 1) * size),
      });
    }
    for (const { flow, outcome } of chunk.ended) {
      expect(outcomes[flow]).toBeUndefined();
      outcomes[flow] = outcome;
    }
    onChunk?.(chunk);
  }
  return {
    frames,
    outcomes,
    steps: (flow: number) => frames[flow]!.map((frame) => frame.step),
    final: (flow: number) => frames[flow]!.at(-1)!.theta,
  };
}

function concatenate(rows: readonly Float64Array[]): Float64Array {
  return Float64Array.from(rows.flatMap((row) => [...row]));
}
