import type { GroupDefinition } from '../group-action.ts';
import { applicability } from './applicability.ts';
import { diagonalAction } from './diagonal-action.ts';
import { networkOf } from './hidden-layers.ts';

/** R>0 for each hidden layer, on radial activations of a degree a: c on the way in, c^-a on the way out (math.md A). */
export const radialScaling: GroupDefinition = {
  name: 'radial-scaling',
  label: 'Positive rescaling of hidden layers',
  symbol: 'R>0',
  formula: 'W_out → c⁻ᵃ W_out, W_in → c W_in, b → c b',
  invariant: 'function',
  continuous: true,
  compact: false,
  applies: ({ architecture }) => applicability['radial-scaling'](architecture),
  create: (problem, layerPairs) => diagonalAction('radial-scaling', true, networkOf(problem), layerPairs),
};
