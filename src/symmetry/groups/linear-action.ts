import type { MlpProblem } from '../../model/problem.ts';
import type { Random } from '../../model/random.ts';
import type { GroupAction, GroupElement, GroupName, LieAlgebra } from '../group-action.ts';
import {
  accumulate,
  add,
  assign,
  identityMatrix,
  type MatrixView,
  multiply,
  scale,
  square,
  transpose,
  view,
} from '../matrix/view.ts';
import { type Basis, matrixAlgebra, randomElement } from './algebra.ts';
import { exponentialFactor, type Factor } from './factor.ts';
import { type HiddenLayer, hiddenLayers, innerBlocks, outerBlock } from './hidden-layers.ts';

/** A group of matrices g with W_in -> g W_in, b -> g b, W_out -> W_out g^-1 on hidden layers. */
export interface LinearGroup {
  readonly name: GroupName;
  /** g^-1. Throws RangeError where there is none. */
  inverse(g: MatrixView): MatrixView;
  /** How g acts. */
  factor(g: MatrixView): Factor;
  /** null for discrete groups. */
  readonly algebra: { readonly basis: Basis; readonly generators: LieAlgebra['generators'] } | null;
  /** An element of GL(n), for discrete groups; exp of random coordinates for the others. */
  draw?(n: number, random: Random): Float64Array;
}

/** What the actions that keep the function for every input say. */
export const EVERY_INPUT = {
  exact: true,
  message: 'Exact: it keeps the network’s function for every input.',
  conditioning: 1,
} as const;

/** The product of a group over hidden layers: W_i -> g_i W_i g_{i-1}^-1, b_i -> g_i b_i (math.md A). */
export function linearAction(
  group: LinearGroup,
  problem: MlpProblem,
  layerPairs?: readonly number[],
): GroupAction {
  const layers = hiddenLayers(problem.architecture, layerPairs);
  const sizes = layers.map(({ units }) => units);
  const algebra = group.algebra && matrixAlgebra({ sizes, ...group.algebra, ...linearField(layers) });
  return {
    name: group.name,
    layerPairs: layers.map(({ pair }) => pair),
    sizes,
    identity: () => sizes.map(identityMatrix),
    compose,
    inverse: (element) => element.map((g) => group.inverse(square(g)).data),
    act: (element, theta) =>
      moved(
        layers,
        element.map((g) => group.factor(square(g))),
        theta,
      ),
    random: (random, scale) =>
      algebra ? randomElement(algebra, random, scale) : sizes.map((n) => group.draw!(n, random)),
    exactness: () => EVERY_INPUT,
    algebra,
  };
}

/** The product of matrices, layer by layer. */
export const compose = (second: GroupElement, first: GroupElement): GroupElement =>
  second.map((g, k) => multiply(square(g), square(first[k]!)).data);

/** theta after one factor for each hidden layer. */
function moved(
  layers: readonly HiddenLayer[],
  factors: readonly Factor[],
  theta: Float64Array,
): Float64Array {
  const out = theta.slice();
  layers.forEach((layer, k) => {
    const g = factors[k]!;
    for (const block of innerBlocks(layer, out)) assign(block, g.times(block));
    const outer = outerBlock(layer, out);
    assign(outer, g.timesInverse(outer));
  });
  return out;
}

/** xi_X(theta): W_i -> X_i W_i - W_i X_{i-1}, b_i -> X_i b_i, and what follows from it. */
function linearField(layers: readonly HiddenLayer[]) {
  const infinitesimal = (x: readonly MatrixView[], theta: Float64Array, out: Float64Array): void => {
    out.fill(0);
    layers.forEach((layer, k) => {
      const into = innerBlocks(layer, out);
      innerBlocks(layer, theta).forEach((block, i) => {
        accumulate(into[i]!, x[k]!, block);
      });
      accumulate(outerBlock(layer, out), outerBlock(layer, theta), scale(x[k]!, -1));
    });
  };
  return {
    infinitesimal,
    // The field is linear in theta, so d^2/ds^2 exp(sX) theta = xi_X(xi_X(theta)).
    acceleration(x: readonly MatrixView[], theta: Float64Array, out: Float64Array): void {
      const velocity = new Float64Array(theta.length);
      infinitesimal(x, theta, velocity);
      infinitesimal(x, velocity, out);
    },
    flow: (x: readonly MatrixView[], theta: Float64Array): Float64Array =>
      moved(layers, x.map(exponentialFactor), theta),
    moments: (theta: Float64Array, covector: Float64Array): MatrixView[] =>
      layers.map((layer) => {
        const m = view(layer.units, layer.units);
        const blocks = innerBlocks(layer, theta);
        innerBlocks(layer, covector).forEach((p, i) => {
          accumulate(m, p, transpose(blocks[i]!));
        });
        const outer = multiply(transpose(outerBlock(layer, theta)), outerBlock(layer, covector));
        return add(m, outer, -1);
      }),
  };
}
