import type { LossFunction } from '../../model/loss-function.ts';
import type { Problem } from '../../model/problem.ts';
import { sharpness, topEigenpair } from '../../model/sharpness.ts';
import { difference, norm } from '../../model/vector.ts';
import { conservedQuantities } from '../conserved-quantities.ts';
import type { ConservedQuantity } from '../conserved-quantity.ts';
import type { GroupAction, LieAlgebra } from '../group-action.ts';
import { groups } from '../groups.ts';
import type { Steps } from '../steps.ts';
import { ascend } from './ascent.ts';
import { type CountedLoss, countedLoss } from './counted-loss.ts';
import { type Landing, stay } from './landing.ts';
import { aboutChange, ascentClause } from './message.ts';
import { type Objective, type ObjectiveDefinition, objectives } from './objectives.ts';
import type { Jump, TeleportationOptions, TeleportationState } from './options.ts';
import { type OrbitFunction, orbitPoint } from './orbit-function.ts';
import { applyRandom } from './random-element.ts';
import { searchCurve } from './scan.ts';
import { largestSharpness } from './stability.ts';

/** Groups that act by orthogonal maps of the parameters. */
const ISOMETRIES: ReadonlySet<string> = new Set(['orthogonal', 'permutation', 'sign']);

/**
 * Teleports theta by one group action: every step is an exact group element, applied to what the step before gave. Where
 * the objective cannot be improved, or only at a loss that is not finite, theta stays, and the message says so. Throws
 * TeleportationError where there is no such objective (no Q, no target).
 */
export function* jump(
  action: GroupAction,
  problem: Problem,
  loss: LossFunction,
  theta: Float64Array,
  options: TeleportationOptions,
): Steps<Jump> {
  const counted = countedLoss(loss);
  const conserved = conservedQuantities(problem);
  const from = theta.slice();
  const before = stateAt(counted, conserved, from);
  let landing = finite(before)
    ? yield* land(action, counted, conserved, from, before, options)
    : stay(from, 'The loss or its gradient is not finite here, so nothing moved');
  yield;
  let after = landing.theta === from ? before : stateAt(counted, conserved, landing.theta);
  if (landing.theta !== from && !finite(after)) {
    landing = stay(from, 'The loss would not be finite there, so nothing moved');
    after = before;
  }
  const displacement = new Float64Array(from.length);
  difference(displacement, landing.theta, from);
  const notes = landing.theta === from ? [] : aboutChange(action.exactness(from), before, after);
  return {
    group: action.name,
    objective: options.objective,
    before,
    after,
    distance: landing.distance,
    displacement: norm(displacement),
    iterations: landing.iterations,
    gradients: counted.gradients(),
    message: `${[landing.message, ...notes].join('; ')}.`,
    from,
    to: landing.theta.slice(),
  };
}

function* land(
  action: GroupAction,
  loss: CountedLoss,
  conserved: readonly ConservedQuantity[],
  from: Float64Array,
  before: TeleportationState,
  options: TeleportationOptions,
): Steps<Landing> {
  yield;
  if (options.objective === 'random') return applyRandom(action, loss, from, options);
  const definition = objectives[options.objective];
  const { algebra } = action;
  const { symbol, compact } = groups[action.name];
  if (definition.isometric && ISOMETRIES.has(action.name)) {
    return stay(from, `${symbol} leaves the ${definition.label} as it is, so nothing moved`);
  }
  if (algebra === null) {
    return stay(from, `${symbol} is discrete, so there is no direction to follow and nothing moved`);
  }
  const objective = definition.create({ loss, algebra, conserved, options });
  const { stepSize } = options;
  const limited = stepSize !== undefined && !compact;
  const f: OrbitFunction = {
    ...towards(options.direction, objective, algebra),
    ...(limited && { admits: noSharperThan(largestSharpness(stepSize, before.sharpness), loss) }),
  };
  return yield* optimise(definition, f, from, options);
}

/** Improvement of an objective of order one below which it is rounding, and theta stays. */
const LEAST_GAIN = 1e-9;

function* optimise(
  { label, improvement }: ObjectiveDefinition,
  f: OrbitFunction,
  from: Float64Array,
  options: TeleportationOptions,
): Steps<Landing> {
  const start = orbitPoint(f, from);
  if (!start) return stay(from, `The ${label} has no slope here, so nothing moved`);
  const limits = { iterations: options.iterations, length: options.maximumDistance };
  const { point, length, iterations, end } = yield* f.dimension === 1
    ? searchCurve(f, start, limits)
    : ascend(f, start, limits);
  const moved = point.value > start.value + (f.attained ? 0 : LEAST_GAIN);
  const message = ascentClause(improvement ?? `${options.direction}s the ${label}`, end, moved, options);
  return moved ? { theta: point.theta, distance: length, iterations, message } : stay(from, message);
}

/** Relative error of the sharpness that is held to a bound. */
const BOUND_TOLERANCE = 1e-2;

function noSharperThan(bound: number, loss: LossFunction): (theta: Float64Array) => boolean {
  let start: Float64Array | undefined;
  return (theta) => {
    const { value, vector } = topEigenpair(loss, theta, {
      tolerance: BOUND_TOLERANCE,
      ...(start && { start }),
    });
    start = vector;
    return value <= bound;
  };
}

/** The objective as a function to ascend. */
function towards(
  direction: TeleportationOptions['direction'],
  objective: Objective,
  algebra: LieAlgebra,
): OrbitFunction {
  const { attained } = objective;
  const sign = attained || direction === 'increase' ? 1 : -1;
  return {
    dimension: algebra.dimension,
    flow: algebra.flow,
    ...(attained && { attained }),
    evaluate(theta, slope) {
      const value = objective.evaluate(theta, slope);
      for (let k = 0; k < slope.length; k++) slope[k]! *= sign;
      return sign * value;
    },
  };
}

/** What the ledger says of a point. */
function stateAt(
  loss: LossFunction,
  conserved: readonly ConservedQuantity[],
  theta: Float64Array,
): TeleportationState {
  const gradient = new Float64Array(loss.size);
  const value = loss.gradient(theta, gradient);
  return {
    loss: value,
    gradientNorm: norm(gradient),
    conserved: conserved.map((quantity) => quantity.total(theta)),
    sharpness: sharpness(loss, theta),
  };
}

const finite = ({ loss, gradientNorm }: TeleportationState): boolean => Number.isFinite(loss + gradientNorm);
