import type { MlpProblem } from '../../model/problem.ts';
import type { Exactness, GroupAction, GroupName } from '../group-action.ts';
import { exponential } from '../matrix/exponential.ts';
import { type MatrixJet, multiplyJets } from '../matrix/jet.ts';
import { solve } from '../matrix/solve.ts';
import {
  accumulate,
  add,
  assign,
  identityMatrix,
  type MatrixView,
  multiply,
  square,
  transpose,
} from '../matrix/view.ts';
import { fullBasis, matrixAlgebra, randomElement } from './algebra.ts';
import { assignInner, hiddenLayers, innerMatrix, outerBlock } from './hidden-layers.ts';
import {
  innerJet,
  type LayerData,
  type LayerJets,
  type LayerReader,
  layerReader,
  mapOrders,
  type ThetaJet,
} from './layer-data.ts';
import { compose } from './linear-action.ts';

/** What becomes of a hidden layer: V = [W_in | b], and the matrix [h][h] that W_out is multiplied by from the right. */
export interface Move<M> {
  readonly inner: M;
  readonly outer: M;
}

/** How GL(h) acts on one hidden layer by way of the present data. */
export interface DataGroup {
  readonly name: GroupName;
  /** The element that X stands for: exp(X) unless given. */
  exponential?(x: MatrixView): MatrixView;
  /** The layer after g. Throws RangeError where the action is not defined. */
  move(g: MatrixView, inner: MatrixView, data: LayerData): Move<MatrixView>;
  /** d/ds of `move` along exp(sX) at s = 0. */
  velocity(x: MatrixView, inner: MatrixView, data: LayerData): Move<MatrixView>;
  /** M with <M, X> = <p.inner, velocity.inner> + <p.outer, velocity.outer> for every X. */
  moment(p: Move<MatrixView>, inner: MatrixView, data: LayerData): MatrixView;
  /** `move` along exp(sX), with two derivatives, where the layer and its data themselves depend on s. */
  jets(x: MatrixView, inner: MatrixJet, data: LayerJets): Move<MatrixJet>;
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
  const toElement = group.exponential ?? exponential;

  const act = (elements: readonly MatrixView[], theta: Float64Array): Float64Array => {
    const moved = theta.slice();
    layers.forEach((layer, k) => {
      const { inner, outer } = group.move(elements[k]!, innerMatrix(layer, moved), reader.at(layer, moved));
      assignInner(layer, moved, inner);
      const u = outerBlock(layer, moved);
      assign(u, multiply(u, outer));
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
    flow: (x, theta) => act(x.map(toElement), theta),
    infinitesimal(x, theta, out) {
      out.fill(0);
      // One layer's move is the identity at s = 0, so the derivative of their product is the sum of theirs.
      layers.forEach((layer, k) => {
        const { inner, outer } = group.velocity(x[k]!, innerMatrix(layer, theta), reader.at(layer, theta));
        assignInner(layer, out, add(innerMatrix(layer, out), inner));
        accumulate(outerBlock(layer, out), outerBlock(layer, theta), outer);
      });
    },
    acceleration(x, theta, out) {
      const zero = () => new Float64Array(theta.length);
      const jet: ThetaJet = { value: theta.slice(), first: zero(), second: zero() };
      layers.forEach((layer, k) => {
        const move = group.jets(x[k]!, innerJet(layer, jet), reader.jets(layer, jet));
        const outer = multiplyJets(
          mapOrders(jet, (part) => outerBlock(layer, part)),
          move.outer,
        );
        for (const order of ['value', 'first', 'second'] as const) {
          assignInner(layer, jet[order], move.inner[order]);
          assign(outerBlock(layer, jet[order]), outer[order]);
        }
      });
      out.set(jet.second);
    },
    moments: (theta, covector) =>
      layers.map((layer) => {
        const outer = multiply(transpose(outerBlock(layer, theta)), outerBlock(layer, covector));
        const inner = innerMatrix(layer, covector);
        return group.moment({ inner, outer }, innerMatrix(layer, theta), reader.at(layer, theta));
      }),
  });

  return {
    name: group.name,
    layerPairs: layers.map(({ pair }) => pair),
    sizes,
    identity: () => sizes.map(identityMatrix),
    compose,
    inverse: (element) =>
      element.map((g, k) => solve(square(g, sizes[k]!), square(identityMatrix(sizes[k]!), sizes[k]!)).data),
    act: (element, theta) =>
      act(
        element.map((g, k) => square(g, sizes[k]!)),
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

/** The first that is not exact, or all of them together; the conditioning is the worst. */
function worst(of: readonly Exactness[]): Exactness {
  const conditioning = Math.max(...of.map((one) => one.conditioning));
  return { ...(of.find(({ exact }) => !exact) ?? of.at(-1)!), conditioning };
}
