import { describe, expect, test } from 'vitest';
import type { ActivationName } from '../model/activation.ts';
import { whitenedDataset } from '../model/data.ts';
import { type InitialisationScheme, initialise } from '../model/initialisation.ts';
import type { MlpProblem } from '../model/problem.ts';
import { conservedQuantities } from './conserved-quantities.ts';
import { conservedMoments, sampledMoments } from './moments.ts';

const problemOf = (activation: ActivationName, widths: readonly number[], bias = false): MlpProblem => ({
  architecture: { kind: 'mlp', widths, activation, bias },
  dataset: whitenedDataset(widths[0]!, widths.at(-1)!, 1, 'mean-squared-error'),
  loss: 'mean-squared-error',
});
const moments = (problem: MlpProblem, scheme: InitialisationScheme) =>
  conservedMoments(problem, conservedQuantities(problem)[0]!, scheme);
const lecun: InitialisationScheme = { kind: 'lecun' };

/** Of 1e4 independent S(z) = z + e^z - 1 with z ~ N(0, 0.01), and of 1/2 |U|^2. */
const sigmoidStd = Math.sqrt(1e4 * (0.01 + Math.exp(0.02) - Math.exp(0.01) + 0.02 * Math.exp(0.005)) + 0.5);

describe('the published distributions (math.md C, figures 4 and 5), in the normalisation with the factor 1/2 and S(0) = 0', () => {
  test.each([
    ['linear', [100, 100, 100], 0, 1],
    ['linear', [100, 200, 100], -50, Math.sqrt(5) / 2],
    ['linear', [100, 100, 200], 50, Math.sqrt(6) / 2],
    ['tanh', [100, 100, 100], (100 - 5000 * (1 + Math.exp(0.02)) + 10000) / 2, 1.01],
    ['sigmoid', [100, 100, 100], 50 - 10000 * Math.exp(0.005) + 10000, sigmoidStd],
  ] as const)('%s %j', (activation, widths, mean, std) => {
    const exact = moments(problemOf(activation, widths), lecun);
    expect(exact.mean).toBeCloseTo(mean, 8);
    expect(exact.std).toBeCloseTo(std, 2);
  });
});

test.each([
  ['linear', { kind: 'normal', std: [0.4, 0.6] }, true],
  ['relu', { kind: 'he', gain: 0.8 }, true],
  ['tanh', { kind: 'normal', std: [0.6, 0.4] }, false],
  ['sigmoid', { kind: 'xavier' }, false],
] as const)('the exact moments of %s agree with draws', (activation, scheme, bias) => {
  const problem = problemOf(activation, [5, 20, 3], bias);
  const [quantity] = conservedQuantities(problem);
  const exact = moments(problem, scheme);
  const drawn = sampledMoments(quantity!, (seed) => initialise(problem.architecture, scheme, seed));
  // 256 draws: the mean is known to std/16, the std to about 1/22 of itself (more for the heavy tail of tanh).
  expect(Math.abs(drawn.mean - exact.mean)).toBeLessThan((3.5 * exact.std) / 16);
  expect(Math.abs(drawn.std / exact.std - 1)).toBeLessThan(0.2);
});

test('an orthogonal initialisation fixes Q', () => {
  const problem = problemOf('linear', [5, 8, 3]);
  const scheme: InitialisationScheme = { kind: 'orthogonal' };
  expect(moments(problem, scheme)).toEqual({ mean: expect.closeTo((3 - 5) / 2, 12), std: 0 });
  const [quantity] = conservedQuantities(problem);
  expect(quantity!.total(initialise(problem.architecture, scheme, 3))).toBeCloseTo(-1, 12);
});

test('draws are used, and are the same every time, where nothing exact is known', () => {
  const problem = problemOf('tanh', [4, 6, 2], true);
  const scheme: InitialisationScheme = { kind: 'orthogonal' };
  const drawn = moments(problem, scheme);
  expect(drawn.std).toBeGreaterThan(0);
  expect(moments(problem, scheme)).toEqual(drawn);
});
