import { layerCount } from '../model/architecture.ts';
import { conservedFormula, conservedPairs } from '../symmetry/formulas.ts';
import { adaptTeleportations } from './adapt-teleportations.ts';
import { defaultSweep, fitConservedQuantity, quantityUnits } from './conserved-range.ts';
import { fallback } from './defaults.ts';
import { DocumentError } from './document-error.ts';
import {
  type ConservedQuantityDocument,
  type Experiment,
  type InitialisationDocument,
  isMlpExperiment,
  type MlpExperiment,
  type RecordDocument,
  type TeleportationsDocument,
} from './experiment.ts';
import { limits } from './limits.ts';
import { checkData, checkInitialisation, checkRecord } from './rules.ts';

/**
 * Makes an edited experiment consistent: what no longer fits the fields that were changed gives way to what does. An
 * experiment that is valid already comes back as it is.
 */
export function adapt<E extends Experiment>(experiment: E): E;
export function adapt(experiment: Experiment): Experiment {
  const initialisation = adaptInitialisation(experiment);
  const record = adaptRecord(experiment);
  if (!isMlpExperiment(experiment)) {
    return withAdaptedTeleportations({ ...experiment, initialisation, record });
  }
  const { conservedQuantity, ...rest } = experiment;
  const data = fits(() => checkData(experiment)) ? experiment.data : fallback.data;
  const adapted = withAdaptedTeleportations<MlpExperiment>({ ...rest, data, initialisation, record });
  const quantity = conservedQuantity && adaptConservedQuantity(experiment, conservedQuantity);
  return quantity ? fitConservedQuantity({ ...adapted, conservedQuantity: quantity }) : adapted;
}

function withAdaptedTeleportations<E extends Experiment>(experiment: E): E {
  const teleportations = adaptTeleportations(experiment);
  if (teleportations) return { ...experiment, teleportations };
  const { teleportations: _, ...rest } = experiment;
  return rest as E;
}

/**
 * As `adapt`, for changes of the architecture or the scale of the initialisation: the sweep covers the range of the new
 * network, and a network that comes to have a conserved quantity gets one.
 */
export function adaptScale(before: Experiment, edited: Experiment): Experiment {
  if (!isMlpExperiment(edited)) return adapt(edited);
  const known = ({ architecture }: Experiment) => conservedFormula(architecture) !== null;
  const gained = !known(before) && known(edited);
  const experiment = adapt<MlpExperiment>(
    gained ? { ...edited, conservedQuantity: { kind: 'total', layerPair: 0 } } : edited,
  );
  const { conservedQuantity } = experiment;
  if (!conservedQuantity || !(gained || conservedQuantity.sweep)) return experiment;
  return withFreshSweep(experiment, conservedQuantity);
}

/** Replaces the sweep by the range that suits the network; a steered total outside it goes back to Q as initialised. */
export function withFreshSweep(experiment: MlpExperiment, quantity: ConservedQuantityDocument): Experiment {
  const count = quantity.sweep?.count ?? fallback.sweepCount;
  const range = defaultSweep(experiment, quantity.layerPair);
  const { sweep: _, ...bare } = quantity;
  if (range === null) return { ...experiment, conservedQuantity: bare };
  const sweep = { ...range, count };
  if (
    bare.kind === 'total' &&
    bare.value !== undefined &&
    (bare.value < sweep.from || bare.value > sweep.to)
  ) {
    return { ...experiment, conservedQuantity: { kind: 'total', layerPair: bare.layerPair, sweep } };
  }
  return { ...experiment, conservedQuantity: { ...bare, sweep } };
}

/**
 * What an edit took along, in one sentence for the user; empty when nothing needs saying. `before` and `after` are the
 * experiments around one edit.
 */
export function adaptationNotice(before: Experiment, after: Experiment): string {
  const notes: string[] = [];
  if (before.data?.kind === 'explicit' && after.data?.kind === 'whitened' && setUpChanged(before, after)) {
    notes.push('the explicit data no longer fit and were replaced by whitened data');
  }
  if (
    before.initialisation.kind === 'explicit' &&
    after.initialisation.kind === 'normal' &&
    before.architecture !== after.architecture
  ) {
    notes.push('the explicit parameters no longer fit and were replaced by a normal initialisation');
  }
  if (before.conservedQuantity && !after.conservedQuantity && before.architecture !== after.architecture) {
    notes.push('this network has no known conserved quantity, so the sweep of Q was removed');
  }
  if (before.conservedQuantity?.kind === 'per-unit' && after.conservedQuantity?.kind === 'total') {
    notes.push('the values of Q per unit no longer fit and were dropped');
  }
  const [jumps, jumpsAfter] = [before.teleportations, after.teleportations];
  if (jumps && !jumpsAfter && before.flow !== after.flow) {
    notes.push('the schedule of the teleportations no longer fits the flow, so they were removed');
  }
  if (jumps && jumpsAfter && before.flow !== after.flow && pointsOf(jumpsAfter) < pointsOf(jumps)) {
    notes.push('teleportations after the end of the flow were removed');
  }
  if (jumps && !jumpsAfter && before.architecture !== after.architecture) {
    notes.push('no continuous group acts on these parameters, so the teleportations were removed');
  }
  if (jumps && jumpsAfter && before.architecture !== after.architecture) {
    if (jumps.group !== jumpsAfter.group) {
      notes.push('the group of the teleportations does not act on this network and is chosen automatically');
    }
    if (jumps.objective !== jumpsAfter.objective) {
      notes.push('teleportations go by the gradient norm because there is no conserved quantity');
    }
  }
  if (notes.length === 0) return '';
  const sentence = notes.join('; ');
  return `${sentence[0]!.toUpperCase()}${sentence.slice(1)}.`;
}

/** Jumps that are listed one by one. */
const pointsOf = (document: TeleportationsDocument): number =>
  'at' in document ? document.at.length : 'atTime' in document ? document.atTime.length : 0;

const setUpChanged = (before: Experiment, after: Experiment): boolean =>
  before.architecture !== after.architecture || before.loss !== after.loss;

function adaptInitialisation(experiment: Experiment): InitialisationDocument {
  const { architecture, initialisation } = experiment;
  // A test function has one layer, (x, y).
  const layers = Math.max(1, layerCount(architecture));
  switch (initialisation.kind) {
    case 'explicit':
      if (fits(() => checkInitialisation(experiment))) return initialisation;
      return { kind: 'normal', std: resize([fallback.std], layers), seed: fallback.seed };
    case 'normal':
      return initialisation.std.length === layers
        ? initialisation
        : { ...initialisation, std: resize(initialisation.std, layers) };
    default:
      return initialisation;
  }
}

/** The first `length` entries, the last one repeated where there are fewer. */
const resize = (values: readonly number[], length: number): number[] =>
  Array.from({ length }, (_, i) => values[i] ?? values.at(-1) ?? fallback.std);

function adaptConservedQuantity(
  { architecture }: MlpExperiment,
  quantity: ConservedQuantityDocument,
): ConservedQuantityDocument | null {
  const pairs = conservedPairs(architecture);
  if (pairs === 0) return null;
  const layerPair = Math.min(quantity.layerPair, pairs - 1);
  if (quantity.kind === 'total' || quantity.value.length === quantityUnits(architecture, layerPair))
    return { ...quantity, layerPair };
  const { value: _, ...rest } = quantity;
  return { ...rest, kind: 'total', layerPair };
}

function adaptRecord(experiment: Experiment): RecordDocument {
  const { record } = experiment;
  if (!('steps' in record) || fits(() => checkRecord(experiment))) return record;
  const { parameters, steps } = record;
  return { parameters, count: Math.max(limits.frames.minimum, steps.length), spacing: 'log' };
}

function fits(check: () => void): boolean {
  try {
    check();
    return true;
  } catch (error) {
    if (error instanceof DocumentError) return false;
    throw error;
  }
}
