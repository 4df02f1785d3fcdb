import type { TeleportationSchedule } from '../symmetry/teleportation/options.ts';
import { adapt } from './adapt.ts';
import { fallback } from './defaults.ts';
import type { Experiment, TeleportationsDocument } from './experiment.ts';
import { jumpsEvery, teleportationSchedule } from './teleportations.ts';

/*
 * The controls of teleportation: pure functions from an experiment and a choice to a valid experiment, as in edit.ts.
 */

/** How flows teleport: every field of the document but the schedule. */
export type TeleportationFields = Pick<
  TeleportationsDocument,
  | 'group'
  | 'objective'
  | 'direction'
  | 'target'
  | 'iterations'
  | 'maximumDistance'
  | 'keepStable'
  | 'flows'
  | 'seed'
  | 'twin'
>;

/** Changes how flows teleport; where there were no teleportations, there are some with an empty list of steps (or times). */
export function withTeleportations(
  experiment: Experiment,
  fields: Partial<TeleportationFields> = {},
): Experiment {
  const document = experiment.teleportations ?? startingWith(experiment, []);
  const { target, ...changed } = { ...document, ...fields };
  const aimed = changed.objective === 'conserved-quantity' && { target: target ?? 0 };
  return adapt({ ...experiment, teleportations: { ...changed, ...aimed } as TeleportationsDocument });
}

/** Changes when flows teleport. */
export function withTeleportationSchedule(
  experiment: Experiment,
  schedule: TeleportationSchedule,
): Experiment {
  const document = experiment.teleportations ?? startingWith(experiment, []);
  return adapt({
    ...experiment,
    teleportations: { ...withoutSchedule(document), ...scheduleFields(schedule) },
  });
}

/**
 * Adds a teleportation where a flow is after `step` steps at time `time`: a step, or a time of an adaptive integrator and
 * of a list of times. Any other schedule gives way to the list. Those that are there already stay as they are.
 */
export function withTeleportationAt(
  experiment: Experiment,
  { step, time }: { readonly step: number; readonly time: number },
): Experiment {
  const { teleportations, flow } = experiment;
  const byTime = flow.integrator === 'dormand-prince' || (teleportations && 'atTime' in teleportations);
  const known = teleportations && teleportationSchedule(teleportations);
  const others =
    known?.kind === 'at' && !byTime ? known.steps : known?.kind === 'at-time' && byTime ? known.times : [];
  const points = [...new Set([...others, byTime ? time : step])].sort((a, b) => a - b);
  return withTeleportationSchedule(
    experiment,
    byTime ? { kind: 'at-time', times: points } : { kind: 'at', steps: points },
  );
}

/** Takes the teleportations away. */
export function withoutTeleportations(experiment: Experiment): Experiment {
  const { teleportations: _, ...rest } = experiment;
  return rest as Experiment;
}

/** The same jumps as times of an adaptive flow, where they are at steps of size `stepSize`. */
export function atTimes(
  document: TeleportationsDocument,
  stepSize: number,
  steps: number,
): TeleportationsDocument {
  const schedule = teleportationSchedule(document);
  const at =
    schedule.kind === 'at'
      ? schedule.steps
      : schedule.kind === 'every'
        ? Array.from({ length: jumpsEvery(schedule.steps, steps) }, (_, i) => (i + 1) * schedule.steps)
        : null;
  if (at === null) return document;
  return { ...withoutSchedule(document), atTime: at.map((step) => stepSize * step) };
}

/** The orbit of a test function is a circle: half a turn reaches all of it. */
const HALF_TURN = 3.15;

const startingWith = (
  { architecture, flow }: Experiment,
  points: readonly number[],
): TeleportationsDocument => ({
  ...(flow.integrator === 'dormand-prince' ? { atTime: points } : { at: points }),
  ...fallback.teleportations,
  ...(architecture.kind === 'test-function' && { maximumDistance: HALF_TURN }),
});

function withoutSchedule(document: TeleportationsDocument): TeleportationFields {
  const { at, atTime, every, whenGradientNormBelow, limit, ...fields } = document as TeleportationFields &
    Record<'at' | 'atTime' | 'every' | 'whenGradientNormBelow' | 'limit', unknown>;
  return fields;
}

function scheduleFields(schedule: TeleportationSchedule) {
  switch (schedule.kind) {
    case 'at':
      return { at: schedule.steps };
    case 'at-time':
      return { atTime: schedule.times };
    case 'every':
      return { every: schedule.steps };
    case 'when-gradient-norm-below':
      return { whenGradientNormBelow: schedule.bound, limit: schedule.limit };
  }
}
