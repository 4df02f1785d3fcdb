import fc from 'fast-check';
import type { ActivationName } from '../../model/activation.ts';
import type { MlpArchitecture } from '../../model/architecture.ts';
import { initialise, orthogonalMatrix } from '../../model/initialisation.ts';
import type { LossName } from '../../model/loss.ts';
import { lossNames } from '../../model/loss.ts';
import type { Dataset, MlpProblem } from '../../model/problem.ts';
import { createRandom } from '../../model/random.ts';

/** Runs of a property: few, seeded, so that the tests are quick and the same every time. */
export const PROPERTY = { numRuns: 30, seed: 20260 } as const;

/** Widths of 2 to 5 layers. */
export const widths = fc.array(fc.integer({ min: 1, max: 6 }), { minLength: 3, maxLength: 6 });
/** Widths of a two-layer network with n inputs, h units, m outputs. */
export const twoLayerWidths = fc.tuple(
  fc.integer({ min: 1, max: 6 }),
  fc.integer({ min: 1, max: 6 }),
  fc.integer({ min: 1, max: 4 }),
);
export const seeds = fc.integer({ min: 0, max: 2 ** 31 });
export const lossName = fc.constantFrom<LossName>(...lossNames);

/** N(0, 1) numbers. */
export function normals(length: number, seed: number): Float64Array {
  const random = createRandom(seed, 'test');
  return Float64Array.from({ length }, () => random.normal());
}

/** Parameters of order one, biases included. */
export const randomTheta = (architecture: MlpArchitecture, seed: number): Float64Array =>
  initialise(architecture, { kind: 'normal', std: architecture.widths.slice(1).map(() => 0.7) }, seed);

/** A dataset with given inputs ([samples][inputWidth]); targets are random, positive and sum to 1 in each row, so that every loss accepts them. */
export function datasetOf(inputs: Float64Array, samples: number, outputWidth: number, seed: number): Dataset {
  const targets = normals(samples * outputWidth, seed).map((x) => Math.exp(x));
  for (let s = 0; s < samples; s++) {
    const row = targets.subarray(s * outputWidth, (s + 1) * outputWidth);
    const sum = row.reduce((a, b) => a + b, 0);
    for (let o = 0; o < outputWidth; o++) row[o]! /= sum;
  }
  return { samples, inputWidth: inputs.length / samples, outputWidth, inputs, targets };
}

/** A problem on N(0, 1) inputs. */
export function randomProblem(options: {
  readonly widths: readonly number[];
  readonly activation: ActivationName;
  readonly bias: boolean;
  readonly loss: LossName;
  readonly seed: number;
  readonly samples?: number;
}): MlpProblem {
  const { widths, activation, bias, loss, seed, samples = 7 } = options;
  return {
    architecture: { kind: 'mlp', widths, activation, bias },
    dataset: datasetOf(normals(samples * widths[0]!, seed), samples, widths.at(-1)!, seed + 1),
    loss,
  };
}

/**
 * Samples (rows) whose Gram matrix is c I: orthonormal rows times sqrt(c). With biases it is the matrix with the appended
 * constant 1 that must be so, hence the rows are those of the symmetric root of c I - 1 1^T (c > samples), in a random basis.
 * Needs samples <= inputWidth.
 */
export function orthonormalSamples(
  samples: number,
  inputWidth: number,
  c: number,
  bias: boolean,
  seed: number,
): Float64Array {
  const basis = orthogonalMatrix(samples, inputWidth, createRandom(seed, 'basis'));
  const shift = bias ? (Math.sqrt(c - samples) - Math.sqrt(c)) / samples : 0;
  const inputs = new Float64Array(samples * inputWidth);
  for (let s = 0; s < samples; s++) {
    for (let t = 0; t < samples; t++) {
      const root = shift + (s === t ? Math.sqrt(c) : 0);
      for (let i = 0; i < inputWidth; i++) inputs[s * inputWidth + i]! += root * basis[t * inputWidth + i]!;
    }
  }
  return inputs;
}
