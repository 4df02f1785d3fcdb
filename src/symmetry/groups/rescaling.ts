import { layerPairCount } from '../../model/architecture.ts';
import type { GroupDefinition } from '../group-action.ts';
import { applicability } from './applicability.ts';
import { diagonalAction } from './diagonal-action.ts';
import { networkOf } from './hidden-layers.ts';

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
  applies: ({ architecture }) => applicability.rescaling(architecture),
  create(problem, layerPairs) {
    const network = networkOf(problem);
    const { architecture } = network;
    const last = layerPairCount(architecture) - 1;
    if (architecture.activation !== 'row-inversion')
      return diagonalAction('rescaling', false, network, layerPairs);
    return diagonalAction('rescaling', false, network, layerPairs?.filter((pair) => pair === last) ?? [last]);
  },
};
