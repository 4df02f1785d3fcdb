import type { TeleportationsDocument } from '../../experiment/experiment.ts';
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

/** When flows teleport, as the menu has it. */
export type Schedule = 'never' | 'at' | 'every' | 'below' | 'at-time';

export const scheduleLabels: Readonly<Record<Schedule, string>> = {
  never: 'never',
  at: 'at steps',
  every: 'every so many steps',
  below: 'below a gradient norm',
  'at-time': 'at times',
};

/** The choice that a document is. */
export function scheduleOf(document: TeleportationsDocument | undefined): Schedule {
  if (!document) return 'never';
  if ('at' in document) return 'at';
  if ('every' in document) return 'every';
  return 'atTime' in document ? 'at-time' : 'below';
}
