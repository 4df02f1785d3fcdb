import fc from 'fast-check';
import { type ActivationName, activationNames } from '../activation.ts';
import { teacherDataset } from '../data.ts';
import { initialise } from '../initialisation.ts';
import { lossNames } from '../loss.ts';
import { createNetwork } from '../network.ts';
import type { MlpProblem } from '../problem.ts';
import { createRandom } from '../random.ts';
import { invertRows } from '../row-inversion.ts';

/** fast-check settings of this folder: the same cases on every run. */
export const checks = { seed: 20210117, numRuns: 60 };

/** Bound of the pre-activations of a point. */
const LARGEST = 10;

/** A problem with a point and two directions in its parameter space, all of order one. */
export interface ProblemPoint {
  readonly problem: MlpProblem;
  readonly theta: Float64Array;
  readonly v: Float64Array;
  readonly w: Float64Array;
}

/** Random architectures of 2 to 6 layers, activations, biases and losses, with data of another network plus noise. */
export const problemPoints = (
  options: {
    readonly activations?: readonly ActivationName[];
    readonly maxLayers?: number;
    readonly minLayers?: number;
  } = {},
): fc.Arbitrary<ProblemPoint> => {
  const { activations = activationNames, minLayers = 2, maxLayers = 6 } = options;
  return fc
    .record({
      widths: fc.array(fc.integer({ min: 1, max: 7 }), {
        minLength: minLayers + 1,
        maxLength: maxLayers + 1,
      }),
      activation: fc.constantFrom(...activations),
      bias: fc.boolean(),
      samples: fc.integer({ min: 1, max: 9 }),
      loss: fc.constantFrom(...lossNames),
      seed: fc.integer({ min: 0, max: 1e6 }),
    })
    .map(({ widths, activation, bias, samples, loss, seed }) => {
      const architecture = { kind: 'mlp', widths, activation, bias } as const;
      const std = widths.slice(0, -1).map((fanIn) => 1.2 / Math.sqrt(fanIn));
      const draw = (purpose: number) => initialise(architecture, { kind: 'normal', std }, 4 * seed + purpose);
      const dataset = teacherDataset(architecture, samples, seed, loss);
      const noise = createRandom(seed, 'noise');
      const targets = dataset.targets.map((t) => t + 0.1 * noise.uniform());
      return {
        problem: { architecture, dataset: { ...dataset, targets }, loss },
        theta: draw(0),
        v: draw(1),
        w: draw(2),
      };
    })
    .filter(isModerate);
};

/** Whether everything on the way is of order one: compositions of sinh or of squares explode, and so do inverses of short rows. */
function isModerate({ problem, theta }: ProblemPoint): boolean {
  const { architecture } = problem;
  const inverts = architecture.activation === 'row-inversion';
  if (inverts && norm(invertRows(architecture, theta)) > 3 * norm(theta)) return false;
  const network = createNetwork(problem);
  return architecture.widths
    .slice(1)
    .every((_, layer) => network.preActivations(theta, layer).every((z) => Math.abs(z) < LARGEST));
}

export function dot(a: Float64Array, b: Float64Array): number {
  return a.reduce((sum, x, i) => sum + x * b[i]!, 0);
}

export const norm = (a: Float64Array): number => Math.sqrt(dot(a, a));

/** a + s b. */
export const combine = (a: Float64Array, s: number, b: Float64Array): Float64Array =>
  a.map((x, i) => x + s * b[i]!);
