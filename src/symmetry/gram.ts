import { gramMatrix } from '../model/data.ts';
import type { Dataset } from '../model/problem.ts';

/**
 * The Gram matrix K = X^T X of the samples, [samples][samples], with 1 added to every entry when there are biases: the
 * constant 1 appended to each sample. It decides whether elementwise quantities are conserved (math.md B6).
 */

/** c, the mean diagonal of K: the mean squared norm of the samples. */
export function gramScale({ samples, inputs }: Dataset, bias: boolean): number {
  let sum = 0;
  for (const x of inputs) sum += x * x;
  return sum / samples + (bias ? 1 : 0);
}

/**
 * |K - c I| / |K| in the Frobenius norm: 0 for orthonormal samples up to a factor, below 1 always. Samples that are all
 * zero and have no bias give 1. Costs samples * inputs * min(samples, inputs) operations.
 */
export function gramDeviation(dataset: Dataset, bias: boolean): number {
  const known = deviations.get(dataset)?.get(bias);
  if (known !== undefined) return known;
  const deviation = computeDeviation(dataset, bias);
  deviations.set(dataset, (deviations.get(dataset) ?? new Map()).set(bias, deviation));
  return deviation;
}

/** Deviations by data set and bias: data never change, every observer and chart asks for them, and large data take a second. */
const deviations = new WeakMap<Dataset, Map<boolean, number>>();

function computeDeviation(dataset: Dataset, bias: boolean): number {
  const { samples, inputWidth } = dataset;
  const scale = gramScale(dataset, bias);
  if (scale === 0) return 1;
  const shift = bias ? 1 : 0;
  // With more samples than input directions K cannot be c I, and |X^T X| = |X X^T| is cheaper.
  if (samples > inputWidth + shift) {
    const norm = inputMomentNorm(dataset, bias);
    return Math.sqrt(Math.max(norm * norm - samples * scale * scale, 0)) / norm;
  }
  const gram = gramMatrix(dataset, bias);
  let deviation = 0;
  let total = 0;
  gram.forEach((product, index) => {
    const diagonal = index % (samples + 1) === 0;
    total += product ** 2;
    deviation += (product - (diagonal ? scale : 0)) ** 2;
  });
  return Math.sqrt(deviation / total);
}

/** |X X^T|_F with the constant 1 as a further row of X when there are biases; it equals |X^T X|_F. */
function inputMomentNorm({ samples, inputWidth, inputs }: Dataset, bias: boolean): number {
  const entry = (sample: number, i: number) => (i < inputWidth ? inputs[sample * inputWidth + i]! : 1);
  const width = inputWidth + (bias ? 1 : 0);
  let total = 0;
  for (let p = 0; p < width; p++) {
    for (let q = p; q < width; q++) {
      let product = 0;
      for (let j = 0; j < samples; j++) product += entry(j, p) * entry(j, q);
      total += (p === q ? 1 : 2) * product ** 2;
    }
  }
  return Math.sqrt(total);
}
