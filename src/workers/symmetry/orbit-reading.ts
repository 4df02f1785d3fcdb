import { DocumentError } from '../../experiment/document-error.ts';
import { isMlp, type Problem, sampleCount } from '../../model/problem.ts';
import { sharpness } from '../../model/sharpness.ts';
import { norm } from '../../model/vector.ts';
import { gradientWork } from '../../model/work.ts';
import type { GroupAction, LieAlgebra } from '../../symmetry/group-action.ts';
import { groups } from '../../symmetry/groups.ts';
import type { Answerer } from './answers.ts';
import { type Move, orbitCurve } from './orbit-curve.ts';
import { orbitDirection } from './orbit-direction.ts';
import type { OrbitExploration, OrbitReading } from './question.ts';
import { type SymmetrySubject, thetaAt } from './subject.ts';
import type { Work } from './work.ts';

/** Points of the orbit, and every how many of them the sharpness is computed. */
const POINTS = 65;
const SHARPNESS_EVERY = 4;
/** Multiply-adds that the points, and their sharpness, may take: about a second each. */
const MOST_WORK = 5e8;
/** Gradients that a sharpness costs. */
const SHARPNESS_COST = 60;
/** Largest Lie algebra that is followed. */
const MOST_DIMENSIONS = 40_000;
/** The ends of the orbit: factors of e^1.5 for scalings, half a turn for rotations. */
const REACH = { scaling: 1.5, rotation: Math.PI };

/** Follows exp(s X) . theta to both sides of the steered flow at a frame. */
export const orbitReading: Answerer<'orbit'> = async (subject, { frame, exploration }, work) => {
  const { problem, flows } = subject;
  const steered = flows[0]!;
  const theta = thetaAt(steered, frame);
  const { action, algebra } = actionOf(problem, exploration);
  const coordinates = directionOf(subject, action, algebra, theta, exploration);
  const reach = reachOf(algebra, coordinates);
  const steps = stepsOf(problem);
  const s = Float64Array.from({ length: steps + 1 }, (_, i) => (reach * (2 * i - steps)) / steps);
  const move: Move = (from, at) => {
    try {
      const moved = algebra.flow(
        coordinates.map((c) => at * c),
        from,
      );
      return moved.every(Number.isFinite) ? moved : null;
    } catch (error) {
      if (error instanceof RangeError) return null;
      throw error;
    }
  };
  const thetas: (Float64Array | null)[] = [];
  for (const at of s) {
    thetas.push(at === 0 ? theta : move(theta, at));
    await work.breathe();
  }
  const quantity = subject.resolved.conserved.find(({ layerPair }) => layerPair === exploration.layerPair);
  const { exact, message } = action.exactness(theta);
  let reading: OrbitReading = {
    kind: 'orbit',
    exploration,
    frame,
    s,
    ...(await slopes(thetas, work)),
    q: Float64Array.from(thetas, (at) => (at && quantity ? quantity.total(at) : Number.NaN)),
    sharpness: new Float64Array(s.length).fill(Number.NaN),
    exact,
    message,
  };
  work.progress({ doing: 'Sharpness', fraction: 0.5, sofar: reading });
  work.drawOrbit(orbitCurve(steered, frame, s, thetas, move));
  if (sharpnessAffordable(problem)) reading = { ...reading, sharpness: await sharpnesses(thetas, work) };
  return reading;
};

function actionOf(
  problem: Problem,
  { group: name, layerPair }: OrbitExploration,
): { readonly action: GroupAction; readonly algebra: LieAlgebra } {
  const group = groups[name];
  const refusal = group.applies(problem);
  if (refusal) throw new DocumentError('', refusal);
  const action = isMlp(problem.architecture) ? group.create(problem, [layerPair]) : group.create(problem);
  const { algebra } = action;
  if (!algebra) throw new DocumentError('', `${group.label} is discrete: choose a continuous group.`);
  if (algebra.dimension <= MOST_DIMENSIONS) return { action, algebra };
  throw new DocumentError(
    '',
    `${group.symbol} is too large to follow here: choose a smaller group or width.`,
  );
}

function directionOf(
  { flows, resolved }: SymmetrySubject,
  { sizes }: GroupAction,
  algebra: LieAlgebra,
  theta: Float64Array,
  exploration: OrbitExploration,
): Float64Array {
  const quantity = resolved.conserved.find(({ layerPair }) => layerPair === exploration.layerPair) ?? null;
  const jump = flows[0]!.jumps?.[0] ?? null;
  try {
    return orbitDirection({ algebra, size: sizes[0]!, theta, quantity, jump }, exploration);
  } catch (error) {
    if (error instanceof RangeError) throw new DocumentError('', error.message);
    throw error;
  }
}

/** An even number of steps; fewer for large networks and data. */
function stepsOf(problem: Problem): number {
  const affordable = MOST_WORK / gradientWork(problem.architecture, sampleCount(problem));
  return affordable >= POINTS ? POINTS - 1 : Math.max(8, 2 * Math.floor(affordable / 2));
}

const sharpnessAffordable = (problem: Problem): boolean =>
  (POINTS / SHARPNESS_EVERY) * SHARPNESS_COST * gradientWork(problem.architecture, sampleCount(problem)) <=
  MOST_WORK;

/** How far s goes: where the largest stretch or turn of exp(s X) is `REACH`. */
function reachOf(algebra: LieAlgebra, coordinates: Float64Array): number {
  const kind = algebra.generators === 'antisymmetric' ? 'rotation' : 'scaling';
  const greatest = Math.max(...algebra.matrices(coordinates).map(spectralNorm));
  return REACH[kind] / greatest;
}

/** The largest singular value of a square matrix, by the power iteration on X^T X; an estimate from below. */
function spectralNorm(matrix: Float64Array): number {
  const n = Math.sqrt(matrix.length);
  let vector = Float64Array.from({ length: n }, (_, i) => 1 + Math.sin(i + 1));
  let size = 0;
  for (let round = 0; round < 20; round++) {
    const length = norm(vector);
    const image = new Float64Array(n);
    const back = new Float64Array(n);
    for (let i = 0; i < n; i++) {
      for (let j = 0; j < n; j++) image[i]! += (matrix[i * n + j]! * vector[j]!) / length;
    }
    for (let i = 0; i < n; i++) {
      for (let j = 0; j < n; j++) back[j]! += matrix[i * n + j]! * image[i]!;
    }
    size = norm(image);
    if (!(norm(back) > 0)) break;
    vector = back;
  }
  return size;
}

async function slopes(
  thetas: readonly (Float64Array | null)[],
  { loss, breathe }: Work,
): Promise<Pick<OrbitReading, 'loss' | 'gradientNorm'>> {
  const losses = new Float64Array(thetas.length).fill(Number.NaN);
  const gradientNorm = losses.slice();
  const gradient = new Float64Array(loss.size);
  for (const [i, theta] of thetas.entries()) {
    if (!theta) continue;
    losses[i] = loss.gradient(theta, gradient);
    gradientNorm[i] = norm(gradient);
    await breathe();
  }
  return { loss: losses, gradientNorm };
}

async function sharpnesses(
  thetas: readonly (Float64Array | null)[],
  { loss, breathe }: Work,
): Promise<Float64Array> {
  const values = new Float64Array(thetas.length).fill(Number.NaN);
  for (let i = 0; i < thetas.length; i += SHARPNESS_EVERY) {
    const theta = thetas[i];
    if (theta) values[i] = sharpness(loss, theta);
    await breathe();
  }
  return values;
}
