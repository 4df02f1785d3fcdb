import { conservedFormula } from '../symmetry/formulas.ts';
import { continuousNames, type GroupName } from '../symmetry/group-action.ts';
import { applicability } from '../symmetry/groups/applicability.ts';
import { isWithin } from './durations.ts';
import type { Experiment, TeleportationsDocument } from './experiment.ts';
import { leastEvery } from './teleportation-rules.ts';

/**
 * Makes teleportations fit their experiment: points beyond the flow are dropped, a group or an objective that does not apply
 * gives way to the default. undefined where no schedule remains or no group acts.
 */
export function adaptTeleportations(experiment: Experiment): TeleportationsDocument | undefined {
  const { teleportations } = experiment;
  if (!teleportations) return undefined;
  const scheduled = adaptSchedule(experiment, teleportations);
  const grouped = scheduled && adaptGroup(experiment, scheduled);
  return grouped && adaptObjective(experiment, grouped);
}

function adaptSchedule(
  { flow }: Experiment,
  document: TeleportationsDocument,
): TeleportationsDocument | undefined {
  if ('atTime' in document) {
    const atTime = document.atTime.filter((time) => isWithin(flow, time));
    return atTime.length === document.atTime.length ? document : { ...document, atTime };
  }
  if ('whenGradientNormBelow' in document) {
    return flow.stop && document.whenGradientNormBelow <= flow.stop.gradientNorm ? undefined : document;
  }
  if (flow.integrator === 'dormand-prince') return undefined;
  if ('every' in document) {
    const least = leastEvery(flow.steps);
    return document.every >= least ? document : { ...document, every: least };
  }
  const at = document.at.filter((step) => step <= flow.steps);
  return at.length === document.at.length ? document : { ...document, at };
}

/** The document's group where it acts, else 'auto'; undefined where no continuous group acts. */
function adaptGroup(
  { architecture }: Experiment,
  document: TeleportationsDocument,
): TeleportationsDocument | undefined {
  const acts = (name: GroupName) => applicability[name](architecture) === null;
  const { group } = document;
  if (group !== 'auto' && acts(group)) return document;
  if (!continuousNames.some(acts)) return undefined;
  return group === 'auto' ? document : { ...document, group: 'auto' };
}

function adaptObjective(
  { architecture }: Experiment,
  document: TeleportationsDocument,
): TeleportationsDocument {
  if (document.objective !== 'conserved-quantity' || conservedFormula(architecture) !== null) return document;
  const { target: _, ...rest } = document;
  return { ...rest, objective: 'gradient-norm' };
}
