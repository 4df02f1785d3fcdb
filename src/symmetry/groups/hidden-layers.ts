import { layerPairCount, type MlpArchitecture } from '../../model/architecture.ts';
import { type LayerLayout, parameterLayout } from '../../model/parameters.ts';
import { isMlpProblem, type MlpProblem, type Problem } from '../../model/problem.ts';
import { type MatrixView, view } from '../matrix/view.ts';

/** A hidden layer between W_in (with its bias) and W_out. */
export interface HiddenLayer {
  readonly pair: number;
  /** h, its width. */
  readonly units: number;
  readonly inner: LayerLayout;
  readonly outer: LayerLayout;
}

/** The hidden layers of the given layer pairs, all by default. */
export function hiddenLayers(architecture: MlpArchitecture, pairs?: readonly number[]): HiddenLayer[] {
  const { layers } = parameterLayout(architecture);
  const all = Array.from({ length: layerPairCount(architecture) }, (_, pair) => pair);
  return (pairs ?? all).map((pair) => {
    const [inner, outer] = [layers[pair]!, layers[pair + 1]!];
    return { pair, units: inner.rows, inner, outer };
  });
}

/** W_in [h][n] and, where there is one, its bias [h][1], inside `theta`. */
export function innerBlocks({ inner }: HiddenLayer, theta: Float64Array): MatrixView[] {
  const weight = view(inner.rows, inner.columns, theta, inner.weight);
  return inner.bias >= 0 ? [weight, view(inner.rows, 1, theta, inner.bias)] : [weight];
}

/** W_out [m][h] inside `theta`. */
export const outerBlock = ({ outer }: HiddenLayer, theta: Float64Array): MatrixView =>
  view(outer.rows, outer.columns, theta, outer.weight);

/** The problem as a network with a hidden layer, or the sentence that says why it is none. */
export function withHiddenLayers(problem: Problem): MlpProblem | string {
  if (!isMlpProblem(problem)) return 'Test functions have no hidden layers.';
  if (layerPairCount(problem.architecture) === 0) return 'The network has no hidden layer: add one.';
  return problem;
}

/** The network of a problem to which a group applies. Throws RangeError for test functions. */
export function networkOf(problem: Problem): MlpProblem {
  if (isMlpProblem(problem)) return problem;
  throw new RangeError('Test functions have no hidden layers.');
}
