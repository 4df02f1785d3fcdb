import type { MlpProblem } from '../../model/problem.ts';
import type { Exactness, GroupAction, GroupName } from '../group-action.ts';
import { exponential } from '../matrix/exponential.ts';
import type { MatrixJet } from '../matrix/jet.ts';
import { solve } from '../matrix/solve.ts';
import { add, assign, identityMatrix, type MatrixView, square } from '../matrix/view.ts';
import { fullBasis, matrixAlgebra, randomElement } from './algebra.ts';
import { exponentialFactor, type Factor, matrixFactor } from './factor.ts';
import { assignInner, type HiddenLayer, hiddenLayers, innerMatrix, outerBlock } from './hidden-layers.ts';
import {
  type LayerData,
  type LayerJets,
  type LayerReader,
  layerReader,
  mapOrders,
  type ThetaJet,
} from './layer-data.ts';
import { compose } from './linear-action.ts';

/** The weights of a hidden layer, V = [W_in | b] and U = W_out, or what belongs to each. */
export interface Weights<M> {
  readonly inner: M;
  readonly outer: M;
}

/** How GL(h) acts on one hidden layer by way of the present data. */
export interface DataGroup {
  readonly name: GroupName;
  /** The element that X stands for, exp(X) unless given, and how elements act. */
  readonly elements?: { of(x: MatrixView): MatrixView; factor(g: MatrixView): Factor };
  /** The weights after g. Throws RangeError where the action is not defined. */
  move(g: Factor, weights: Weights<MatrixView>, data: LayerData): Weights<MatrixView>;
  /** d/ds of `move` along exp(sX) at s = 0. */
  velocity(x: MatrixView, weights: Weights<MatrixView>, data: LayerData): Weights<MatrixView>;
  /** M with <M, X> = <p, velocity of X> for every X. */
  moment(p: Weights<MatrixView>, weights: Weights<MatrixView>, data: LayerData): MatrixView;
  /** `move` along exp(sX), with two derivatives, where the weights and the data themselves depend on s. */
  jets(x: MatrixView, weights: Weights<MatrixJet>, data: LayerJets): Weights<MatrixJet>;
  /** Whether the outputs on the data are kept, for g near the identity. `layer` is what to call the layer. */
  exactness(layer: string, data: LayerData): Exactness;
}

/**
 * The action of a data-dependent group, hidden layer by hidden layer from below. Each step keeps what the layers above
 * compute from the data, so their product does; how it moves the parts of weights that the data do not see depends on the
 * order, so with several hidden layers it is an action of the group on the outputs' level only.
 */
export function dataAction(
  groupOn: (reader: LayerReader) => DataGroup,
  problem: MlpProblem,
  layerPairs?: readonly number[],
): GroupAction {
  const reader = layerReader(problem);
  const group = groupOn(reader);
  const layers = hiddenLayers(problem.architecture, layerPairs);
  const sizes = layers.map(({ units }) => units);
  const { of: toElement, factor } = group.elements ?? { of: exponential, factor: matrixFactor };

  const act = (factors: readonly Factor[], theta: Float64Array): Float64Array => {
    const moved = theta.slice();
    layers.forEach((layer, k) => {
      const after = group.move(factors[k]!, weightsOf(layer, moved), reader.at(layer, moved));
      assignWeights(layer, moved, after);
    });
    if (moved.every(Number.isFinite)) return moved;
    throw new RangeError(
      'The group element leads to infinite parameters: choose one nearer to the identity.',
    );
  };

  const algebra = matrixAlgebra({
    sizes,
    basis: fullBasis,
    generators: 'nonlinear',
    exponential: toElement,
    flow: (x, theta) => act(x.map(group.elements ? (m) => factor(toElement(m)) : exponentialFactor), theta),
    infinitesimal(x, theta, out) {
      out.fill(0);
      // One layer's move is the identity at s = 0, so the derivative of their product is the sum of theirs.
      layers.forEach((layer, k) => {
        const { inner, outer } = group.velocity(x[k]!, weightsOf(layer, theta), reader.at(layer, theta));
        const sum = weightsOf(layer, out);
        assignWeights(layer, out, { inner: add(sum.inner, inner), outer: add(sum.outer, outer) });
      });
    },
    acceleration(x, theta, out) {
      const zero = () => new Float64Array(theta.length);
      const jet: ThetaJet = { value: theta.slice(), first: zero(), second: zero() };
      layers.forEach((layer, k) => {
        const weights = {
          inner: mapOrders(jet, (part) => innerMatrix(layer, part)),
          outer: mapOrders(jet, (part) => outerBlock(layer, part)),
        };
        const { inner, outer } = group.jets(x[k]!, weights, reader.jets(layer, jet));
        for (const order of ['value', 'first', 'second'] as const) {
          assignWeights(layer, jet[order], { inner: inner[order], outer: outer[order] });
        }
      });
      out.set(jet.second);
    },
    moments: (theta, covector) =>
      layers.map((layer) =>
        group.moment(weightsOf(layer, covector), weightsOf(layer, theta), reader.at(layer, theta)),
      ),
  });

  return {
    name: group.name,
    layerPairs: layers.map(({ pair }) => pair),
    sizes,
    identity: () => sizes.map(identityMatrix),
    compose,
    inverse: (element) =>
      element.map((g) => solve(square(g), square(identityMatrix(Math.sqrt(g.length)))).data),
    act: (element, theta) =>
      act(
        element.map((g) => factor(square(g))),
        theta,
      ),
    random: (random, scale) => randomElement(algebra, random, scale),
    exactness: (theta) =>
      worst(
        layers.map((layer) => group.exactness(`hidden layer ${layer.pair + 1}`, reader.at(layer, theta))),
      ),
    algebra,
  };
}

/** The weights of a layer inside theta; the inner ones are a copy. */
const weightsOf = (layer: HiddenLayer, theta: Float64Array): Weights<MatrixView> => ({
  inner: innerMatrix(layer, theta),
  outer: outerBlock(layer, theta),
});

/** Writes the weights of a layer into theta. */
function assignWeights(layer: HiddenLayer, theta: Float64Array, { inner, outer }: Weights<MatrixView>): void {
  assignInner(layer, theta, inner);
  assign(outerBlock(layer, theta), outer);
}

/** The first that is not exact, or all of them together; the conditioning is the worst. */
function worst(of: readonly Exactness[]): Exactness {
  const conditioning = Math.max(...of.map((one) => one.conditioning));
  return { ...(of.find(({ exact }) => !exact) ?? of.at(-1)!), conditioning };
}
