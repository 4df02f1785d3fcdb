import { flowTime } from '../../experiment/edit-flow.ts';
import { withoutTeleportations, withTeleportationSchedule } from '../../experiment/edit-teleportations.ts';
import type { Experiment, TeleportationsDocument } from '../../experiment/experiment.ts';
import type { TeleportationSchedule } from '../../symmetry/teleportation/options.ts';

/** When flows teleport, as the menu has it. */
export type ScheduleChoice = 'never' | TeleportationSchedule['kind'];

export const scheduleLabels: Readonly<Record<ScheduleChoice, string>> = {
  never: 'never',
  at: 'at steps',
  every: 'every n steps',
  'when-gradient-norm-below': 'small gradient',
  'at-time': 'at times',
};

export const scheduleChoices = Object.keys(scheduleLabels) as ScheduleChoice[];

/** The choice that a document is. */
export function scheduleChoice(document: TeleportationsDocument | undefined): ScheduleChoice {
  if (!document) return 'never';
  if ('at' in document) return 'at';
  if ('every' in document) return 'every';
  return 'atTime' in document ? 'at-time' : 'when-gradient-norm-below';
}

/** Chooses a kind of schedule, at first with a jump a third of the way; how the flows jump stays. */
export function withScheduleChoice(experiment: Experiment, choice: ScheduleChoice): Experiment {
  const { teleportations, flow } = experiment;
  if (choice === scheduleChoice(teleportations)) return experiment;
  if (choice === 'never') return withoutTeleportations(experiment);
  const third = 'steps' in flow ? Math.max(1, Math.round(flow.steps / 3)) : 0;
  const schedules: Readonly<Record<TeleportationSchedule['kind'], TeleportationSchedule>> = {
    at: { kind: 'at', steps: [third] },
    every: { kind: 'every', steps: third },
    'when-gradient-norm-below': { kind: 'when-gradient-norm-below', bound: 0.1, limit: 1 },
    'at-time': { kind: 'at-time', times: [Number((flowTime(flow) / 3).toPrecision(2))] },
  };
  return withTeleportationSchedule(experiment, schedules[choice]);
}
