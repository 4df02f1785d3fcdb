import type { FlowJump } from '../../landscape/chart-input.ts';
import { createRandom } from '../../model/random.ts';
import { norm } from '../../model/vector.ts';
import type { ConservedQuantity } from '../../symmetry/conserved-quantity.ts';
import type { GroupName, LieAlgebra } from '../../symmetry/group-action.ts';
import type { OrbitDirection, OrbitExploration } from './question.ts';

/** The directions that make sense on the orbits of a group, the best first. Discrete groups have none. */
export function directionsOf(group: GroupName): readonly OrbitDirection[] {
  switch (group) {
    case 'permutation':
    case 'sign':
      return [];
    case 'rotation':
      return ['unit'];
    case 'radial-scaling':
      return ['uniform', 'jump'];
    case 'orthogonal':
      return ['unit', 'random', 'jump'];
    default:
      return ['fastest-q', 'uniform', 'unit', 'random', 'jump'];
  }
}

/** What a direction is taken from. */
export interface DirectionContext {
  /** The algebra of one hidden layer's group, or of a test function's. */
  readonly algebra: LieAlgebra;
  /** n of its matrices. */
  readonly size: number;
  readonly theta: Float64Array;
  /** Of the layer pair; null where there is none. */
  readonly quantity: ConservedQuantity | null;
  /** The first jump of the flow; null where it has none. */
  readonly jump: FlowJump | null;
}

/** Coordinates of length 1 of the direction that was chosen. Throws RangeError with a sentence where there is none. */
export function orbitDirection(context: DirectionContext, exploration: OrbitExploration): Float64Array {
  const coordinates = directions[exploration.direction](context, exploration);
  const length = norm(coordinates);
  if (length > 0 && Number.isFinite(length)) return coordinates.map((c) => c / length);
  throw new RangeError('This direction does not move the parameters here: choose another one.');
}

type DirectionOf = (context: DirectionContext, exploration: OrbitExploration) => Float64Array;

const directions: Readonly<Record<OrbitDirection, DirectionOf>> = {
  /** The gradient of Q in the Lie algebra. */
  'fastest-q'({ algebra, theta, quantity }) {
    if (!quantity)
      throw new RangeError('There is no conserved quantity to change: choose another direction.');
    const gradient = new Float64Array(theta.length);
    const slope = new Float64Array(algebra.dimension);
    quantity.gradient(theta, gradient);
    algebra.pairing(theta, gradient, slope);
    return slope;
  },
  uniform: ({ algebra: { dimension }, size }) =>
    Float64Array.from({ length: dimension }, (_, k) =>
      dimension === size * size && k % (size + 1) !== 0 ? 0 : 1,
    ),
  unit({ algebra: { dimension }, size }, { unit }) {
    const out = new Float64Array(dimension);
    out[unitCoordinate(dimension, size, unit)] = 1;
    return out;
  },
  random({ algebra }, { seed }) {
    const random = createRandom(seed, 'orbit');
    return Float64Array.from({ length: algebra.dimension }, () => random.normal());
  },
  /** The first step of an ascent from where the jump began to where it ended. */
  jump({ algebra, jump }) {
    if (!jump?.from || !jump.to) {
      throw new RangeError('The steered flow has not jumped: choose another direction, or let it teleport.');
    }
    const { from, to } = jump;
    const slope = new Float64Array(algebra.dimension);
    algebra.pairing(
      from,
      to.map((x, i) => x - from[i]!),
      slope,
    );
    return slope;
  },
};

/** Which coordinate belongs to a unit: the diagonal entry of all matrices or of diagonal ones, or its rotation into the next unit. */
function unitCoordinate(dimension: number, size: number, unit: number): number {
  const k = Math.min(Math.max(0, unit), size - 1);
  if (dimension === size * size) return k * (size + 1);
  if (dimension === size) return k;
  if (dimension === 1) return 0;
  // so(n) lists the planes (i, j), i < j, row by row.
  const i = Math.min(k, size - 2);
  return i * size - (i * (i + 1)) / 2;
}
