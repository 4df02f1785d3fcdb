import type { ObjectiveName } from '../../symmetry/teleportation/options.ts';

/** What the interface says of an objective. */
interface ObjectiveWords {
  readonly label: string;
  readonly hint: string;
  /** Which further fields it has. */
  readonly fields: readonly ('direction' | 'target' | 'seed')[];
}

/** Every objective by name. A new one is one entry here. */
export const objectiveWords: Readonly<Record<ObjectiveName, ObjectiveWords>> = {
  'gradient-norm': {
    label: 'gradient norm',
    hint: 'How steep the loss is: larger means faster descent from there',
    fields: ['direction'],
  },
  sharpness: {
    label: 'sharpness',
    hint: 'The largest eigenvalue of the Hessian',
    fields: ['direction'],
  },
  'conserved-quantity': {
    label: 'conserved quantity',
    hint: 'Go to a total Q, which the flow keeps from there',
    fields: ['target'],
  },
  curvature: {
    label: 'curvature of the orbit',
    hint: 'The mean curvature of curves exp(sM) in random directions M',
    fields: ['direction', 'seed'],
  },
  random: {
    label: 'random element',
    hint: 'Nothing is optimised: a random element of the group is applied',
    fields: ['seed'],
  },
};
