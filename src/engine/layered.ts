import type { FlowPlan } from '../flow/plan.ts';
import { activation } from '../model/activation.ts';
import type { MlpArchitecture } from '../model/architecture.ts';
import { type PointwiseActivation, type PointwiseName, pointwiseActivations } from '../model/pointwise.ts';
import { isMlp, type MlpProblem, type Problem } from '../model/problem.ts';
import { type RadialActivation, type RadialName, radialActivations } from '../model/radial.ts';
import { testFunction } from '../model/test-function.ts';

/** An activation that follows the product with the weight as it is. */
export type LayerActivation = PointwiseActivation | RadialActivation;

export type LayerActivationName = PointwiseName | RadialName;

/** A problem for kernels that go layer by layer: products with the weights, each but the last followed by an activation. */
export interface LayeredProblem extends MlpProblem {
  readonly architecture: MlpArchitecture & { readonly activation: LayerActivationName };
}

const layerActivations: Readonly<Record<LayerActivationName, LayerActivation>> = {
  ...pointwiseActivations,
  ...radialActivations,
};

/**
 * In float32 a hidden vector shorter than this counts as 0: negative powers of its length leave the numbers, and where it is
 * made of numbers of order one it is rounding.
 */
export const SHORTEST_VECTOR = 1e-7;

/** The names in table order. */
export const layerActivationNames = Object.keys(layerActivations) as LayerActivationName[];

/** Looks an activation up by name. */
export const layerActivation = (name: LayerActivationName): LayerActivation => layerActivations[name];

/** null when such kernels can run the problem (and the plan), else one clause: only the cpu engine runs it. */
export function cpuOnly({ architecture }: Problem, plan?: FlowPlan): string | null {
  if (plan?.weightDecay) return 'weight decay runs on the cpu engine';
  if (!isMlp(architecture)) {
    return `the test function ${testFunction(architecture.name).label} runs on the cpu engine`;
  }
  const { kind, label } = activation(architecture.activation);
  return kind === 'row-inversion' ? `${label} runs on the cpu engine` : null;
}

/** A problem as such kernels take it. Throws RangeError with the clause of `cpuOnly`. */
export function layered(problem: Problem): LayeredProblem {
  if (isLayered(problem)) return problem;
  throw new RangeError(cpuOnly(problem) ?? undefined);
}

const isLayered = (problem: Problem): problem is LayeredProblem => cpuOnly(problem) === null;
