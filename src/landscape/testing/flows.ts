import { createLoss } from '../../model/network.ts';
import type { Problem } from '../../model/problem.ts';
import { conservedQuantities } from '../../symmetry/conserved-quantities.ts';
import type { ChartFlow, ChartInput } from '../chart-input.ts';

/** Gradient descent as recorded frames: enough of a flow for a chart, with no integrator. */
export function descend(
  problem: Problem,
  start: Float64Array,
  options: { readonly stepSize: number; readonly steps: number; readonly frames: number },
): Float64Array {
  const { stepSize, steps, frames } = options;
  const network = createLoss(problem);
  const size = start.length;
  const theta = start.slice();
  const gradient = new Float64Array(size);
  const out = new Float64Array(frames * size);
  const every = steps / (frames - 1);
  for (let frame = 0, step = 0; frame < frames; frame++) {
    for (; step < Math.round(frame * every); step++) {
      network.gradient(theta, gradient);
      for (let i = 0; i < size; i++) theta[i]! -= stepSize * gradient[i]!;
    }
    out.set(theta, frame * size);
  }
  return out;
}

/** A flow that jumps once, after `before` recorded steps; frame `before` shows the state after the jump. */
export function jumpingFlow(
  problem: Problem,
  start: Float64Array,
  jump: (theta: Float64Array) => Float64Array,
  options: { readonly stepSize: number; readonly before: number; readonly after: number },
): ChartFlow {
  const { stepSize, before, after } = options;
  const first = descend(problem, start, { stepSize, steps: before, frames: before + 1 });
  const size = start.length;
  const from = first.slice(-size);
  const to = jump(from);
  const second = descend(problem, to, { stepSize, steps: after, frames: 40 });
  const kept = first.subarray(0, before * size);
  const flow = flowOf(problem, Float64Array.from([...kept, ...second]), 'steered');
  const states = flowOf(problem, Float64Array.from([...from, ...to]));
  return {
    ...flow,
    jumps: [
      {
        frame: before,
        loss: [states.loss[0]!, states.loss[1]!],
        q: [states.q[0]!, states.q[1]!],
        from,
        to,
      },
    ],
  };
}

/** A flow of a chart from its parameters, [count][P]. */
export function flowOf(
  problem: Problem,
  parameters: Float64Array,
  role: ChartFlow['role'] = 'sweep',
): ChartFlow {
  const network = createLoss(problem);
  const [quantity] = conservedQuantities(problem);
  const count = parameters.length / network.size;
  const frames = Array.from({ length: count }, (_, i) =>
    parameters.slice(i * network.size, (i + 1) * network.size),
  );
  return {
    role,
    count,
    q: Float64Array.from(frames, (theta) => quantity?.total(theta) ?? Number.NaN),
    loss: Float64Array.from(frames, (theta) => network.loss(theta)),
    start: frames[0] ?? null,
    end: frames.at(-1) ?? null,
    parameters,
  };
}

/** A chart input that computes its losses here. */
export function inputOf(
  problem: Problem,
  flows: readonly ChartFlow[],
  changes: Partial<ChartInput> = {},
): ChartInput {
  const network = createLoss(problem);
  return {
    problem,
    layerPair: 0,
    flows,
    detail: 'final',
    async loss(thetas) {
      const losses = new Float64Array(thetas.length / network.size);
      for (let i = 0; i < losses.length; i++) {
        losses[i] = network.loss(thetas.slice(i * network.size, (i + 1) * network.size));
      }
      return losses;
    },
    ...changes,
  };
}
