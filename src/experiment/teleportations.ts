import type { GroupName } from '../symmetry/group-action.ts';
import type { TeleportationPlan, TeleportationSchedule } from '../symmetry/teleportation/options.ts';
import type { Experiment, TeleportationsDocument } from './experiment.ts';

/** When the flows of a document teleport. */
export function teleportationSchedule(document: TeleportationsDocument): TeleportationSchedule {
  if ('at' in document) return { kind: 'at', steps: document.at };
  if ('atTime' in document) return { kind: 'at-time', times: document.atTime };
  if ('every' in document) return { kind: 'every', steps: document.every };
  return {
    kind: 'when-gradient-norm-below',
    bound: document.whenGradientNormBelow,
    limit: document.limit ?? 1,
  };
}

/** Jumps of one flow at most. */
export function largestJumpCount({ teleportations, flow }: Experiment): number {
  if (!teleportations) return 0;
  const schedule = teleportationSchedule(teleportations);
  switch (schedule.kind) {
    case 'at':
      return schedule.steps.length;
    case 'at-time':
      return schedule.times.length;
    case 'every':
      return 'steps' in flow ? jumpsEvery(schedule.steps, flow.steps) : 0;
    case 'when-gradient-norm-below':
      return schedule.limit;
  }
}

/** Jumps of a flow of `steps` steps that jumps every `every` ones: none after the last step. */
export const jumpsEvery = (every: number, steps: number): number => Math.ceil(steps / every) - 1;

/** Whether jumps are at points that every flow records. */
export const jumpsAreRecorded = ({ teleportations }: Experiment): boolean =>
  teleportations !== undefined && !('whenGradientNormBelow' in teleportations);

/**
 * When and how the flows of an experiment teleport along `group`, so that steps of a fixed size stay stable after a jump; null where none
 * ever does.
 */
export function teleportationPlan(experiment: Experiment, group: GroupName): TeleportationPlan | null {
  const { teleportations, flow } = experiment;
  if (!teleportations || largestJumpCount(experiment) === 0) return null;
  const { objective, direction, target, iterations, maximumDistance, seed } = teleportations;
  return {
    schedule: teleportationSchedule(teleportations),
    options: {
      group,
      objective,
      direction,
      iterations,
      maximumDistance,
      ...('stepSize' in flow && { stepSize: flow.stepSize }),
      ...(target !== undefined && { target }),
      ...stableStepSize(experiment),
      ...(seed !== undefined && { seed }),
    },
  };
}

/** The step size that a jump to a larger gradient must not make unstable, unless the document gives that up. */
function stableStepSize({ teleportations, flow }: Experiment): { readonly stepSize?: number } {
  const { objective, direction, keepStable = true } = teleportations!;
  const wanted = keepStable && objective === 'gradient-norm' && direction === 'increase';
  return wanted && 'stepSize' in flow ? { stepSize: flow.stepSize } : {};
}

/** Whether a flow from the steered start that does not teleport is added. */
export const hasTwin = (experiment: Experiment): boolean =>
  experiment.teleportations?.twin !== false && largestJumpCount(experiment) > 0;
