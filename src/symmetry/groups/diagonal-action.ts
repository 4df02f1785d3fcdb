import { activation } from '../../model/activation.ts';
import type { MlpProblem } from '../../model/problem.ts';
import type { GroupAction, GroupElement, GroupName, LieAlgebra } from '../group-action.ts';
import { identityMatrix } from '../matrix/view.ts';
import { scaleUnits } from '../scale-units.ts';
import { randomElement } from './algebra.ts';
import { type HiddenLayer, hiddenLayers } from './hidden-layers.ts';
import { EVERY_INPUT } from './linear-action.ts';

/**
 * Positive factors d on hidden units, W_in -> D W_in, b -> D b, W_out -> W_out D^-a for an activation of degree a (math.md
 * A), without matrices but in the elements. `shared`: one factor for all units of a layer, in 1 x 1 matrices.
 */
export function diagonalAction(
  name: GroupName,
  shared: boolean,
  { architecture }: MlpProblem,
  layerPairs?: readonly number[],
): GroupAction {
  const degree: number = activation(architecture.activation).homogeneity!;
  const layers = hiddenLayers(architecture, layerPairs);
  const sizes = layers.map(({ units }) => (shared ? 1 : units));
  const starts = sizes.map((_, k) => sizes.slice(0, k).reduce((sum, n) => sum + n, 0));
  const dimension = sizes.reduce((sum, n) => sum + n, 0);

  /** The number of layer k that belongs to unit i. */
  const of = (values: ArrayLike<number>, offset: number, i: number): number =>
    values[offset + (shared ? 0 : i)]!;

  /** theta with the units of every layer times d_i, and d_i^-a on the way out. */
  const scaled = (theta: Float64Array, factor: (k: number, i: number) => number): Float64Array =>
    layers.reduce((moved, { pair, units }, k) => {
      const inner = Float64Array.from({ length: units }, (_, i) => factor(k, i));
      if (inner.some((d) => !(d > 0 && d < Infinity))) {
        throw new RangeError('Factors of hidden units must be positive: choose greater ones than 0.');
      }
      return scaleUnits(
        architecture,
        moved,
        pair,
        inner,
        inner.map((d) => d ** -degree),
      );
    }, theta);

  const diagonal = (values: Float64Array, map: (x: number) => number): GroupElement =>
    sizes.map((n, k) => {
      const matrix = new Float64Array(n * n);
      for (let i = 0; i < n; i++) matrix[i * n + i] = map(values[starts[k]! + i]!);
      return matrix;
    });

  const infinitesimal = (theta: Float64Array, coordinates: Float64Array, out: Float64Array): void => {
    out.fill(0);
    layers.forEach((layer, k) => {
      eachWeight(layer, (index, unit, inner) => {
        out[index]! += theta[index]! * (inner ? 1 : -degree) * of(coordinates, starts[k]!, unit);
      });
    });
  };

  const algebra: LieAlgebra = {
    dimension,
    generators: 'symmetric',
    matrices: (coordinates) => diagonal(coordinates, (x) => x),
    exponential: (coordinates) => diagonal(coordinates, Math.exp),
    flow: (coordinates, theta) => scaled(theta, (k, i) => Math.exp(of(coordinates, starts[k]!, i))),
    infinitesimal,
    // The field is linear in theta, so d^2/ds^2 exp(sX) theta = xi_X(xi_X(theta)).
    acceleration(theta, coordinates, out) {
      const velocity = new Float64Array(theta.length);
      infinitesimal(theta, coordinates, velocity);
      infinitesimal(velocity, coordinates, out);
    },
    pairing(theta, covector, out) {
      out.fill(0);
      layers.forEach((layer, k) => {
        eachWeight(layer, (index, unit, inner) => {
          out[starts[k]! + (shared ? 0 : unit)]! += covector[index]! * theta[index]! * (inner ? 1 : -degree);
        });
      });
    },
  };

  return {
    name,
    layerPairs: layers.map(({ pair }) => pair),
    sizes,
    identity: () => sizes.map(identityMatrix),
    compose: (second, first) => zip(sizes, second, first, (a, b) => a * b),
    inverse: (element) => zip(sizes, element, element, (d) => 1 / d),
    act: (element, theta) => scaled(theta, (k, i) => element[k]![(shared ? 0 : i) * (sizes[k]! + 1)]!),
    random: (random, scale) => randomElement(algebra, random, scale),
    exactness: () => EVERY_INPUT,
    algebra,
  };
}

/** Diagonal matrices with f of the diagonals of a and b. */
const zip = (
  sizes: readonly number[],
  a: GroupElement,
  b: GroupElement,
  f: (x: number, y: number) => number,
): GroupElement =>
  sizes.map((n, k) => {
    const out = new Float64Array(n * n);
    for (let i = 0; i < out.length; i += n + 1) out[i] = f(a[k]![i]!, b[k]![i]!);
    return out;
  });

/** Calls `visit` with the index in theta, the hidden unit and whether it leads into it, for every weight and bias of a hidden layer. */
function eachWeight(
  { units, inner, outer }: HiddenLayer,
  visit: (index: number, unit: number, inner: boolean) => void,
): void {
  for (let k = 0; k < units; k++) {
    for (let i = 0; i < inner.columns; i++) visit(inner.weight + k * inner.columns + i, k, true);
    if (inner.bias >= 0) visit(inner.bias + k, k, true);
    for (let i = 0; i < outer.rows; i++) visit(outer.weight + i * outer.columns + k, k, false);
  }
}
