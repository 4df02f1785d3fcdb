import { withPerUnit, withSweep, withTotal } from '../../experiment/edit-flow.ts';
import type { ConservedQuantityDocument, Experiment } from '../../experiment/experiment.ts';

/** The experiment with a conserved quantity to steer, as initialised where it has none yet. */
const steerable = (experiment: Experiment, layerPair: number): Experiment =>
  experiment.conservedQuantity
    ? experiment
    : { ...experiment, conservedQuantity: { kind: 'total', layerPair } };

/** Steers the total Q. */
export const steerTotal = (experiment: Experiment, layerPair: number, value: number): Experiment =>
  withTotal(steerable(experiment, layerPair), value);

/** Steers q of every hidden unit. */
export const steerUnits = (experiment: Experiment, layerPair: number, value: readonly number[]): Experiment =>
  withPerUnit(steerable(experiment, layerPair), value);

/** Sets or removes the sweep. */
export const steerSweep = (
  experiment: Experiment,
  layerPair: number,
  sweep: ConservedQuantityDocument['sweep'],
): Experiment => withSweep(steerable(experiment, layerPair), sweep);

/** The total Q that the experiment asks for; undefined: as initialised. */
export const askedTotal = (quantity: ConservedQuantityDocument | undefined): number | undefined =>
  quantity?.kind === 'per-unit' ? quantity.value.reduce((sum, q) => sum + q, 0) : quantity?.value;

let count = 0;

/** A new name for one drag, so that it makes one undo step. */
export const gesture = (name: string): string => `drag-${name}-${++count}`;
