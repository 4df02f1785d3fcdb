import type { MlpArchitecture } from './architecture.ts';
import { drawParameters } from './initialisation.ts';
import type { LossName } from './loss.ts';
import { loss } from './loss.ts';
import { createNetwork } from './network.ts';
import { softmaxRows } from './output-loss.ts';
import type { Dataset } from './problem.ts';
import { createRandom } from './random.ts';

/**
 * Inputs = the identity (one sample per input), so the samples are orthonormal; targets N(0, 1), and for cross-entropy
 * the one-hot vector of the largest of them. Stream 'whitened' of `seed`.
 */
export function whitenedDataset(
  inputWidth: number,
  outputWidth: number,
  seed: number,
  lossName: LossName,
): Dataset {
  const samples = inputWidth;
  const inputs = new Float64Array(samples * inputWidth);
  for (let s = 0; s < samples; s++) inputs[s * inputWidth + s] = 1;
  const random = createRandom(seed, 'whitened');
  const targets = Float64Array.from({ length: samples * outputWidth }, () => random.normal());
  if (loss(lossName).rowLoss === 'cross-entropy') oneHotRows(targets, outputWidth);
  return { samples, inputWidth, outputWidth, inputs, targets };
}

/** Whether the inputs are the identity: sample s is the s-th unit vector. Then the first layer needs no product. */
export function inputsAreIdentity({ samples, inputWidth, inputs }: Dataset): boolean {
  return (
    samples === inputWidth &&
    inputs.every((value, i) => value === (i % inputWidth === Math.floor(i / inputWidth) ? 1 : 0))
  );
}

/**
 * Inputs N(0, 1); targets = the outputs of a random network of the same architecture, its weights and biases N(0, 1/inputs
 * of the layer), and for cross-entropy their softmax. Streams 'teacher-inputs' and 'teacher' of `seed`.
 */
export function teacherDataset(
  architecture: MlpArchitecture,
  samples: number,
  seed: number,
  lossName: LossName,
): Dataset {
  const inputWidth = architecture.widths[0]!;
  const outputWidth = architecture.widths.at(-1)!;
  const random = createRandom(seed, 'teacher-inputs');
  const inputs = Float64Array.from({ length: samples * inputWidth }, () => random.normal());
  const std = architecture.widths.slice(0, -1).map((fanIn) => 1 / Math.sqrt(fanIn));
  const teacher = drawParameters(architecture, { kind: 'normal', std }, createRandom(seed, 'teacher'));
  const unlabelled = { samples, inputWidth, outputWidth, inputs };
  const targets = createNetwork({
    architecture,
    dataset: { ...unlabelled, targets: new Float64Array(samples * outputWidth) },
    loss: lossName,
  }).outputs(teacher);
  if (loss(lossName).rowLoss === 'cross-entropy') softmaxRows(targets, outputWidth);
  return { ...unlabelled, targets };
}

/** Data given row by row; all rows of one kind have the same length (validated documents do). */
export function explicitDataset(
  inputs: readonly (readonly number[])[],
  targets: readonly (readonly number[])[],
): Dataset {
  return {
    samples: inputs.length,
    inputWidth: inputs[0]?.length ?? 0,
    outputWidth: targets[0]?.length ?? 0,
    inputs: Float64Array.from(inputs.flat()),
    targets: Float64Array.from(targets.flat()),
  };
}

/**
 * Inner products of the samples, [samples][samples]: X^T X in the notation of math.md, whose columns are samples.
 * `withBias` counts the constant input 1 that feeds a bias.
 */
export function gramMatrix(dataset: Dataset, withBias: boolean): Float64Array {
  const { samples, inputWidth, inputs } = dataset;
  const gram = new Float64Array(samples * samples);
  for (let a = 0; a < samples; a++) {
    for (let b = 0; b <= a; b++) {
      let sum = withBias ? 1 : 0;
      for (let j = 0; j < inputWidth; j++) sum += inputs[a * inputWidth + j]! * inputs[b * inputWidth + j]!;
      gram[a * samples + b] = sum;
      gram[b * samples + a] = sum;
    }
  }
  return gram;
}

/** Replaces every row by the one-hot vector of its largest entry. */
function oneHotRows(rows: Float64Array, width: number): void {
  for (let start = 0; start < rows.length; start += width) {
    const row = rows.subarray(start, start + width);
    const largest = row.indexOf(Math.max(...row));
    row.fill(0);
    row[largest] = 1;
  }
}
