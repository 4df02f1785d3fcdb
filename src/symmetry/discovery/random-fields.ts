import { createNetwork } from '../../model/network.ts';
import { parameterLayout } from '../../model/parameters.ts';
import type { MlpProblem } from '../../model/problem.ts';
import type { Random } from '../../model/random.ts';
import { gradientField, type OutputCombination } from './field.ts';
import type { FieldSource } from './lie-closure.ts';

/** Most samples in one random field: enough for ReLU to show its patterns, few enough to be quick. */
export const FIELD_SAMPLES = 32;

/** Random inputs have lengths over this range, both ways: saturated units and straight ones. */
const INPUT_SCALE = Math.exp(1.5);

/** Standard deviation of the biases, where pre-activations without them have root mean square 1. */
const BIAS = 0.5;

/** The problem on `samples` random inputs s N(0, I), log s uniform in [-1.5, 1.5], with targets N(0, 1). */
export function onRandomSamples(problem: MlpProblem, samples: number, random: Random): MlpProblem {
  const { inputWidth, outputWidth } = problem.dataset;
  const inputs = new Float64Array(samples * inputWidth);
  for (let s = 0; s < samples; s++) {
    const scale = INPUT_SCALE ** (2 * random.uniform() - 1);
    for (let j = 0; j < inputWidth; j++) inputs[s * inputWidth + j] = scale * random.normal();
  }
  const targets = normals(samples * outputWidth, random);
  return { ...problem, dataset: { samples, inputWidth, outputWidth, inputs, targets } };
}

/**
 * A random linear combination, weights N(0, 1), of the fields grad_theta f_o(theta; x) of all outputs o and samples x; of
 * `most` samples, drawn anew each time, where there are more.
 */
function randomCombination({ dataset }: MlpProblem, random: Random, most: number): OutputCombination {
  const { inputWidth, outputWidth } = dataset;
  const samples = Math.min(dataset.samples, most);
  let { inputs } = dataset;
  if (dataset.samples > samples) {
    inputs = new Float64Array(samples * inputWidth);
    for (let s = 0; s < samples; s++) {
      const from = Math.floor(random.uniform() * dataset.samples) * inputWidth;
      inputs.set(dataset.inputs.subarray(from, from + inputWidth), s * inputWidth);
    }
  }
  return { samples, inputs, weights: normals(samples * outputWidth, random) };
}

/** Random combinations of the gradient fields of a problem's outputs, of at most so many samples each. */
export function randomFields(problem: MlpProblem, random: Random, most = FIELD_SAMPLES): FieldSource {
  return {
    draw() {
      const { weights, ...inputs } = randomCombination(problem, random, most);
      return (factor) =>
        gradientField(problem.architecture, { ...inputs, weights: weights.map((w) => factor * w) });
    },
    uniform: () => random.uniform(),
  };
}

/**
 * A random theta that suits the samples: normal weights, scaled layer by layer so that the entries of all W_l x_{l-1} have root
 * mean square 1, and biases N(0, 1/4). So activations are neither saturated nor straight everywhere, whatever the data are.
 */
export function randomParameters(problem: MlpProblem, random: Random): Float64Array {
  const { architecture } = problem;
  const { layers, size: parameters } = parameterLayout(architecture);
  const network = createNetwork(problem);
  const theta = new Float64Array(parameters);
  layers.forEach(({ rows, columns, weight, bias }, layer) => {
    const weights = theta.subarray(weight, weight + rows * columns);
    weights.set(normals(weights.length, random));
    const z = network.preActivations(theta, layer);
    const size = Math.sqrt(z.reduce((sum, x) => sum + x * x, 0) / z.length);
    const inverted = architecture.activation === 'row-inversion' && layer < layers.length - 1;
    // Samples that are zero leave the weights as they are.
    const scale = size === 0 ? 1 : inverted ? size : 1 / size;
    weights.forEach((w, i) => {
      weights[i] = scale * w;
    });
    if (bias >= 0)
      theta.set(
        normals(rows, random).map((b) => BIAS * b),
        bias,
      );
  });
  return theta;
}

const normals = (length: number, random: Random): Float64Array =>
  Float64Array.from({ length }, () => random.normal());
