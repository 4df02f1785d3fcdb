import type { Experiment, TeleportationsDocument } from '../../experiment/experiment.ts';

export function withTeleportations(
  experiment: Experiment,
  teleportations: TeleportationsDocument | undefined,
): Experiment {
  const { teleportations: _, ...rest } = experiment;
  return teleportations ? { ...rest, teleportations } : rest;
}

export function withTeleportationAt(experiment: Experiment, step: number, time: number): Experiment {
  const { teleportations, flow } = experiment;
  const common = teleportations ?? {
    group: 'auto',
    objective: 'gradient-norm',
    direction: 'increase',
    iterations: 20,
    maximumDistance: 5,
  };
  const { at, atTime, every, whenGradientNormBelow, limit, ...how } = common as Partial<
    Record<'at' | 'atTime' | 'every' | 'whenGradientNormBelow' | 'limit', number[]>
  > &
    TeleportationsDocument;
  const add = (list: readonly number[] = [], value: number) =>
    [...new Set([...list, value])].sort((a, b) => a - b);
  return withTeleportations(
    experiment,
    'steps' in flow && !atTime ? { ...how, at: add(at, step) } : { ...how, atTime: add(atTime, time) },
  );
}
