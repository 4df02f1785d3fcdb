import type { Problem } from '../model/problem.ts';
import type { Random } from '../model/random.ts';

/** The groups with a Lie algebra, by the name used in documents; 'auto' takes the first of them that is exact. */
export const continuousNames = [
  'general-linear',
  'rescaling',
  'radial-scaling',
  'orthogonal',
  'rotation',
  'after-activation',
  'before-activation',
  'before-activation-sample',
  'after-activation-first-order',
] as const;

/** Every group that acts on parameters. */
export const groupNames = [...continuousNames, 'permutation', 'sign'] as const;

export type GroupName = (typeof groupNames)[number];

/**
 * An element of a group: one square matrix, row-major [n][n], for each hidden layer that it acts on, in order (a product
 * of groups, one factor per hidden layer); for test functions one 2 x 2 matrix. Diagonal groups use diagonal matrices, and
 * those that scale whole layers 1 x 1 ones.
 */
export type GroupElement = readonly Float64Array[];

/** What an action leaves as it is. */
export type Invariant =
  /** The network's function, for every input. */
  | 'function'
  /** Its outputs on the present data only. */
  | 'outputs-on-data'
  /** The loss (test functions). */
  | 'loss'
  /** Nothing exactly: a first-order approximation. */
  | 'first-order';

/** One group: an entry of the table `groups` (groups.ts). */
export interface GroupDefinition {
  readonly name: GroupName;
  /** Name shown to people: 'General linear group'. */
  readonly label: string;
  /** 'GL(h)', '(R>0)^h', 'O(h)', 'SO(2)', 'S_h'. */
  readonly symbol: string;
  /** The action in one line: 'W_out → W_out g⁻¹, W_in → g W_in'. */
  readonly formula: string;
  readonly invariant: Invariant;
  /** Whether it has a Lie algebra. */
  readonly continuous: boolean;
  /** Whether the group, and so every orbit, is bounded: an ascent on it needs no cap. */
  readonly compact: boolean;
  /** null when the group acts on the problem's parameters, else one sentence saying why not. */
  applies(problem: Problem): string | null;
  /** The action on the hidden layers of `layerPairs` (default: all, as a product). Call only where it applies. */
  create(problem: Problem, layerPairs?: readonly number[]): GroupAction;
}

/** A group acting on the parameters of one problem. */
export interface GroupAction {
  readonly name: GroupName;
  readonly layerPairs: readonly number[];
  /** n of each matrix of an element. */
  readonly sizes: readonly number[];
  identity(): GroupElement;
  /** first, then second: act(second, act(first, theta)) = act(compose(second, first), theta) where the action is one of the group. */
  compose(second: GroupElement, first: GroupElement): GroupElement;
  inverse(element: GroupElement): GroupElement;
  /** element . theta, a new array. Throws RangeError with one sentence where it is not defined (singular element, value out of range). */
  act(element: GroupElement, theta: Float64Array): Float64Array;
  /** A random element; `scale` is about its distance from the identity (ignored by discrete groups). */
  random(random: Random, scale: number): GroupElement;
  /** Whether the action keeps the loss exactly at theta, and how well conditioned it is there. */
  exactness(theta: Float64Array): Exactness;
  /** null for discrete groups. */
  readonly algebra: LieAlgebra | null;
}

/** How exact an action is for the present data and parameters. */
export interface Exactness {
  readonly exact: boolean;
  /** One sentence: why it is exact, or what is missing (samples against width, rank, range of the activation). */
  readonly message: string;
  /** Condition number of the matrix that is inverted; 1 where none is, infinite where it was not worth computing. */
  readonly conditioning: number;
}

/**
 * The Lie algebra of an action. Coordinates c (length `dimension`) stand for X = sum_k c_k E_k over a basis E_k; |c| is the
 * distance that exp(X) goes in the group: orthonormal in the Frobenius product for GL and rescaling, radians for rotations.
 */
export interface LieAlgebra {
  readonly dimension: number;
  /** One matrix per hidden layer, as elements have. */
  matrices(coordinates: Float64Array): readonly Float64Array[];
  /** Which X give conserved quantities of gradient flow: 'symmetric' all, 'mixed' the symmetric half, 'antisymmetric' or 'nonlinear' none. */
  readonly generators: 'symmetric' | 'mixed' | 'antisymmetric' | 'nonlinear';
  /** exp(X), by scaling and squaring. */
  exponential(coordinates: Float64Array): GroupElement;
  /**
   * exp(X) . theta without forming exp(X) where that is cheaper; the same as act(exponential(c), theta) to rounding.
   * Throws RangeError as `act` does.
   */
  flow(coordinates: Float64Array, theta: Float64Array): Float64Array;
  /** xi_X(theta) = d/ds exp(sX) . theta at s = 0, into `out` (length P). */
  infinitesimal(theta: Float64Array, coordinates: Float64Array, out: Float64Array): void;
  /** d^2/ds^2 exp(sX) . theta at s = 0, into `out` (length P). */
  acceleration(theta: Float64Array, coordinates: Float64Array, out: Float64Array): void;
  /** <covector, xi_{E_k}(theta)> for every k, into `out` (length `dimension`): the adjoint of `infinitesimal`. */
  pairing(theta: Float64Array, covector: Float64Array, out: Float64Array): void;
}
