import type { Experiment, TeleportationsDocument } from '../../experiment/experiment.ts';
import { withTeleportations } from './edits.ts';
import { type Schedule, scheduleOf } from './words.ts';

type How = Omit<TeleportationsDocument, 'at' | 'atTime' | 'every' | 'whenGradientNormBelow' | 'limit'>;

const usual: How = {
  group: 'auto',
  objective: 'gradient-norm',
  direction: 'increase',
  iterations: 20,
  maximumDistance: 5,
};

/** An experiment whose flows teleport on another kind of schedule, at first about a third of the way; how they do stays. */
export function withSchedule(experiment: Experiment, schedule: Schedule): Experiment {
  const { teleportations, flow } = experiment;
  if (schedule === scheduleOf(teleportations)) return experiment;
  if (schedule === 'never') return withTeleportations(experiment, undefined);
  const how = teleportations ? withoutSchedule(teleportations) : usual;
  const third = 'steps' in flow ? Math.max(1, Math.round(flow.steps / 3)) : 0;
  const fields = {
    at: { at: [third] },
    every: { every: third },
    below: { whenGradientNormBelow: 0.1, limit: 1 },
    'at-time': { atTime: [Number(('steps' in flow ? flow.stepSize * third : flow.time / 3).toPrecision(2))] },
  }[schedule];
  return withTeleportations(experiment, { ...how, ...fields });
}

function withoutSchedule(document: TeleportationsDocument): How {
  const scheduled = ['at', 'atTime', 'every', 'whenGradientNormBelow', 'limit'];
  return Object.fromEntries(Object.entries(document).filter(([key]) => !scheduled.includes(key))) as How;
}
