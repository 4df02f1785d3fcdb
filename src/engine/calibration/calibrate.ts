import type { FlowPlan } from '../../flow/plan.ts';
import type { MlpArchitecture } from '../../model/architecture.ts';
import { initialise } from '../../model/initialisation.ts';
import type { MlpProblem, Problem } from '../../model/problem.ts';
import { createRandom } from '../../model/random.ts';
import { gradientWork } from '../../model/work.ts';
import type { Engine } from '../engine.ts';
import { fitSpeed, SLOW_PROCESSOR, type Speed } from './speed.ts';

/** What an engine is timed on: two problems of different size, and a number of flows that shows what a batch gains. */
export interface Probes {
  /** Widths, then samples. */
  readonly small: readonly [readonly number[], number];
  readonly large: readonly [readonly number[], number];
  readonly flows: number;
  /** The shortest run that is timed: where a run has costs of its own, many steps. */
  readonly steps: number;
}

/** What was measured. */
export interface Calibration {
  readonly speed: Speed;
  /** false: the machine was busy with other things, and another time it will do better. */
  readonly undisturbed: boolean;
}

/** Runs that take this many times as long as the shortest of their kind, in sum, were disturbed. */
const DISTURBED = 2;
/** Milliseconds of measuring an engine altogether; the warm-up comes on top. */
const BUDGET = 80;
/** Milliseconds of running before anything is measured: kernels are compiled, machine code is optimised. */
const WARM_UP = 10;
/** A difference of this many milliseconds stands out from the grain of the clock. */
const LONG_ENOUGH = 1;
/** Milliseconds of one step that needs no further ones to be timed. */
const SLOW_STEP = 10;
const LARGEST_GROWTH = 8;

/**
 * Times an engine on a few tiny gradient-descent runs. `now`: milliseconds. Rejects when the engine does. An engine so slow
 * that the budget is spent early is taken to gain nothing from batches and to multiply as fast as a plain loop.
 */
export async function calibrate(engine: Engine, probes: Probes, now: () => number): Promise<Calibration> {
  const { flows } = probes;
  const problems = [probeProblem(...probes.small), probeProblem(...probes.large)] as const;
  const [small, large] = problems.map(({ architecture, dataset }) =>
    gradientWork(architecture, dataset.samples),
  ) as [number, number];
  const stopwatch = createStopwatch(now);
  const time = async (problem: Problem, count: number, otherwise: number) =>
    stopwatch.spent < BUDGET
      ? timeStep(engine, problem, { flows: count, steps: probes.steps }, stopwatch)
      : otherwise;

  const smallOne = await time(problems[0], 1, 0);
  const largeOne = await time(problems[1], 1, smallOne + 1000 * (large - small) * SLOW_PROCESSOR.multiplyAdd);
  const largeSeveral = await time(problems[1], flows, flows * largeOne);
  const smallSeveral = await time(problems[0], flows, (smallOne * largeSeveral) / largeOne);
  const speed = fitSpeed({
    work: [small, large],
    flows,
    one: [smallOne / 1000, largeOne / 1000],
    several: [smallSeveral / 1000, largeSeveral / 1000],
  });
  return { speed, undisturbed: stopwatch.elapsed <= DISTURBED * stopwatch.spent };
}

/** Times runs. */
interface Stopwatch {
  /** Milliseconds of what was timed, without what the machine did meanwhile. */
  readonly spent: number;
  /** Milliseconds of what was timed, with it. */
  readonly elapsed: number;
  /** Runs more and more steps, from `fewest` on, for a while, which does not count. */
  warmUp(run: (steps: number) => Promise<void>, fewest: number): Promise<void>;
  /** The least time of some runs, of short ones more: whatever else the machine does only adds, to a short run the most. */
  time(run: () => Promise<void>): Promise<number>;
}

function createStopwatch(now: () => number): Stopwatch {
  let spent = 0;
  let elapsed = 0;
  const once = async (run: () => Promise<void>) => {
    const began = now();
    await run();
    const took = now() - began;
    elapsed += took;
    return took;
  };
  return {
    get spent() {
      return spent;
    },
    get elapsed() {
      return elapsed;
    },
    async warmUp(run, fewest) {
      const began = now();
      let steps = fewest;
      do {
        await run(steps);
        steps *= 2;
      } while (now() - began < WARM_UP);
    },
    async time(run) {
      let least = await once(run);
      let count = 1;
      for (; count < repeats(least); count++) least = Math.min(least, await once(run));
      spent += count * least;
      return least;
    },
  };
}

/** How often a run of so many milliseconds is timed. */
const repeats = (milliseconds: number): number => (milliseconds < 3 ? 3 : milliseconds < 30 ? 2 : 1);

/**
 * Milliseconds of one step of `flows` flows, from a short run and a long one: what every run costs, however short, is taken
 * off.
 */
async function timeStep(
  engine: Engine,
  problem: Problem,
  { flows, steps: fewest }: Pick<Probes, 'flows' | 'steps'>,
  stopwatch: Stopwatch,
): Promise<number> {
  const share = stopwatch.spent + (BUDGET - stopwatch.spent) / 3;
  const run = descent(engine, problem, flows);
  const time = (steps: number) => stopwatch.time(() => run(steps));
  await stopwatch.warmUp(run, fewest);
  const short = await time(fewest);
  if (short >= SLOW_STEP * fewest) return short / fewest;
  let steps = fewest;
  let long = short;
  while (long - short < LONG_ENOUGH) {
    // Too dear to go on: what a run costs before its first step counts as if it were the steps'.
    if (stopwatch.spent >= share) return long / steps;
    const growth = long > short ? (1.5 * LONG_ENOUGH) / (long - short) : 0;
    steps = Math.ceil(steps * Math.min(LARGEST_GROWTH, Math.max(2, growth)));
    long = Math.max(short, await time(steps));
  }
  return (long - short) / (steps - fewest);
}

/** Gradient descent of so many steps, too short to go anywhere. */
function descent(engine: Engine, problem: Problem, flows: number): (steps: number) => Promise<void> {
  const start = initialise(problem.architecture, { kind: 'lecun' }, 1);
  const parameters = new Float64Array(flows * start.length);
  for (let i = 0; i < flows; i++) parameters.set(start, i * start.length);
  return async (steps) => {
    const plan: FlowPlan = {
      kind: 'fixed-step',
      integrator: 'gradient-descent',
      stepSize: 1e-6,
      steps,
      record: { by: 'step', at: new Float64Array(0) },
      stop: {},
    };
    for await (const _ of engine.flow(problem, { count: flows, parameters }, plan));
  };
}

/** A tanh network on normal data. */
function probeProblem(widths: readonly number[], samples: number): MlpProblem {
  const architecture: MlpArchitecture = { kind: 'mlp', widths, activation: 'tanh', bias: false };
  const random = createRandom(1, 'probe');
  const normal = (length: number) => Float64Array.from({ length }, () => random.normal());
  const inputWidth = widths[0]!;
  const outputWidth = widths.at(-1)!;
  const inputs = normal(samples * inputWidth);
  const targets = normal(samples * outputWidth);
  return {
    architecture,
    dataset: { samples, inputWidth, outputWidth, inputs, targets },
    loss: 'mean-squared-error',
  };
}
