import type { GroupDefinition } from '../group-action.ts';
import { solve } from '../matrix/solve.ts';
import { identityMatrix, square } from '../matrix/view.ts';
import { fullBasis } from './algebra.ts';
import { applicability } from './applicability.ts';
import { matrixFactor } from './factor.ts';
import { networkOf } from './hidden-layers.ts';
import { type LinearGroup, linearAction } from './linear-action.ts';

const group: LinearGroup = {
  name: 'general-linear',
  inverse: (g) => solve(g, square(identityMatrix(g.rows), g.rows)),
  factor: matrixFactor,
  algebra: { basis: fullBasis, generators: 'mixed' },
};

/** GL(h) on linear networks of any depth (math.md A). */
export const generalLinear: GroupDefinition = {
  name: 'general-linear',
  label: 'General linear group',
  symbol: 'GL(h)',
  formula: 'W_out → W_out g⁻¹, W_in → g W_in, b → g b',
  invariant: 'function',
  continuous: true,
  compact: false,
  applies: ({ architecture }) => applicability['general-linear'](architecture),
  create: (problem, layerPairs) => linearAction(group, networkOf(problem), layerPairs),
};
