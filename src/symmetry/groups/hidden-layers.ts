import { layerPairCount, type MlpArchitecture } from '../../model/architecture.ts';
import { type LayerLayout, parameterLayout } from '../../model/parameters.ts';
import { isMlpProblem, type MlpProblem, type Problem } from '../../model/problem.ts';
import { assign, columns, type MatrixView, view } from '../matrix/view.ts';

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

/** [W_in | b], with the bias as the last column where there is one: a row-major copy [h][n] or [h][n + 1]. */
export function innerMatrix(layer: HiddenLayer, theta: Float64Array): MatrixView {
  const blocks = innerBlocks(layer, theta);
  const out = view(
    layer.units,
    blocks.reduce((sum, block) => sum + block.columns, 0),
  );
  eachInnerBlock(blocks, out, (part, block) => assign(part, block));
  return out;
}

/** [W_in | b] <- inner, in place; shapes as in `innerMatrix`. */
export const assignInner = (layer: HiddenLayer, theta: Float64Array, inner: MatrixView): void =>
  eachInnerBlock(innerBlocks(layer, theta), inner, (part, block) => assign(block, part));

/** Calls `visit` with the columns of [W_in | b] that belong to each block, and the block. */
function eachInnerBlock(
  blocks: readonly MatrixView[],
  whole: MatrixView,
  visit: (part: MatrixView, block: MatrixView) => void,
): void {
  let start = 0;
  for (const block of blocks) {
    visit(columns(whole, start, block.columns), block);
    start += block.columns;
  }
}

/** W_out [m][h] inside `theta`. */
export const outerBlock = ({ outer }: HiddenLayer, theta: Float64Array): MatrixView =>
  view(outer.rows, outer.columns, theta, outer.weight);

/** The network of a problem to which a group applies. Throws RangeError for test functions. */
export function networkOf(problem: Problem): MlpProblem {
  if (isMlpProblem(problem)) return problem;
  throw new RangeError('Test functions have no hidden layers.');
}
