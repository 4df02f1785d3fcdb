import type { MlpArchitecture } from '../../model/architecture.ts';
import { layerPairCount } from '../../model/architecture.ts';
import { createNetwork } from '../../model/network.ts';
import { parameterLayout } from '../../model/parameters.ts';
import { isMlpProblem, type MlpProblem, type Problem } from '../../model/problem.ts';
import { createRandom, type Random } from '../../model/random.ts';
import { requireSmall } from './discovery.ts';
import { type MatrixSpace, matrixClasses } from './matrix-class.ts';
import { type NullSpace, nullSpace } from './null-space.ts';
import { onRandomSamples, randomParameters } from './random-fields.ts';
import { rest, type Steering } from './steering.ts';

export interface DiscoveryOptions extends Steering<DiscoveryProgress> {
  /** Seed of the stream 'generators', from which everything random is drawn. Default 1. */
  readonly seed?: number;
}

export interface DiscoveryProgress {
  readonly layerPair: number;
  readonly layerPairs: number;
  /** Gradients taken for this layer pair so far. */
  readonly gradients: number;
}

/**
 * A linear generator M of a layer pair: W_out -> -W_out A, W_in -> B W_in, b -> B b. `outer` is A, `inner` is B, both
 * [h][h] row-major. M is symmetric (antisymmetric) when A and B are.
 */
export interface LinearGenerator {
  readonly outer: Float64Array;
  readonly inner: Float64Array;
}

/** The linear symmetries of one layer pair that the gradients show. */
export interface DiscoveredGenerators {
  readonly layerPair: number;
  /** h, the units between the two layers. */
  readonly units: number;
  /** Unknowns of the family: 2 h^2. */
  readonly unknowns: number;
  /** Dimension of the space of generators. */
  readonly dimension: number;
  /** An orthonormal basis of the symmetric ones: each gives a conserved Q_M = 1/2 <theta, M theta>. */
  readonly symmetric: readonly LinearGenerator[];
  /** An orthonormal basis of the antisymmetric ones: each gives only the first-order constraint <theta', M theta> = 0. */
  readonly antisymmetric: readonly LinearGenerator[];
  /** Dimension of what neither spans; 0 wherever M^T is a symmetry when M is. */
  readonly other: number;
  /** How clear the dimensions are: see `NullSpace.gap`, the worst of the three. Rounding leaves 1e5 or more where it is plain. */
  readonly gap: number;
}

/** Random samples behind one gradient. */
const SAMPLES = 32;
/** Widest hidden layer: 2 h^2 unknowns take h^6 operations, some seconds. */
const MOST_UNITS = 20;

/**
 * Finds the linear symmetries of every layer pair from gradients alone: the (A, B) in gl(h) x gl(h) with
 * <grad L(theta), M theta> = 0 (math.md K), for rows of random theta (`randomParameters`), 32 random inputs and
 * N(0, 1) targets (`onRandomSamples`). A row is linear in M, the symmetries are the null space of all rows. Symmetric and
 * antisymmetric ones are found by themselves, in the subspaces of such M. The samples and the loss of the problem play no part:
 * a symmetry keeps the function for all inputs. A test function has no layer pair: the list is empty.
 * Throws RangeError for networks of more than 100 parameters or with more than 20 units in a hidden layer.
 */
export async function discoverGenerators(
  problem: Problem,
  options: DiscoveryOptions = {},
): Promise<DiscoveredGenerators[]> {
  if (!isMlpProblem(problem)) return [];
  requireSmall(problem, 'Discovering symmetries');
  requireNarrow(problem.architecture);
  const random = createRandom(options.seed ?? 1, 'generators');
  const layerPairs = layerPairCount(problem.architecture);
  const found: DiscoveredGenerators[] = [];
  for (let layerPair = 0; layerPair < layerPairs; layerPair++) {
    const work = discoverPair(problem, layerPair, random);
    let step = work.next();
    for (let gradients = 1; !step.done; gradients++) {
      await rest(options, { layerPair, layerPairs, gradients });
      step = work.next();
    }
    found.push(step.value);
  }
  return found;
}

function requireNarrow({ widths }: MlpArchitecture): void {
  const widest = Math.max(0, ...widths.slice(1, -1));
  if (widest > MOST_UNITS) {
    throw new RangeError(
      `Discovering symmetries takes at most ${MOST_UNITS} units in a hidden layer and one has ${widest}: choose smaller widths.`,
    );
  }
}

function* discoverPair(
  problem: MlpProblem,
  layerPair: number,
  random: Random,
): Generator<void, DiscoveredGenerators> {
  const units = problem.architecture.widths[layerPair + 1]!;
  const [all, symmetric, antisymmetric] = [
    matrixClasses.all(units),
    matrixClasses.symmetric(units),
    matrixClasses.antisymmetric(units),
  ];
  function* generatorsIn(matrices: MatrixSpace): Generator<void, NullSpace> {
    const drawRow = () => {
      const { outer, inner } = randomRow(problem, layerPair, random);
      return Float64Array.from([...matrices.coordinates(outer), ...matrices.coordinates(inner)]);
    };
    return yield* nullSpace(2 * matrices.dimension, drawRow, random);
  }
  const asMatrices = (matrices: MatrixSpace, { basis }: NullSpace): LinearGenerator[] =>
    basis.map((m) => ({ outer: matrices.matrix(m, 0), inner: matrices.matrix(m, matrices.dimension) }));
  const found = {
    all: yield* generatorsIn(all),
    symmetric: yield* generatorsIn(symmetric),
    antisymmetric: yield* generatorsIn(antisymmetric),
  };
  const dimension = found.all.basis.length;
  return {
    layerPair,
    units,
    unknowns: 2 * units * units,
    dimension,
    symmetric: asMatrices(symmetric, found.symmetric),
    antisymmetric: asMatrices(antisymmetric, found.antisymmetric),
    other: dimension - found.symmetric.basis.length - found.antisymmetric.basis.length,
    gap: Math.min(found.all.gap, found.symmetric.gap, found.antisymmetric.gap),
  };
}

/** The derivatives of <grad L(theta), M theta> by A and B at a random theta with random data: [h][h] each. */
function randomRow(problem: MlpProblem, layerPair: number, random: Random): LinearGenerator {
  const { architecture } = problem;
  const sampled = onRandomSamples({ ...problem, loss: 'mean-squared-error' }, SAMPLES, random);
  const theta = randomParameters(sampled, random);
  const gradient = new Float64Array(theta.length);
  createNetwork(sampled).gradient(theta, gradient);
  const { layers } = parameterLayout(architecture);
  const below = layers[layerPair]!;
  const above = layers[layerPair + 1]!;
  const h = below.rows;
  const outer = new Float64Array(h * h);
  const inner = new Float64Array(h * h);
  for (let k = 0; k < h; k++) {
    for (let l = 0; l < h; l++) {
      for (let o = above.weight; o < above.weight + above.rows * h; o += h) {
        outer[k * h + l]! -= theta[o + k]! * gradient[o + l]!;
      }
      for (let j = below.weight; j < below.weight + below.columns; j++) {
        inner[k * h + l]! += gradient[j + k * below.columns]! * theta[j + l * below.columns]!;
      }
      if (below.bias >= 0) inner[k * h + l]! += gradient[below.bias + k]! * theta[below.bias + l]!;
    }
  }
  return { outer, inner };
}
