import type { Random } from '../../model/random.ts';
import type { GroupDefinition } from '../group-action.ts';
import { applicability } from './applicability.ts';
import { networkOf } from './hidden-layers.ts';
import { type LinearGroup, linearAction } from './linear-action.ts';
import { orthogonalMatrices } from './orthogonal.ts';

const group: LinearGroup = {
  ...orthogonalMatrices('permutation'),
  algebra: null,
  draw(n, random) {
    const out = new Float64Array(n * n);
    shuffled(n, random).forEach((j, i) => {
      out[i * n + j] = 1;
    });
    return out;
  },
};

/** 0 .. n - 1 in random order, each order as likely (Fisher, Yates). */
function shuffled(n: number, random: Random): number[] {
  const order = Array.from({ length: n }, (_, i) => i);
  for (let i = n - 1; i > 0; i--) {
    const j = Math.floor(random.uniform() * (i + 1));
    [order[i], order[j]] = [order[j]!, order[i]!];
  }
  return order;
}

/** S_h: hidden units change places, with any activation (math.md A). */
export const permutation: GroupDefinition = {
  name: 'permutation',
  label: 'Permutations of hidden units',
  symbol: 'S_h',
  formula: 'W_out → W_out Pᵀ, W_in → P W_in, b → P b',
  invariant: 'function',
  continuous: false,
  compact: true,
  applies: ({ architecture }) => applicability.permutation(architecture),
  create: (problem, layerPairs) => linearAction(group, networkOf(problem), layerPairs),
};
