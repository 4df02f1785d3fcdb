import { activation } from '../../model/activation.ts';
import { type Architecture, layerPairCount, type MlpArchitecture } from '../../model/architecture.ts';
import type { GroupName } from '../group-action.ts';

/** null where a group acts on the parameters of an architecture, else one sentence saying why not. */
export type Applicability = (architecture: Architecture) => string | null;

/** Of a group that acts on hidden layers: `objection` is what else there is against a network that has some. */
const onHiddenLayers =
  (objection: (architecture: MlpArchitecture) => string | null): Applicability =>
  (architecture) => {
    if (architecture.kind !== 'mlp') return 'Test functions have no hidden layers.';
    if (layerPairCount(architecture) === 0) return 'The network has no hidden layer: add one.';
    return objection(architecture);
  };

const invertible = onHiddenLayers(({ activation: name }) => {
  const found = activation(name);
  if (found.kind === 'pointwise' && found.inverse !== null) return null;
  return `${found.label} has no inverse: choose an invertible activation such as leaky ReLU.`;
});

const pointwise = onHiddenLayers(({ activation: name }) => {
  const { kind, label } = activation(name);
  return kind === 'pointwise' ? null : `${label} is not a function of single numbers: choose one that is.`;
});

/**
 * On which architectures each group acts. A table of its own, since the page asks it at every edit and the actions bring
 * the linear algebra of the worker with them.
 */
export const applicability: Readonly<Record<GroupName, Applicability>> = {
  'general-linear': onHiddenLayers(({ activation: name }) =>
    name === 'linear'
      ? null
      : 'Only linear networks have the whole general linear group: choose the linear activation.',
  ),
  rescaling: onHiddenLayers(({ activation: name }) => {
    const { kind, label, homogeneity } = activation(name);
    if (homogeneity === null) {
      return `Scaling hidden units changes the function of ${label} networks: choose a homogeneous activation such as ReLU.`;
    }
    return kind === 'radial'
      ? `Scaling single hidden units changes the function of ${label} networks: scale whole layers.`
      : null;
  }),
  'radial-scaling': onHiddenLayers(({ activation: name }) => {
    const { kind, label, homogeneity } = activation(name);
    if (kind === 'radial' && homogeneity !== null) return null;
    return `${label} is not a homogeneous radial activation: choose the square, radial.`;
  }),
  orthogonal: onHiddenLayers(({ activation: name }) => {
    const { kind, label } = activation(name);
    if (kind === 'radial' || name === 'linear') return null;
    return `Rotating hidden vectors changes the function of ${label} networks: choose a radial activation.`;
  }),
  rotation: ({ kind }) =>
    kind === 'mlp' ? 'Only test functions of two parameters have this rotation: choose one.' : null,
  'after-activation': invertible,
  'before-activation': pointwise,
  'before-activation-sample': pointwise,
  'after-activation-first-order': invertible,
  permutation: onHiddenLayers(() => null),
  sign: onHiddenLayers(({ activation: name }) => {
    const found = activation(name);
    if (found.kind !== 'pointwise' || found.odd) return null;
    return `${found.label} is not odd: choose an odd activation such as tanh.`;
  }),
};

/**
 * The number of samples up to which an action can keep the loss of a network exactly, from sizes alone: data-dependent ones
 * need samples that are independent where they act. Infinite where the data do not matter. Entries that are not here keep it
 * for any number.
 */
const sampleLimits: Readonly<Partial<Record<GroupName, (architecture: MlpArchitecture) => number>>> = {
  'after-activation': ({ widths, bias }) => Math.min(...widths.slice(0, -2)) + (bias ? 1 : 0),
  'before-activation': ({ widths }) => Math.min(...widths.slice(1, -1)),
  'before-activation-sample': () => 1,
  'after-activation-first-order': () => 0,
};

/** Whether a group that acts on a network can keep its loss exactly with so many samples. */
export function canBeExact(name: GroupName, architecture: Architecture, samples: number): boolean {
  // The data-dependent actions of a linear network are those of GL(h).
  if (architecture.kind !== 'mlp' || architecture.activation === 'linear') return true;
  return samples <= (sampleLimits[name]?.(architecture) ?? Number.POSITIVE_INFINITY);
}
