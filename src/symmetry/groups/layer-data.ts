import { pointwise } from '../../model/activation.ts';
import { createNetwork } from '../../model/network.ts';
import type { PointwiseActivation } from '../../model/pointwise.ts';
import type { MlpProblem } from '../../model/problem.ts';
import { constantJet, type MatrixJet, mapJet, multiplyJets } from '../matrix/jet.ts';
import { type PseudoInverse, pseudoInverse } from '../matrix/pseudo-inverse.ts';
import { copy, type MatrixView, map, rowMajor, transpose, view } from '../matrix/view.ts';
import { type HiddenLayer, hiddenLayers, innerMatrix } from './hidden-layers.ts';

/** What a hidden layer does with the present data; samples are columns. */
export interface LayerData {
  /** H, its inputs [n][b], with a row of ones where there is a bias. */
  readonly inputs: MatrixView;
  /** H^+ [b][n]. */
  inputInverse(): PseudoInverse;
  /** Z = V H and S = sigma(Z), [h][b]. */
  readonly z: MatrixView;
  readonly s: MatrixView;
  /** sigma'(Z) [h][b]. */
  slope(): MatrixView;
}

/** Parameters that depend on s: value, first and second derivative at s = 0. */
export interface ThetaJet {
  readonly value: Float64Array;
  readonly first: Float64Array;
  readonly second: Float64Array;
}

/** `LayerData` with derivatives. */
export interface LayerJets {
  readonly inputs: MatrixJet;
  readonly z: MatrixJet;
  readonly s: MatrixJet;
}

/** The data as the hidden layers of a network with a pointwise activation see them. */
export interface LayerReader {
  readonly activation: PointwiseActivation;
  at(layer: HiddenLayer, theta: Float64Array): LayerData;
  jets(layer: HiddenLayer, theta: ThetaJet): LayerJets;
}

/** Reads the data of a problem. Throws RangeError where the activation is not pointwise. */
export function layerReader(problem: MlpProblem): LayerReader {
  const { architecture, dataset } = problem;
  const activation = pointwise(architecture.activation);
  const network = createNetwork(problem);
  const { samples, inputs } = dataset;
  const all = hiddenLayers(architecture);

  /** [rows][b] from samples as rows, with a row of ones where there is a bias. */
  const asInputs = (values: MatrixView): MatrixView =>
    architecture.bias ? withRow(values, 1) : copy(values);

  const preActivations = (theta: Float64Array, pair: number): MatrixView =>
    copy(transpose(view(samples, architecture.widths[pair + 1]!, network.preActivations(theta, pair))));

  const first = asInputs(transpose(view(samples, dataset.inputWidth, inputs)));

  let known: PseudoInverse | null = null;
  /** The inputs of the first layer are the data: their inverse never changes. */
  const inverseOfData = (): PseudoInverse => {
    known ??= pseudoInverse(first);
    return known;
  };

  return {
    activation,
    at(layer, theta) {
      const below = layer.pair;
      const h = below === 0 ? first : asInputs(map(preActivations(theta, below - 1), activation.value));
      const z = preActivations(theta, below);
      return {
        inputs: h,
        inputInverse: () => (below === 0 ? inverseOfData() : pseudoInverse(h)),
        z,
        s: map(z, activation.value),
        slope: () => map(z, activation.derivative),
      };
    },
    jets(layer, theta) {
      let h = constantJet(first);
      for (let pair = 0; ; pair++) {
        const z = multiplyJets(
          mapOrders(theta, (part) => innerMatrix(all[pair]!, part)),
          h,
        );
        const s = activate(activation, z);
        if (pair === layer.pair) return { inputs: h, z, s };
        h = architecture.bias
          ? { value: withRow(s.value, 1), first: withRow(s.first, 0), second: withRow(s.second, 0) }
          : s;
      }
    },
  };
}

/** sigma(z) of every entry. */
export const activate = (
  { value, derivative, secondDerivative }: PointwiseActivation,
  z: MatrixJet,
): MatrixJet => mapJet(z, [map(z.value, value), map(z.value, derivative), map(z.value, secondDerivative)]);

/** m with a row of one number appended. */
function withRow(m: MatrixView, x: number): MatrixView {
  const out = view(m.rows + 1, m.columns);
  out.data.set(rowMajor(m));
  out.data.fill(x, m.rows * m.columns);
  return out;
}

/** The same of each order of a jet. */
export const mapOrders = (theta: ThetaJet, of: (part: Float64Array) => MatrixView): MatrixJet => ({
  value: of(theta.value),
  first: of(theta.first),
  second: of(theta.second),
});
