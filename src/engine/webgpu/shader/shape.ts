import { inputsAreIdentity } from '../../../model/data.ts';
import { type Loss, loss } from '../../../model/loss.ts';
import { type LayerLayout, parameterLayout } from '../../../model/parameters.ts';
import type { Problem } from '../../../model/problem.ts';
import { type LayerActivation, layerActivation, layered } from '../../layered.ts';

/** Everything of a problem that shaders are generated from: sizes and formulas, and of the data only what `identityInputs` says. */
export interface KernelShape {
  /** [n_0, .., n_L]. */
  readonly widths: readonly number[];
  readonly layers: readonly LayerLayout[];
  /** Number of parameters P. */
  readonly size: number;
  readonly samples: number;
  /** Sample s is the s-th unit vector. */
  readonly identityInputs: boolean;
  readonly activation: LayerActivation;
  readonly rowLoss: Loss['rowLoss'];
  /** The one factor of the loss. */
  readonly scale: number;
}

/** Reads the shape of a problem. Throws RangeError with the clause of `cpuOnly`. */
export function kernelShape(problem: Problem): KernelShape {
  const { architecture, dataset, loss: lossName } = layered(problem);
  const { layers, size } = parameterLayout(architecture);
  const { rowLoss, scale } = loss(lossName);
  return {
    widths: architecture.widths,
    layers,
    size,
    samples: dataset.samples,
    identityInputs: inputsAreIdentity(dataset),
    activation: layerActivation(architecture.activation),
    rowLoss,
    scale: scale(dataset.samples, dataset.outputWidth),
  };
}
