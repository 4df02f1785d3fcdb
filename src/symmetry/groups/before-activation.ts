import { activation } from '../../model/activation.ts';
import type { Problem } from '../../model/problem.ts';
import type { GroupDefinition } from '../group-action.ts';
import { addJets, constantJet, curveJet, mapJet, multiplyJets, timesPseudoInverse } from '../matrix/jet.ts';
import { pseudoInverse } from '../matrix/pseudo-inverse.ts';
import {
  add,
  entry,
  identityMatrix,
  type MatrixView,
  map,
  multiply,
  scale,
  square,
  transpose,
} from '../matrix/view.ts';
import { type DataGroup, dataAction } from './data-action.ts';
import { networkOf, withHiddenLayers } from './hidden-layers.ts';
import type { LayerReader } from './layer-data.ts';

const identity = (n: number): MatrixView => square(identityMatrix(n), n);

/**
 * GL(h) before any activation (P1; math.md D3): V -> g V, and with S = sigma(Z), T = sigma(gZ), U -> U (1 + (S - T) T^+).
 * That is the published U S T^+ but for U (1 - T T^+), which the data do not see and which stays, so that the identity
 * moves nothing. No action of the group unless T is square: the part that stays depends on the way.
 */
const groupOn = ({ activation: sigma }: LayerReader): DataGroup => ({
  name: 'before-activation',
  move(g, inner, { z, s }) {
    const moved = map(multiply(g, z), sigma.value);
    const change = multiply(add(s, moved, -1), pseudoInverse(moved).matrix);
    return { inner: multiply(g, inner), outer: add(identity(g.rows), change) };
  },
  // The derivative of T^+ has the factor S - T, which vanishes at the identity.
  velocity(x, inner, { z, s, slope }) {
    const sigma1 = slope();
    const ds = map(multiply(x, z), (d, i, j) => d * entry(sigma1, i, j));
    return { inner: multiply(x, inner), outer: scale(multiply(ds, pseudoInverse(s).matrix), -1) };
  },
  moment(p, inner, { z, s, slope }) {
    const sigma1 = slope();
    const onData = multiply(p.outer, transpose(pseudoInverse(s).matrix));
    const ds = map(onData, (d, i, j) => d * entry(sigma1, i, j));
    return add(multiply(p.inner, transpose(inner)), multiply(ds, transpose(z)), -1);
  },
  jets(x, inner, { z, s }) {
    const one = identity(x.rows);
    const curve = curveJet(one, x, multiply(x, x));
    const moved = mapJet(multiplyJets(curve, z), [
      s.value,
      map(z.value, sigma.derivative),
      map(z.value, sigma.secondDerivative),
    ]);
    const change = timesPseudoInverse(addJets(s, moved, -1), moved);
    return { inner: multiplyJets(curve, inner), outer: addJets(constantJet(one), change) };
  },
  exactness(layer, { s }) {
    const { rank, conditioning } = pseudoInverse(s);
    const samples = s.columns;
    if (rank === samples) {
      return {
        exact: true,
        message: `Exact on these data near the identity: σ of every hidden layer has independent columns.`,
        conditioning,
      };
    }
    const reason = `σ of ${layer}, ${s.rows} units wide, has rank ${rank} for ${samples} samples`;
    return {
      exact: false,
      message: `Not exact: ${reason}, and it keeps as many samples as that.`,
      conditioning,
    };
  },
});

/** Why the actions before the activation do not apply; null where they do. */
export function beforeActivationApplies(problem: Problem): string | null {
  const network = withHiddenLayers(problem);
  if (typeof network === 'string') return network;
  const { kind, label } = activation(network.architecture.activation);
  return kind === 'pointwise' ? null : `${label} is not a function of single numbers: choose one that is.`;
}

/** GL(h) before the activation, exact on as many samples as there are hidden units. */
export const beforeActivation: GroupDefinition = {
  name: 'before-activation',
  label: 'General linear group before the activation',
  symbol: 'GL(h)',
  formula: 'U → U + U (σ(Z) − σ(gZ)) σ(gZ)⁺, V → g V, b → g b',
  invariant: 'outputs-on-data',
  continuous: true,
  applies: beforeActivationApplies,
  create: (problem, layerPairs) => dataAction(groupOn, networkOf(problem), layerPairs),
};
