import { pointwiseActivations } from '../../model/pointwise.ts';
import type { GroupDefinition, GroupName } from '../group-action.ts';
import { addJets, exponentialJet, mapJet, multiplyJets, timesPseudoInverse } from '../matrix/jet.ts';
import { independentColumns } from '../matrix/pseudo-inverse.ts';
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
import { applicability } from './applicability.ts';
import { type DataGroup, dataAction } from './data-action.ts';
import type { Factor } from './factor.ts';
import { networkOf } from './hidden-layers.ts';
import type { LayerReader } from './layer-data.ts';

/** g = 1 + T, acting with 1 - T in place of g^-1. */
const firstOrder = {
  of: (x: MatrixView): MatrixView => add(square(identityMatrix(x.rows), x.rows), x),
  factor: (g: MatrixView): Factor => ({
    times: (m) => multiply(g, m),
    timesInverse: (w) => add(scale(w, 2), multiply(w, g), -1),
  }),
};

/**
 * GL(h) after an invertible activation (P2; math.md A, E2): on the samples S = sigma(Z) becomes g S, so U -> U g^-1 and V
 * -> V + (sigma^-1(g S) - Z) H^+. That is the published V -> sigma^-1(g S) H^+ but for V (1 - H H^+), which the data do not
 * see and which stays, so that the identity moves nothing.
 */
const groupOn =
  (name: GroupName, order: 'exact' | 'first') =>
  ({ activation: sigma }: LayerReader): DataGroup => {
    const { value: inverse, range } = sigma.inverse!;
    const first = order === 'first';
    return {
      name,
      ...(first && { elements: firstOrder }),
      move(g, { inner, outer }, { inputInverse, s, z }) {
        const target = g.times(s);
        if (!target.data.every((y) => y > range[0] && y < range[1])) {
          throw new RangeError(
            `The group element leads out of the range of ${sigma.label}: choose one nearer to the identity.`,
          );
        }
        const change = multiply(add(map(target, inverse), z, -1), inputInverse().matrix);
        return { inner: add(inner, change), outer: g.timesInverse(outer) };
      },
      velocity(x, { outer }, { inputInverse, s, slope }) {
        const sigma1 = slope();
        const dz = map(multiply(x, s), (d, i, j) => d / entry(sigma1, i, j));
        return { inner: multiply(dz, inputInverse().matrix), outer: scale(multiply(outer, x), -1) };
      },
      moment(p, { outer }, { inputInverse, s, slope }) {
        const sigma1 = slope();
        const onData = multiply(p.inner, transpose(inputInverse().matrix));
        const dz = map(onData, (d, i, j) => d / entry(sigma1, i, j));
        return add(multiply(dz, transpose(s)), multiply(transpose(outer), p.outer), -1);
      },
      jets(x, { inner, outer }, { inputs, z, s }) {
        const bend = first ? scale(x, 0) : multiply(x, x);
        const target = multiplyJets(exponentialJet(x, bend), s);
        const sigma1 = map(z.value, sigma.derivative);
        const sigma2 = map(z.value, sigma.secondDerivative);
        const moved = mapJet(target, [
          z.value,
          map(sigma1, (d) => 1 / d),
          map(sigma2, (d, i, j) => -d / entry(sigma1, i, j) ** 3),
        ]);
        const change = timesPseudoInverse(addJets(moved, z, -1), inputs);
        const back = exponentialJet(scale(x, -1), bend);
        return { inner: addJets(inner, change), outer: multiplyJets(outer, back) };
      },
      exactness(layer, { inputs, inputInverse, s }) {
        const { independent, rank, conditioning } = independentColumns(inputs, inputInverse);
        const no = (message: string) => ({ exact: false, message, conditioning });
        if (!s.data.every((y) => y > range[0] && y < range[1])) {
          return no(`Not defined: ${sigma.label} of ${layer} is saturated to rounding.`);
        }
        if (!independent && sigma !== pointwiseActivations.linear) {
          return no(
            `Not exact: the inputs of ${layer} have rank ${rank} for ${inputs.columns} samples, and it keeps as many samples as that.`,
          );
        }
        if (first) return no('First order: the outputs change by −U T² σ(VH).');
        const why = independent
          ? 'the inputs of every hidden layer are independent'
          : 'the network is linear';
        return { exact: true, message: `Exact on these data: ${why}.`, conditioning };
      },
    };
  };

/** GL(h) after the activation, exact on as many samples as their inputs have dimensions. */
export const afterActivation: GroupDefinition = {
  name: 'after-activation',
  label: 'General linear group after the activation',
  symbol: 'GL(h)',
  formula: 'U → U g⁻¹, V → V + (σ⁻¹(g σ(VH)) − VH) H⁺',
  invariant: 'outputs-on-data',
  continuous: true,
  compact: false,
  applies: ({ architecture }) => applicability['after-activation'](architecture),
  create: (problem, layerPairs) =>
    dataAction(groupOn('after-activation', 'exact'), networkOf(problem), layerPairs),
};

/**
 * The same as published code computes it, g = 1 + T with 1 - T in place of the inverse: the outputs change by -U T^2
 * sigma(VH) (math.md E2). It is no action of the group; kept to compare with.
 */
export const afterActivationFirstOrder: GroupDefinition = {
  name: 'after-activation-first-order',
  label: 'After the activation, first order',
  symbol: '1 + gl(h)',
  formula: 'U → U (1 − T), V → V + (σ⁻¹((1 + T) σ(VH)) − VH) H⁺',
  invariant: 'first-order',
  continuous: true,
  compact: false,
  applies: ({ architecture }) => applicability['after-activation-first-order'](architecture),
  create: (problem, layerPairs) =>
    dataAction(groupOn('after-activation-first-order', 'first'), networkOf(problem), layerPairs),
};
