import { type Problem, sampleCount } from '../model/problem.ts';
import { type GroupDefinition, type GroupName, groupNames } from './group-action.ts';
import { afterActivation, afterActivationFirstOrder } from './groups/after-activation.ts';
import { canBeExact } from './groups/applicability.ts';
import { beforeActivation } from './groups/before-activation.ts';
import { beforeActivationSample } from './groups/before-activation-sample.ts';
import { generalLinear } from './groups/general-linear.ts';
import { orthogonal } from './groups/orthogonal.ts';
import { permutation } from './groups/permutation.ts';
import { radialScaling } from './groups/radial-scaling.ts';
import { rescaling } from './groups/rescaling.ts';
import { rotation } from './groups/rotation.ts';
import { sign } from './groups/sign.ts';

/** Every group, by the name used in documents, in the order of `groupNames`; 'auto' takes the first continuous one that applies and is exact. */
export const groups: Readonly<Record<GroupName, GroupDefinition>> = {
  'general-linear': generalLinear,
  rescaling,
  'radial-scaling': radialScaling,
  orthogonal,
  rotation,
  'after-activation': afterActivation,
  'before-activation': beforeActivation,
  'before-activation-sample': beforeActivationSample,
  'after-activation-first-order': afterActivationFirstOrder,
  permutation,
  sign,
};

/** The groups that act on the parameters of a problem, in table order. */
export const applicableGroups = (problem: Problem): GroupDefinition[] =>
  groupNames.map((name) => groups[name]).filter((group) => group.applies(problem) === null);

/** The continuous groups that can keep the loss exactly by the sizes of a problem, in the order of the table. */
export const candidateGroups = (problem: Problem): GroupDefinition[] =>
  applicableGroups(problem).filter(
    ({ name, continuous }) => continuous && canBeExact(name, problem.architecture, sampleCount(problem)),
  );

/** What 'auto' stands for: the first continuous group that applies and keeps the loss exactly at theta; null where none does. */
export const automaticGroup = (problem: Problem, theta: Float64Array): GroupName | null =>
  candidateGroups(problem).find((group) => group.create(problem).exactness(theta).exact)?.name ?? null;
