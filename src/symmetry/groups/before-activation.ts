import { pointwiseActivations } from '../../model/pointwise.ts';
import type { GroupDefinition } from '../group-action.ts';
import { addJets, exponentialJet, multiplyJets, timesPseudoInverse } from '../matrix/jet.ts';
import { independentColumns, pseudoInverse } from '../matrix/pseudo-inverse.ts';
import { add, entry, map, multiply, scale, transpose } from '../matrix/view.ts';
import { applicability } from './applicability.ts';
import { type DataGroup, dataAction } from './data-action.ts';
import { networkOf } from './hidden-layers.ts';
import { activate, type LayerReader } from './layer-data.ts';

/**
 * GL(h) before any activation (P1; math.md D3): V -> g V, and with S = sigma(Z), T = sigma(gZ), U -> U (1 + (S - T) T^+).
 * That is the published U S T^+ but for U (1 - T T^+), which the data do not see and which stays, so that the identity
 * moves nothing. No action of the group unless T is square: the part that stays depends on the way.
 */
const groupOn = ({ activation: sigma }: LayerReader): DataGroup => ({
  name: 'before-activation',
  move(g, { inner, outer }, { z, s }) {
    const moved = map(g.times(z), sigma.value);
    const change = multiply(outer, add(s, moved, -1));
    return { inner: g.times(inner), outer: add(outer, multiply(change, pseudoInverse(moved).matrix)) };
  },
  // The derivative of T^+ has the factor S - T, which vanishes at the identity.
  velocity(x, { inner, outer }, { z, s, slope }) {
    const sigma1 = slope();
    const ds = map(multiply(x, z), (d, i, j) => d * entry(sigma1, i, j));
    const change = multiply(multiply(outer, ds), pseudoInverse(s).matrix);
    return { inner: multiply(x, inner), outer: scale(change, -1) };
  },
  moment(p, { inner, outer }, { z, s, slope }) {
    const sigma1 = slope();
    const onData = multiply(transpose(outer), multiply(p.outer, transpose(pseudoInverse(s).matrix)));
    const dz = map(onData, (d, i, j) => d * entry(sigma1, i, j));
    return add(multiply(p.inner, transpose(inner)), multiply(dz, transpose(z)), -1);
  },
  jets(x, { inner, outer }, { z, s }) {
    const curve = exponentialJet(x);
    const moved = activate(sigma, multiplyJets(curve, z));
    const change = timesPseudoInverse(multiplyJets(outer, addJets(s, moved, -1)), moved);
    return { inner: multiplyJets(curve, inner), outer: addJets(outer, change) };
  },
  exactness(layer, { s }) {
    const { independent, rank, conditioning } = independentColumns(s);
    if (!independent && sigma !== pointwiseActivations.linear) {
      const reason = `σ of ${layer}, ${s.rows} units wide, has rank ${rank} for ${s.columns} samples`;
      return {
        exact: false,
        message: `Not exact: ${reason}, and it keeps as many samples as that.`,
        conditioning,
      };
    }
    const why = independent
      ? 'the columns of σ of every hidden layer are independent'
      : 'the network is linear';
    return { exact: true, message: `Exact on these data near the identity: ${why}.`, conditioning };
  },
});

/** GL(h) before the activation, exact on as many samples as there are hidden units. */
export const beforeActivation: GroupDefinition = {
  name: 'before-activation',
  label: 'General linear group before the activation',
  symbol: 'GL(h)',
  formula: 'U → U + U (σ(Z) − σ(gZ)) σ(gZ)⁺, V → g V, b → g b',
  invariant: 'outputs-on-data',
  continuous: true,
  compact: false,
  applies: ({ architecture }) => applicability['before-activation'](architecture),
  create: (problem, layerPairs) => dataAction(groupOn, networkOf(problem), layerPairs),
};
