import type { Problem } from '../../model/problem.ts';
import { createRandom } from '../../model/random.ts';
import { norm, unit } from '../../model/vector.ts';
import { conservedQuantities } from '../../symmetry/conserved-quantities.ts';
import type { ConservedQuantity } from '../../symmetry/conserved-quantity.ts';
import type { GroupDefinition, GroupName, LieAlgebra } from '../../symmetry/group-action.ts';
import { automaticGroup, groups } from '../../symmetry/groups.ts';
import type { ChartFlow, GeneratorChoice, OrbitChoice } from '../chart-input.ts';
import { fitGenerator } from './fit-generator.ts';
import type { OneParameter } from './transport.ts';

/** The orbit that a choice stands for. */
export interface ChosenOrbit extends OneParameter {
  readonly group: GroupDefinition;
  /** What M is, for the notes: 'the same scaling of all units'. */
  readonly meaning: string;
  /** Whether M scales all units alike, as the sweep of Q does. */
  readonly uniform: boolean;
  /** s of the state after the jump that M was fitted to; null when M is another direction. */
  readonly jump: number | null;
}

/** What a choice is made for: the problem, the flow whose orbit it is, and whether starts are swept over Q. */
export interface OrbitContext {
  readonly problem: Problem;
  /** The layer pair whose Q is shown. */
  readonly layerPair: number | null;
  readonly flow: Pick<ChartFlow, 'jumps'> & { readonly start: Float64Array };
  readonly swept: boolean;
}

const automatic: OrbitChoice = { group: 'auto', generator: { kind: 'auto' } };

/**
 * The group, its action and the direction M for a choice; a string, one sentence, where there is none. The orbit explorer and the orbit
 * chart both use it, so that they mean the same by the same choice. M points to where Q grows.
 */
export function chooseOrbit(context: OrbitContext, choice: OrbitChoice = automatic): ChosenOrbit | string {
  const { problem, layerPair, flow, swept } = context;
  const jump = flow.jumps?.find(({ from, to }) => from && to);
  const wanted = choice.generator.kind;
  const kind = wanted === 'auto' ? (jump ? 'jump' : swept ? 'uniform' : 'fastest-q') : wanted;
  const ownGroup = kind === 'jump' && jump?.group && groups[jump.group].continuous ? jump.group : null;
  const name = choice.group === 'auto' ? (ownGroup ?? automaticGroup(problem, flow.start)) : choice.group;
  if (name === null) return 'No continuous symmetry acts on this network.';
  const group = groups[name];
  const reason = group.applies(problem);
  if (reason !== null) return reason;
  const ofOnePair = (kind === 'uniform' || kind === 'fastest-q') && layerPair !== null;
  const pairs = choice.layerPairs ?? (ofOnePair ? [layerPair] : undefined);
  const action = group.create(problem, pairs);
  const { algebra } = action;
  if (algebra === null || algebra.dimension === 0) return `${group.label} has no direction to move along.`;
  const quantity = conservedQuantities(problem)[pairs?.[0] ?? layerPair ?? 0] ?? null;
  const found = { group, action, algebra, uniform: false, jump: null };
  if (kind === 'jump' && jump) {
    const { coordinates } = fittedJump(name, algebra, jump.from!, jump.to!);
    const distance = norm(coordinates);
    if (distance > 0) {
      return { ...found, direction: unit(coordinates), meaning: 'the direction of the jump', jump: distance };
    }
  }
  const direction = namedDirection(
    { ...choice.generator, kind } as GeneratorChoice,
    algebra,
    quantity,
    flow.start,
  );
  return { ...found, ...direction };
}

/** The symbol of a group with the width of its layer for h where there is one layer: 'GL(50)'. */
export const groupSymbol = ({ group, action }: Pick<ChosenOrbit, 'group' | 'action'>): string =>
  action.sizes.length === 1 ? group.symbol.replace(/\bh\b/g, String(action.sizes[0])) : group.symbol;

type Direction = Pick<ChosenOrbit, 'direction' | 'meaning' | 'uniform'>;

/** The direction of a name; the next one in the row 'fastest-q', 'uniform', 'random' where there is none. */
function namedDirection(
  choice: GeneratorChoice,
  algebra: LieAlgebra,
  quantity: ConservedQuantity | null,
  theta: Float64Array,
): Direction {
  if (choice.kind === 'coordinates') {
    const direction = Float64Array.from({ length: algebra.dimension }, (_, i) => choice.coordinates[i] ?? 0);
    if (direction.some((c) => c !== 0)) {
      return { direction: unit(direction), meaning: 'the chosen direction', uniform: false };
    }
  }
  const growth = new Float64Array(algebra.dimension);
  if (quantity) {
    const gradient = new Float64Array(theta.length);
    quantity.gradient(theta, gradient);
    algebra.pairing(theta, gradient, growth);
  }
  const grows = growth.some((c) => c !== 0);
  if (grows && (choice.kind === 'fastest-q' || choice.kind === 'jump' || choice.kind === 'auto')) {
    return {
      direction: unit(growth),
      meaning: 'the direction along which Q changes fastest',
      uniform: false,
    };
  }
  const identity = choice.kind === 'random' ? null : identityCoordinates(algebra);
  if (identity) {
    const towards = identity.reduce((sum, c, i) => sum + c * growth[i]!, 0) < 0 ? -1 : 1;
    const direction = unit(identity).map((c) => towards * c);
    return { direction, meaning: 'the same scaling of all units', uniform: true };
  }
  const random = createRandom(choice.kind === 'random' ? choice.seed : 0, 'orbit');
  const direction = Float64Array.from({ length: algebra.dimension }, () => random.normal());
  return {
    direction: algebra.dimension === 1 ? Float64Array.of(1) : unit(direction),
    meaning: algebra.dimension === 1 ? 'the only direction there is' : 'a random direction',
    uniform: false,
  };
}

/** Coordinates of the identity matrix in every layer; null where the algebra does not hold it (rotations). */
function identityCoordinates(algebra: LieAlgebra): Float64Array | null {
  const sizes = algebra
    .matrices(new Float64Array(algebra.dimension))
    .map((matrix) => Math.sqrt(matrix.length));
  const identities = sizes.flatMap((n) =>
    Array.from({ length: n * n }, (_, i) => (i % (n + 1) === 0 ? 1 : 0)),
  );
  const candidates = [
    new Float64Array(algebra.dimension).fill(1),
    ...(identities.length === algebra.dimension ? [Float64Array.from(identities)] : []),
  ];
  return (
    candidates.find((coordinates) =>
      algebra.matrices(coordinates).every((matrix) => {
        const n = Math.sqrt(matrix.length);
        return matrix.every((x, i) => x === (i % (n + 1) === 0 ? matrix[0] : 0) && matrix[0] !== 0);
      }),
    ) ?? null
  );
}

const fits = new WeakMap<Float64Array, { key: string; coordinates: Float64Array }>();

/** The fit of a jump, found once for each group: a chart is built again and again. */
function fittedJump(group: GroupName, algebra: LieAlgebra, from: Float64Array, to: Float64Array) {
  const key = `${group} ${algebra.dimension}`;
  const known = fits.get(to);
  if (known?.key === key) return known;
  const fit = { key, coordinates: fitGenerator(algebra, from, to).coordinates };
  fits.set(to, fit);
  return fit;
}
