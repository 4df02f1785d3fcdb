import { Matrix, SingularValueDecomposition } from 'ml-matrix';
import { activation } from '../model/activation.ts';
import type { MlpArchitecture } from '../model/architecture.ts';
import type { LossFunction } from '../model/loss-function.ts';
import { parameterLayout } from '../model/parameters.ts';
import type { MlpProblem } from '../model/problem.ts';
import { difference, norm } from '../model/vector.ts';
import { bestAssignment } from './assignment.ts';
import type { GroupName } from './group-action.ts';
import { groups } from './groups.ts';
import { setPerUnit } from './set-conserved.ts';

/** Two parameter vectors brought together along their symmetry orbits; neither function has changed. */
export interface Alignment {
  /** The first, at its canonical scale. */
  readonly reference: Float64Array;
  /** The second, at its canonical scale and moved to the first. */
  readonly aligned: Float64Array;
  /** Which groups were used, in the order of the table. */
  readonly groups: readonly GroupName[];
  /** Hidden units that changed places, and that changed sign. */
  readonly moved: number;
  readonly flipped: number;
  /** |a - b| before and after. */
  readonly distance: { readonly before: number; readonly after: number };
}

/** Most times that all layers are matched in turn; it stops once nothing moves. */
const MOST_SWEEPS = 20;

/**
 * Brings b to the permutation, sign, rotation and scale of a, by exact group elements. Scale: every hidden unit balanced,
 * q_k = 0, the point of least norm on its rescaling orbit (only where units can be rescaled and degree is 1). Then layer by
 * layer, until nothing moves: the orthogonal matrix (radial and linear networks; Procrustes) or the signed permutation
 * (assignment; signs for odd activations) that brings the weights of b nearest to those of a (weight matching of
 * Ainsworth, Hayase, Srinivasa 2023).
 */
export function align(problem: MlpProblem, a: Float64Array, b: Float64Array): Alignment {
  const { architecture } = problem;
  const used = (['rescaling', 'orthogonal', 'permutation', 'sign'] as const).filter(
    (name) => groups[name].applies(problem) === null,
  );
  const scaled = used.includes('rescaling') && activation(architecture.activation).homogeneity === 1;
  const reference = scaled ? balanced(problem, a) : a.slice();
  let aligned = scaled ? balanced(problem, b) : b.slice();
  const rotates = used.includes('orthogonal');
  const places = architecture.widths.slice(1, -1).map((h) => Array.from({ length: h }, (_, k) => k));
  const flips = architecture.widths.slice(1, -1).map((h) => new Array<boolean>(h).fill(false));
  for (let sweep = 0; sweep < MOST_SWEEPS; sweep++) {
    let changed = false;
    for (let pair = 0; pair < architecture.widths.length - 2; pair++) {
      const similarity = unitSimilarity(architecture, reference, aligned, pair);
      const element = rotates
        ? nearestRotation(similarity)
        : nearestSignedPermutation(similarity, used.includes('sign'));
      if (isIdentity(element)) continue;
      const moved = moveUnits(problem, pair, element, rotates, aligned);
      if (!(distance(reference, moved) < distance(reference, aligned) * (1 - 1e-12))) continue;
      aligned = moved;
      changed = true;
      if (!rotates) track(element, places, flips, pair);
    }
    if (!changed) break;
  }
  return {
    reference,
    aligned,
    groups: used.filter((name) => (name === 'rescaling' ? scaled : name === 'orthogonal' || !rotates)),
    moved: places.flatMap((of) => of.filter((place, k) => place !== k)).length,
    flipped: flips.flat().filter(Boolean).length,
    distance: { before: distance(a, b), after: distance(reference, aligned) },
  };
}

/** The loss along the straight segment from a to b, at `points` even steps, both ends included. */
export function segmentLosses(
  loss: LossFunction,
  a: Float64Array,
  b: Float64Array,
  points: number,
): Float64Array {
  const theta = new Float64Array(a.length);
  return Float64Array.from({ length: points }, (_, i) => {
    const t = i / (points - 1);
    for (let j = 0; j < theta.length; j++) theta[j] = (1 - t) * a[j]! + t * b[j]!;
    return loss.loss(theta);
  });
}

/** How far losses along a segment rise above the straight line between their ends; 0 where they do not. */
export function barrier(losses: Float64Array): number {
  const last = losses.length - 1;
  const [first, end] = [losses[0]!, losses[last]!];
  return losses.reduce((most, value, i) => Math.max(most, value - (first + ((end - first) * i) / last)), 0);
}

/** Rounds over the layers: setting q of one changes that of its neighbours by less each time. */
const ROUNDS = 60;

/** theta with every hidden unit balanced, q_k = 0 in every layer. */
function balanced(problem: MlpProblem, theta: Float64Array): Float64Array {
  const hidden = problem.architecture.widths.slice(1, -1);
  let result = theta;
  for (let round = 0; round < (hidden.length > 1 ? ROUNDS : 1); round++) {
    hidden.forEach((units, pair) => {
      result = setPerUnit(problem, result, pair, new Float64Array(units));
    });
  }
  return result;
}

/** <unit k of a, unit l of b>, [h][h]: incoming weights, bias and outgoing weights together. */
function unitSimilarity(
  architecture: MlpArchitecture,
  a: Float64Array,
  b: Float64Array,
  layerPair: number,
): Float64Array {
  const { layers } = parameterLayout(architecture);
  const into = layers[layerPair]!;
  const out = layers[layerPair + 1]!;
  const h = into.rows;
  return Float64Array.from({ length: h * h }, (_, index) => {
    const [k, l] = [Math.floor(index / h), index % h];
    let sum = into.bias >= 0 ? a[into.bias + k]! * b[into.bias + l]! : 0;
    for (let i = 0; i < into.columns; i++) {
      sum += a[into.weight + k * into.columns + i]! * b[into.weight + l * into.columns + i]!;
    }
    for (let i = 0; i < out.rows; i++) {
      sum += a[out.weight + i * out.columns + k]! * b[out.weight + i * out.columns + l]!;
    }
    return sum;
  });
}

/** The orthogonal g that maximises <a, g b> for the similarity S = a b^T: g = U V^T of S = U s V^T (Schoenemann 1966). */
function nearestRotation(similarity: Float64Array): Float64Array {
  const h = Math.sqrt(similarity.length);
  const { leftSingularVectors, rightSingularVectors } = new SingularValueDecomposition(
    Matrix.from1DArray(h, h, similarity),
  );
  return Float64Array.from(leftSingularVectors.mmul(rightSingularVectors.transpose()).to1DArray());
}

/** The signed permutation g that maximises <a, g b>: unit k of g b is +-(unit p(k) of b). */
function nearestSignedPermutation(similarity: Float64Array, signs: boolean): Float64Array {
  const h = Math.sqrt(similarity.length);
  const assigned = bestAssignment(signs ? similarity.map(Math.abs) : similarity);
  const element = new Float64Array(h * h);
  assigned.forEach((l, k) => {
    element[k * h + l] = signs && similarity[k * h + l]! < 0 ? -1 : 1;
  });
  return element;
}

/** Acts with an orthogonal matrix, or with a signed permutation as a permutation and then signs. */
function moveUnits(
  problem: MlpProblem,
  pair: number,
  element: Float64Array,
  rotates: boolean,
  theta: Float64Array,
): Float64Array {
  const act = (name: GroupName, matrix: Float64Array, on: Float64Array) =>
    groups[name].create(problem, [pair]).act([matrix], on);
  if (rotates) return act('orthogonal', element, theta);
  const permuted = act('permutation', element.map(Math.abs), theta);
  const h = Math.sqrt(element.length);
  const signs = Float64Array.from({ length: h * h }, (_, i) =>
    i % (h + 1) === 0 ? element.subarray(i - (i % h), i - (i % h) + h).reduce((sum, x) => sum + x, 0) : 0,
  );
  return signs.some((sign) => sign < 0) ? act('sign', signs, permuted) : permuted;
}

/** Notes where each unit came from and whether it was flipped on the way. */
function track(element: Float64Array, places: number[][], flips: boolean[][], pair: number): void {
  const h = Math.sqrt(element.length);
  const from = Array.from({ length: h }, (_, k) =>
    element.subarray(k * h, (k + 1) * h).findIndex((x) => x !== 0),
  );
  const [were, flipped] = [places[pair]!, flips[pair]!];
  places[pair] = from.map((l) => were[l]!);
  flips[pair] = from.map((l, k) => flipped[l]! !== element[k * h + l]! < 0);
}

const isIdentity = (element: Float64Array): boolean => {
  const h = Math.sqrt(element.length);
  return element.every((x, i) => Math.abs(x - (i % (h + 1) === 0 ? 1 : 0)) < 1e-12);
};

function distance(a: Float64Array, b: Float64Array): number {
  const apart = new Float64Array(a.length);
  difference(apart, a, b);
  return norm(apart);
}
