import { memoryNeeded, memoryObjection as objection, type RunSize } from '../../flow/memory.ts';
import type { FlowPlan } from '../../flow/plan.ts';
import { type Problem, sampleCount } from '../../model/problem.ts';

export { MEMORY_LIMIT } from '../../flow/memory.ts';

/** Bytes that `flows` flows of a plan, or else one evaluation, take: the network, the flows and every recorded frame. */
export const memoryEstimate = (problem: Problem, plan?: FlowPlan, flows = 1): number =>
  memoryNeeded(sizeOf(problem), plan && runSize(plan, flows));

/** null when the memory suffices, else one sentence with what to do. Reads sizes only, none of the numbers of the data. */
export const memoryObjection = (problem: Problem, plan?: FlowPlan, flows = 1): string | null =>
  objection(sizeOf(problem), plan && runSize(plan, flows));

const sizeOf = (problem: Problem) => ({ architecture: problem.architecture, samples: sampleCount(problem) });

const runSize = ({ integrator, record }: FlowPlan, flows: number): RunSize => ({
  integrator,
  flows,
  // The last state is kept even where the schedule does not ask for it.
  frames: record.at.length + 1,
});
