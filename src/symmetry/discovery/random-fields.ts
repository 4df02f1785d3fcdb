import type { MlpArchitecture } from '../../model/architecture.ts';
import { parameterLayout } from '../../model/parameters.ts';
import type { MlpProblem } from '../../model/problem.ts';
import type { Random } from '../../model/random.ts';
import { type Field, gradientField, type OutputCombination } from './field.ts';

/** 'any': laws that hold whatever the samples are. 'present': laws for the samples of the problem. */
export type LawData = 'any' | 'present';

/** Samples in one random field: enough for ReLU to show all its patterns, few enough to be quick. */
const FIELD_SAMPLES = 32;

/** Random inputs have lengths over this range about sqrt(n_0): saturated units and straight ones. */
const INPUT_SCALE = Math.exp(1.5);

/**
 * A random linear combination of the fields grad_theta f_o(theta; x), weights N(0, 1): over all outputs, and over all present
 * samples (32 of them, drawn anew each time, if there are more), or over 32 inputs s N(0, I) with log s uniform.
 */
export function randomCombination(problem: MlpProblem, data: LawData, random: Random): OutputCombination {
  const { inputs, samples } = data === 'any' ? randomInputs(problem, random) : someSamples(problem, random);
  const weights = normals(samples * problem.dataset.outputWidth, random);
  return { samples, inputs, weights };
}

function randomInputs({ dataset }: MlpProblem, random: Random): Omit<OutputCombination, 'weights'> {
  const rows = Array.from({ length: FIELD_SAMPLES }, () => {
    const scale = INPUT_SCALE ** (2 * random.uniform() - 1);
    return normals(dataset.inputWidth, random).map((x) => scale * x);
  });
  return { samples: FIELD_SAMPLES, inputs: concatenated(rows) };
}

function someSamples({ dataset }: MlpProblem, random: Random): Omit<OutputCombination, 'weights'> {
  const { samples, inputs, inputWidth } = dataset;
  if (samples <= FIELD_SAMPLES) return { samples, inputs };
  const rows = Array.from({ length: FIELD_SAMPLES }, () => {
    const s = Math.floor(random.uniform() * samples);
    return inputs.subarray(s * inputWidth, (s + 1) * inputWidth);
  });
  return { samples: FIELD_SAMPLES, inputs: concatenated(rows) };
}

/** The gradient field of a combination, times a real factor. */
export function scaledField(
  architecture: MlpArchitecture,
  combination: OutputCombination,
  factor: number,
): Field {
  return gradientField(architecture, { ...combination, weights: combination.weights.map((w) => factor * w) });
}

/**
 * A random theta at which pre-activations are of order one: weights N(0, 1/c), c = the mean squared length of the samples
 * for the first layer (n_0 for random ones) and the number of inputs for the others; biases N(0, 1).
 */
export function randomParameters(problem: MlpProblem, data: LawData, random: Random): Float64Array {
  const { layers, size } = parameterLayout(problem.architecture);
  const theta = new Float64Array(size);
  layers.forEach(({ rows, columns, weight, bias }, layer) => {
    const square = (layer === 0 && data === 'present' && meanSquare(problem)) || columns;
    const scale = 1 / Math.sqrt(square);
    theta.set(
      normals(rows * columns, random).map((x) => scale * x),
      weight,
    );
    if (bias >= 0) theta.set(normals(rows, random), bias);
  });
  return theta;
}

/** Mean squared length of the present samples. */
const meanSquare = ({ dataset: { inputs, samples } }: MlpProblem): number =>
  inputs.reduce((sum, x) => sum + x * x, 0) / samples;

const normals = (length: number, random: Random): Float64Array =>
  Float64Array.from({ length }, () => random.normal());

function concatenated(rows: readonly Float64Array[]): Float64Array {
  const width = rows[0]!.length;
  const out = new Float64Array(rows.length * width);
  rows.forEach((row, i) => {
    out.set(row, i * width);
  });
  return out;
}
