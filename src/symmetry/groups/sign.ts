import type { GroupDefinition } from '../group-action.ts';
import { applicability } from './applicability.ts';
import { networkOf } from './hidden-layers.ts';
import { type LinearGroup, linearAction } from './linear-action.ts';
import { orthogonalMatrices } from './orthogonal.ts';

const group: LinearGroup = {
  ...orthogonalMatrices('sign'),
  algebra: null,
  draw(n, random) {
    const out = new Float64Array(n * n);
    for (let i = 0; i < n; i++) out[i * n + i] = random.uniform() < 0.5 ? -1 : 1;
    return out;
  },
};

/** {-1, 1}^h: hidden units change sign, with odd activations; radial ones and row inversion are odd (math.md A). */
export const sign: GroupDefinition = {
  name: 'sign',
  label: 'Signs of hidden units',
  symbol: '{−1, 1}^h',
  formula: 'W_out → W_out D, W_in → D W_in, b → D b, D = diag(±1)',
  invariant: 'function',
  continuous: false,
  compact: true,
  applies: ({ architecture }) => applicability.sign(architecture),
  create: (problem, layerPairs) => linearAction(group, networkOf(problem), layerPairs),
};
