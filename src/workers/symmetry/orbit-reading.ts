import { DocumentError } from '../../experiment/document-error.ts';
import type { OrbitChoice } from '../../landscape/chart-input.ts';
import type { ChosenOrbit } from '../../landscape/orbit/generator.ts';
import { ownRange } from '../../landscape/orbit/range.ts';
import { type Problem, sampleCount } from '../../model/problem.ts';
import { sharpness } from '../../model/sharpness.ts';
import { norm } from '../../model/vector.ts';
import { gradientWork } from '../../model/work.ts';
import { chartFlow } from '../history.ts';
import type { Answerer } from './answers.ts';
import { type Move, orbitCurve } from './orbit-curve.ts';
import { exploredOrbit } from './orbit-direction.ts';
import type { OrbitReading } from './question.ts';
import { thetaAt } from './subject.ts';
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

type Points = readonly (Float64Array | null)[];

/** Follows exp(s X) . theta to both sides of the steered flow at a frame. */
export const orbitReading: Answerer<'orbit'> = async (subject, { frame, exploration }, work) => {
  const { problem, flows, resolved } = subject;
  const flow = chartFlow(flows[0]!, exploration.layerPair);
  const theta = thetaAt(flows[0]!, frame);
  const orbit = exploredOrbit(problem, theta, flow.jumps, exploration);
  if (typeof orbit === 'string') throw new DocumentError('', orbit);
  if (orbit.algebra.dimension > MOST_DIMENSIONS) throw new DocumentError('', tooLarge(orbit));
  const s = positions(ownRange(orbit), stepsOf(problem));
  const move = mover(orbit);
  const thetas: (Float64Array | null)[] = [];
  for (const at of s) {
    thetas.push(at === 0 ? theta : move(theta, at));
    await work.breathe();
  }
  const quantity = resolved.conserved.find(({ layerPair }) => layerPair === exploration.layerPair);
  const { exact, message } = orbit.action.exactness(theta);
  const twin = flows.find(({ role }) => role === 'twin') ?? null;
  work.drawOrbit({ ...orbitCurve(flow, twin, frame, s, thetas, move), choice: choiceOf(orbit) });
  return {
    kind: 'orbit',
    exploration,
    frame,
    s,
    ...(await slopes(thetas, work)),
    q: Float64Array.from(thetas, (at) => (at && quantity ? quantity.total(at) : Number.NaN)),
    sharpness: await sharpnesses(sharpnessAffordable(problem) ? thetas : thetas.map(() => null), work),
    exact,
    message,
  };
};

/** The same orbit as the charts are asked for it. */
const choiceOf = ({ group, action, direction, jump }: ChosenOrbit): OrbitChoice => ({
  group: group.name,
  layerPairs: action.layerPairs,
  generator: jump === null ? { kind: 'coordinates', coordinates: direction } : { kind: 'jump' },
});

const tooLarge = ({ group }: ChosenOrbit): string =>
  `${group.symbol} is too large to follow here: choose a smaller group or width.`;

/** `steps` + 1 even steps over a range, shifted by less than one so that 0 is among them. */
function positions([low, high]: readonly [number, number], steps: number): Float64Array {
  const step = (high - low) / steps;
  const zero = Math.round(-low / step);
  return Float64Array.from({ length: steps + 1 }, (_, i) => (i - zero) * step);
}

/** An even number of steps; fewer for large networks and data. */
function stepsOf(problem: Problem): number {
  const affordable = MOST_WORK / gradientWork(problem.architecture, sampleCount(problem));
  return affordable >= POINTS ? POINTS - 1 : Math.max(8, 2 * Math.floor(affordable / 2));
}

const sharpnessAffordable = (problem: Problem): boolean =>
  (POINTS / SHARPNESS_EVERY) * SHARPNESS_COST * gradientWork(problem.architecture, sampleCount(problem)) <=
  MOST_WORK;

const mover =
  ({ algebra, direction }: ChosenOrbit): Move =>
  (from, s) => {
    try {
      const moved = algebra.flow(
        direction.map((c) => s * c),
        from,
      );
      return moved.every(Number.isFinite) ? moved : null;
    } catch (error) {
      if (error instanceof RangeError) return null;
      throw error;
    }
  };

async function slopes(
  thetas: Points,
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

async function sharpnesses(thetas: Points, { loss, breathe }: Work): Promise<Float64Array> {
  const values = new Float64Array(thetas.length).fill(Number.NaN);
  for (let i = 0; i < thetas.length; i += SHARPNESS_EVERY) {
    const theta = thetas[i];
    if (theta) values[i] = sharpness(loss, theta);
    await breathe();
  }
  return values;
}
