import { type PointwiseActivation, type PointwiseName, pointwiseActivations } from './pointwise.ts';
import { type RadialActivation, type RadialName, radialActivations } from './radial.ts';
import { type RowInversion, rowInversion } from './row-inversion.ts';

/**
 * What follows a hidden layer: a function of each hidden number ('pointwise'), of the hidden vector ('radial'), or the
 * inversion of the rows of the layer's weight ('row-inversion').
 */
export type Activation = PointwiseActivation | RadialActivation | RowInversion;

export type ActivationName = PointwiseName | RadialName | 'row-inversion';

/** Every activation, by the name used in documents. */
export const activations: Readonly<Record<ActivationName, Activation>> = {
  ...pointwiseActivations,
  ...radialActivations,
  'row-inversion': rowInversion,
};

/** The names in table order, for menus and validation. */
export const activationNames = Object.keys(activations) as ActivationName[];

/** Looks an activation up by name. */
export const activation = (name: ActivationName): Activation => activations[name];

/** A pointwise activation by name. Throws RangeError for one that is not pointwise. */
export function pointwise(name: ActivationName): PointwiseActivation {
  const found = activation(name);
  if (found.kind !== 'pointwise') throw new RangeError(`${found.label} is not a function of single numbers.`);
  return found;
}
