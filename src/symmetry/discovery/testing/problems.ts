import type { ActivationName } from '../../../model/activation.ts';
import { whitenedDataset } from '../../../model/data.ts';
import type { MlpProblem } from '../../../model/problem.ts';

/** A network on the identity, described as in tables: widths as 'n-h-m', 'bias' or nothing. */
export function onIdentity(widths: string, activation: ActivationName, bias = false): MlpProblem {
  const list = widths.split('-').map(Number);
  return {
    architecture: { kind: 'mlp', widths: list, activation, bias },
    dataset: whitenedDataset(list[0]!, list.at(-1)!, 1, 'mean-squared-error'),
    loss: 'mean-squared-error',
  };
}
