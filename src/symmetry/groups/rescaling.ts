import { activation } from '../../model/activation.ts';
import { layerPairCount } from '../../model/architecture.ts';
import type { GroupDefinition } from '../group-action.ts';
import { diagonalAction } from './diagonal-action.ts';
import { networkOf, withHiddenLayers } from './hidden-layers.ts';

/**
 * (R>0)^h on pointwise homogeneous activations of any degree a and on row inversion, a = -1 (math.md A). Row inversion
 * divides by the norm of whole rows: factors on columns are kept only by the output layer, so the group acts on the last
 * hidden layer.
 */
export const rescaling: GroupDefinition = {
  name: 'rescaling',
  label: 'Positive rescaling of hidden units',
  symbol: '(R>0)^h',
  formula: 'W_out → W_out D⁻ᵃ, W_in → D W_in, b → D b',
  invariant: 'function',
  continuous: true,
  compact: false,
  applies(problem) {
    const network = withHiddenLayers(problem);
    if (typeof network === 'string') return network;
    const { kind, label, homogeneity } = activation(network.architecture.activation);
    if (homogeneity === null) {
      return `Scaling hidden units changes the function of ${label} networks: choose a homogeneous activation such as ReLU.`;
    }
    return kind === 'radial'
      ? `Scaling single hidden units changes the function of ${label} networks: scale whole layers.`
      : null;
  },
  create(problem, layerPairs) {
    const network = networkOf(problem);
    const { architecture } = network;
    const last = layerPairCount(architecture) - 1;
    if (architecture.activation !== 'row-inversion')
      return diagonalAction('rescaling', false, network, layerPairs);
    return diagonalAction('rescaling', false, network, layerPairs?.filter((pair) => pair === last) ?? [last]);
  },
};
