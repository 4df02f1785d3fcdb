import type { GroupDefinition, GroupName } from '../group-action.ts';
import { copy, entry, type MatrixView, multiply, transpose } from '../matrix/view.ts';
import { skewBasis } from './algebra.ts';
import { applicability } from './applicability.ts';
import type { Factor } from './factor.ts';
import { networkOf } from './hidden-layers.ts';
import { type LinearGroup, linearAction } from './linear-action.ts';

/** How far g g^T may be from the identity. */
const ROUNDING = 1e-9;

/** g^T. Throws RangeError where that is not the inverse. */
function transposed(g: MatrixView): MatrixView {
  const product = multiply(g, transpose(g));
  for (let i = 0; i < g.rows; i++) {
    for (let j = 0; j < g.rows; j++) {
      if (Math.abs(entry(product, i, j) - (i === j ? 1 : 0)) < ROUNDING) continue;
      throw new RangeError('A matrix is not orthogonal: choose one with g gᵀ = 1.');
    }
  }
  return copy(transpose(g));
}

/** What groups of orthogonal matrices share: the inverse is the transpose. */
export const orthogonalMatrices = (name: GroupName) => ({
  name,
  inverse: transposed,
  factor: (g: MatrixView): Factor => ({
    times: (m) => multiply(g, m),
    timesInverse: (w) => multiply(w, transposed(g)),
  }),
});

const group: LinearGroup = {
  ...orthogonalMatrices('orthogonal'),
  algebra: { basis: skewBasis, generators: 'antisymmetric' },
};

/** O(h) on radial networks and, as a subgroup of GL(h), linear ones (math.md A). exp reaches the rotations among them. */
export const orthogonal: GroupDefinition = {
  name: 'orthogonal',
  label: 'Orthogonal group',
  symbol: 'O(h)',
  formula: 'W_out → W_out gᵀ, W_in → g W_in, b → g b',
  invariant: 'function',
  continuous: true,
  compact: true,
  applies: ({ architecture }) => applicability.orthogonal(architecture),
  create: (problem, layerPairs) => linearAction(group, networkOf(problem), layerPairs),
};
