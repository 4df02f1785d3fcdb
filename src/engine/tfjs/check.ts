import { norm } from '../../flow/norm.ts';
import type { FlowPlan } from '../../flow/plan.ts';
import type { MlpArchitecture } from '../../model/architecture.ts';
import { teacherDataset } from '../../model/data.ts';
import type { MlpProblem, Problem } from '../../model/problem.ts';
import { createCpuEngine } from '../cpu/cpu-engine.ts';
import type { Engine } from '../engine.ts';
import { layered } from '../layered.ts';
import { specimenPoint } from '../specimen.ts';
import { selfTest } from '../webgpu/self-test.ts';

/** Relative error of a gradient that float32 stays well below. */
const ACCURACY = 1e-3;
/** A network on which flows are compared. Smooth: where a kink is crossed, rounding decides on the steps of an adaptive flow. */
const SMALL: MlpArchitecture = { kind: 'mlp', widths: [4, 5, 3], activation: 'tanh', bias: true };
const SMALL_SAMPLES = 7;

/**
 * Compares an engine with float64: one gradient of the problem itself, since backends take other kernels for large tensors,
 * and flows of a small problem with the plan's integrator. null, or one clause that says what differs. Never throws.
 */
export async function checkEngine(engine: Engine, problem: Problem, plan: FlowPlan): Promise<string | null> {
  const failure = await compareGradient(engine, problem);
  if (failure !== null) return failure;
  const { loss } = layered(problem);
  const small: MlpProblem = {
    architecture: SMALL,
    dataset: teacherDataset(SMALL, SMALL_SAMPLES, 1, loss),
    loss,
  };
  return selfTest(engine, createCpuEngine(), small, plan);
}

async function compareGradient(engine: Engine, problem: Problem): Promise<string | null> {
  try {
    const { parameters, gradient: expected } = specimenPoint(problem, 1);
    const actual = await engine.gradient(problem, parameters);
    const error = norm(actual.map((value, i) => value - expected[i]!)) / norm(expected);
    // A gradient of zero has nothing to compare.
    return error > ACCURACY ? `its gradient is ${Number((100 * error).toPrecision(2))} % off float64` : null;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
