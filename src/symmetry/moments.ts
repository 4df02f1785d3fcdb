import { activation, pointwise } from '../model/activation.ts';
import type { MlpArchitecture } from '../model/architecture.ts';
import {
  type InitialisationScheme,
  initialisationStd,
  initialisations,
  initialise,
} from '../model/initialisation.ts';
import { parameterLayout } from '../model/parameters.ts';
import type { PointwiseActivation } from '../model/pointwise.ts';
import type { MlpProblem } from '../model/problem.ts';
import type { ConservedQuantity } from './conserved-quantity.ts';
import { gramScale } from './gram.ts';

/** Mean and standard deviation. */
export interface Moments {
  readonly mean: number;
  readonly std: number;
}

/**
 * Mean and standard deviation of the total Q of a layer pair over an initialisation scheme. Exact (math.md C, figures 4
 * and 5) for homogeneous activations, and for elementwise ones when entries are independent and the samples orthonormal;
 * else over a fixed number of seeded draws, fewer for larger networks (at most about 2e6 numbers are drawn, at least 8
 * times theta). `draw` gives theta for a seed.
 */
export function conservedMoments(
  problem: MlpProblem,
  quantity: ConservedQuantity,
  scheme: InitialisationScheme,
  draw: (seed: number) => Float64Array = (seed) => initialise(problem.architecture, scheme, seed),
): Moments {
  return exactMoments(problem, quantity, scheme) ?? sampledMoments(quantity, draw);
}

/** Mean and standard deviation over seeded draws 0, 1, .. */
export function sampledMoments(quantity: ConservedQuantity, draw: (seed: number) => Float64Array): Moments {
  const first = draw(0);
  const count = Math.min(Math.max(Math.floor(2e6 / first.length), 8), 256);
  const values = Array.from({ length: count }, (_, seed) => quantity.total(seed === 0 ? first : draw(seed)));
  const mean = values.reduce((sum, q) => sum + q, 0) / count;
  const squares = values.reduce((sum, q) => sum + (q - mean) ** 2, 0);
  return { mean, std: Math.sqrt(squares / (count - 1)) };
}

function exactMoments(
  { architecture, dataset }: MlpProblem,
  { layerPair, units, formula, condition }: ConservedQuantity,
  scheme: InitialisationScheme,
): Moments | null {
  const independent = initialisations[scheme.kind].matrix === 'independent';
  const outer = squaredNormMoments(architecture, scheme, layerPair + 1, independent);
  if (formula !== 'elementwise') {
    const degree: number = activation(architecture.activation).homogeneity!;
    const inner = squaredNormMoments(architecture, scheme, layerPair, independent);
    return combine(outer.weight, scaled(sumOf(inner.weight, inner.bias), 1 / degree));
  }
  const { weight, bias } = initialisationStd(architecture, scheme)[layerPair]!;
  // A bias of its own scale makes the pre-activations of one unit correlated.
  if (!(independent && condition.holds) || (architecture.bias && bias !== weight)) return null;
  const c = gramScale(dataset, architecture.bias);
  const entry = integralMoments(pointwise(architecture.activation), weight * Math.sqrt(c));
  const count = units * dataset.samples;
  return combine(outer.weight, {
    mean: (count * entry.mean) / c,
    variance: (count * entry.variance) / c ** 2,
  });
}

interface MeanVariance {
  readonly mean: number;
  readonly variance: number;
}

const sumOf = (a: MeanVariance, b: MeanVariance): MeanVariance => ({
  mean: a.mean + b.mean,
  variance: a.variance + b.variance,
});

const scaled = ({ mean, variance }: MeanVariance, factor: number): MeanVariance => ({
  mean: factor * mean,
  variance: factor ** 2 * variance,
});

/** Moments of outer - inner for independent halves. */
const combine = (outer: MeanVariance, inner: MeanVariance): Moments => ({
  mean: outer.mean - inner.mean,
  std: Math.sqrt(outer.variance + inner.variance),
});

/** 1/2 |W|_F^2 and 1/2 |b|^2 of one layer: n entries N(0, s^2) have mean n s^2/2 and variance n s^4/2; the norm of an orthogonal matrix is fixed. */
function squaredNormMoments(
  architecture: MlpArchitecture,
  scheme: InitialisationScheme,
  layer: number,
  independent: boolean,
): { readonly weight: MeanVariance; readonly bias: MeanVariance } {
  const { rows, columns } = parameterLayout(architecture).layers[layer]!;
  const std = initialisationStd(architecture, scheme)[layer]!;
  const entries = (count: number, s: number) => ({
    mean: (count * s ** 2) / 2,
    variance: (count * s ** 4) / 2,
  });
  const weight = entries(rows * columns, std.weight);
  return {
    weight: independent ? weight : { mean: weight.mean, variance: 0 },
    bias: entries(rows, std.bias),
  };
}

/**
 * Mean and variance of S(z), z ~ N(0, std^2), by the trapezoidal rule, which converges faster than any power for Gaussian
 * integrands. S grows at most like e^{2z}, so S^2 moves the Gaussian by 4 std^2: the range covers that.
 */
function integralMoments({ integral }: PointwiseActivation, std: number): MeanVariance {
  const reach = 10 + 4 * std;
  const nodes = 400;
  const width = (2 * reach) / nodes;
  let mean = 0;
  let square = 0;
  for (let i = 0; i <= nodes; i++) {
    const x = -reach + i * width;
    const weight = (width * Math.exp((-x * x) / 2)) / Math.sqrt(2 * Math.PI);
    const s = integral(std * x);
    mean += weight * s;
    square += weight * s * s;
  }
  return { mean, variance: Math.max(square - mean * mean, 0) };
}
