import type { FlowBatch, FlowChunk } from '../../flow/chunk.ts';
import { createFrameCollector } from '../../flow/frames.ts';
import { createObserver } from '../../flow/observe.ts';
import type { FlowPlan } from '../../flow/plan.ts';
import { createSolver, type Solver } from '../../flow/solve.ts';
import { decayedLoss } from '../../flow/weight-decay.ts';
import type { LossFunction } from '../../model/loss-function.ts';
import type { Problem } from '../../model/problem.ts';
import type { Engine } from '../engine.ts';
import { borrowLoss } from './borrow-loss.ts';
import { memoryObjection } from './memory.ts';
import { createPause } from './pause.ts';

/** What a test may take into its own hands. Numbers never depend on these. */
export interface CpuEngineOptions {
  /** Milliseconds on a clock that never goes back; default `performance.now`. */
  readonly now?: () => number;
  /** Lets other tasks run between chunks; default `createPause()`. */
  readonly pause?: () => Promise<void>;
  /** Time after which a chunk is handed over, default 12. */
  readonly chunkMilliseconds?: number;
  /** false: plain TypeScript, which also runs where SIMD is missing. Default true. */
  readonly simd?: boolean;
}

/** The first chunk of a flow is handed over after this fraction of the time of the others: a drag shows at once. */
const FIRST_CHUNK = 1 / 4;
/** The clock and the signal are looked at about this often within a chunk. */
const SLICE_MILLISECONDS = 1;
/** Steps between two looks at most: some clocks are coarse. */
const LARGEST_SLICE = 1024;

/** The reference engine: float64, on the thread that calls it. Runs in Node, in a worker and on a page. */
export function createCpuEngine(options: CpuEngineOptions = {}): Engine {
  const {
    now = () => performance.now(),
    pause = createPause(),
    chunkMilliseconds = 12,
    simd = true,
  } = options;

  /** Runs `use` on the loss of a problem, on SIMD kernels where there are any. */
  const withLoss = <T>(problem: Problem, use: (loss: LossFunction) => T): T => {
    const loss = borrowLoss(problem, simd);
    try {
      return use(loss);
    } finally {
      loss.release();
    }
  };

  async function* flow(
    problem: Problem,
    batch: FlowBatch,
    plan: FlowPlan,
    signal?: AbortSignal,
  ): AsyncGenerator<FlowChunk> {
    const loss = borrowLoss(problem, simd);
    try {
      const observe = createObserver(problem, loss);
      const { weightDecay } = plan;
      const frames = createFrameCollector();
      let deadline = now() + chunkMilliseconds * FIRST_CHUNK;
      const recorded = new Uint32Array(batch.count);
      const solvers = rows(batch.parameters, loss.size).map((parameters, i) =>
        createSolver(
          weightDecay ? decayedLoss(loss, weightDecay) : loss,
          observe,
          plan,
          { parameters, step: batch.step?.[i], time: batch.time?.[i] },
          (...state) => {
            recorded[i]! += 1;
            frames.push(i, ...state);
          },
          weightDecay ? undefined : loss.createStepper,
        ),
      );
      const work = takeTurns(solvers, recorded);
      const ended = reportOnce(solvers);
      let budget = 1;
      for (;;) {
        let steps = 0;
        let time = now();
        while (!signal?.aborted) {
          const taken = work(budget);
          steps += taken;
          const sliceEnd = now();
          if (taken === 0 || sliceEnd >= deadline) break;
          budget = nextBudget(budget, taken, sliceEnd - time);
          time = sliceEnd;
        }
        if (signal?.aborted) for (const solver of solvers) solver.cancel();
        yield { frames: frames.take(), ended: ended(), steps };
        if (solvers.every((solver) => solver.outcome !== null)) return;
        await pause();
        deadline = now() + chunkMilliseconds;
      }
    } finally {
      loss.release();
    }
  }

  return {
    kind: 'cpu',
    precision: 'float64',
    device: 'this processor',
    unsupported: memoryObjection,
    flow,
    loss: async (problem, thetas) =>
      withLoss(problem, (loss) => Float64Array.from(rows(thetas, loss.size), (theta) => loss.loss(theta))),
    gradient: async (problem, thetas) =>
      withLoss(problem, (loss) => {
        const out = new Float64Array(thetas.length);
        const gradients = rows(out, loss.size);
        rows(thetas, loss.size).forEach((theta, i) => {
          loss.gradient(theta, gradients[i]!);
        });
        return out;
      }),
    hessianVectorProduct: async (problem, thetas, vectors) =>
      withLoss(problem, (loss) => {
        const out = new Float64Array(thetas.length);
        const [directions, products] = [rows(vectors, loss.size), rows(out, loss.size)];
        rows(thetas, loss.size).forEach((theta, i) => {
          loss.hessianVectorProduct(theta, directions[i]!, products[i]!);
        });
        return out;
      }),
    dispose() {},
  };
}

/** Rows of `width` numbers, as views. */
function rows(flat: Float64Array, width: number): Float64Array[] {
  return Array.from({ length: flat.length / width }, (_, i) => flat.subarray(i * width, (i + 1) * width));
}

/**
 * Work that keeps flows together: each advances to its next recorded frame, then it is the next one's turn. A call takes at
 * most `budget` steps of one flow and returns how many; 0 once all have ended.
 */
function takeTurns(solvers: readonly Solver[], recorded: Uint32Array): (budget: number) => number {
  let turn = 0;
  return (budget) => {
    for (let passed = 0; passed < solvers.length; passed++) {
      const before = recorded[turn]!;
      const solver = solvers[turn]!;
      const taken = solver.advance(budget);
      if (solver.outcome !== null || recorded[turn]! > before) turn = (turn + 1) % solvers.length;
      if (taken > 0) return taken;
    }
    return 0;
  };
}

/** The flows that have ended since the last call. */
function reportOnce(solvers: readonly Solver[]): () => FlowChunk['ended'] {
  const reported = new Set<number>();
  return () =>
    solvers.flatMap(({ outcome }, flow) => {
      if (outcome === null || reported.has(flow)) return [];
      reported.add(flow);
      return [{ flow, outcome }];
    });
}

/** Steps to take before the next look at the clock, so that looks are about SLICE_MILLISECONDS apart. */
function nextBudget(budget: number, taken: number, milliseconds: number): number {
  if (milliseconds > 2 * SLICE_MILLISECONDS) return Math.max(1, Math.floor(budget / 2));
  const quick = taken === budget && milliseconds < SLICE_MILLISECONDS / 2;
  return quick ? Math.min(LARGEST_SLICE, budget * 2) : budget;
}
