import { integrator } from '../../flow/integrator.ts';
import type { FlowPlan } from '../../flow/plan.ts';
import { parameterLayout } from '../../model/parameters.ts';
import type { Problem } from '../../model/problem.ts';

const GIBIBYTE = 2 ** 30;
const BYTES = Float64Array.BYTES_PER_ELEMENT;
/** Arrays of [samples][rows] that a network keeps per layer, for values, derivatives, adjoints and their tangents. */
const ARRAYS_PER_LAYER = 8;
/** Arrays of P that a flow keeps besides its stages. */
const ARRAYS_PER_FLOW = 4;

/** What the cpu engine and the frames of a run may take together: well within one browser tab. */
export const MEMORY_LIMIT = 2 * GIBIBYTE;

/** Bytes that `flows` flows of a plan, or else one evaluation, take: the network, the flows and every recorded frame. */
export function memoryEstimate({ architecture, dataset }: Problem, plan?: FlowPlan, flows = 1): number {
  const { layers, size } = parameterLayout(architecture);
  const rows = layers.reduce((sum, layer) => sum + layer.rows, 0);
  const network = dataset.samples * rows * ARRAYS_PER_LAYER + size;
  if (!plan) return BYTES * network;
  const stages = integrator(plan.integrator).tableau.points.length;
  const frames = plan.record.at.length + 1;
  return BYTES * (network + flows * size * (stages + ARRAYS_PER_FLOW + frames));
}

/** null when the memory suffices, else one sentence with what to do. */
export function memoryObjection(problem: Problem, plan?: FlowPlan, flows = 1): string | null {
  const bytes = memoryEstimate(problem, plan, flows);
  if (bytes <= MEMORY_LIMIT) return null;
  const gibibytes = (count: number) => `${Number((count / GIBIBYTE).toPrecision(2))} GiB`;
  return `The network and its recorded frames need ${gibibytes(bytes)} of memory, more than the ${gibibytes(MEMORY_LIMIT)} available here: choose narrower layers, fewer samples, fewer flows or fewer recorded frames.`;
}
