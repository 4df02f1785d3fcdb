import { integrator } from '../../flow/integrator.ts';
import type { FlowPlan } from '../../flow/plan.ts';
import { parameterLayout } from '../../model/parameters.ts';
import { type Problem, sampleCount } from '../../model/problem.ts';

const BYTES = Float32Array.BYTES_PER_ELEMENT;
/** Tensors of [samples][rows] that live at once per layer: forward and backward pass, and their tangents. */
const TENSORS_PER_LAYER = 8;
/** Tensors of P that a flow keeps besides its stages: the states before and after, parts of theta and of the gradient. */
const TENSORS_PER_FLOW = 12;

/**
 * What the tensors of the flows that advance together may take; more flows go one part after the other. No single tensor is
 * then larger than a WebGPU binding (128 MiB). One flow needs less than what flow/memory.ts allows to any run.
 */
export const TENSOR_LIMIT = 512 * 2 ** 20;

/**
 * How many flows of a plan (or rows, without one) `limit` bytes of tensors hold, at least 1. `rowsAtOnce`: how many one
 * operation takes.
 */
export function flowCapacity(
  problem: Problem,
  rowsAtOnce: number,
  plan?: FlowPlan,
  limit: number = TENSOR_LIMIT,
): number {
  const { layers, size } = parameterLayout(problem.architecture);
  const units = layers.reduce((sum, { rows }) => sum + rows, 0);
  const stages = plan ? integrator(plan.integrator).tableau.points.length : 1;
  const evaluation = BYTES * sampleCount(problem) * units * TENSORS_PER_LAYER;
  const flow = BYTES * size * (stages + TENSORS_PER_FLOW);
  const together = Math.floor(limit / (flow + evaluation));
  const inTurns = Math.floor((limit - rowsAtOnce * evaluation) / flow);
  return Math.max(1, rowsAtOnce <= together ? inTurns : together);
}
