import type { GroupName } from '../../symmetry/group-action.ts';
import type { OrbitDirection } from './question.ts';

/** Directions of groups whose algebra has symmetric matrices. */
const scalings: readonly OrbitDirection[] = ['fastest-q', 'uniform', 'unit', 'random', 'jump'];

/** The directions that make sense on the orbits of a group, the first to begin with. Discrete groups have none. */
export const directionsOf: Readonly<Record<GroupName, readonly OrbitDirection[]>> = {
  'general-linear': scalings,
  rescaling: scalings,
  'radial-scaling': ['uniform'],
  orthogonal: ['unit', 'random', 'jump'],
  rotation: ['unit'],
  'after-activation': scalings,
  'before-activation': scalings,
  'before-activation-sample': scalings,
  'after-activation-first-order': scalings,
  permutation: [],
  sign: [],
};
