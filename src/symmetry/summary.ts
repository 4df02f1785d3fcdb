import { parameterCount } from '../model/parameters.ts';
import { isMlpProblem, type Problem } from '../model/problem.ts';
import { independentConserved, LARGEST_RANK, rank } from './conserved-matrix.ts';
import { conservedQuantities } from './conserved-quantities.ts';
import type { Exactness, GroupDefinition, GroupName, Invariant, LieAlgebra } from './group-action.ts';
import { groups } from './groups.ts';
import { finish, type Steps } from './steps.ts';

/** One group of the table as it stands to a problem. */
export interface GroupSummary {
  readonly name: GroupName;
  readonly label: string;
  readonly symbol: string;
  readonly formula: string;
  readonly invariant: Invariant;
  readonly continuous: boolean;
  /** Why it does not act on this problem; empty where it does. */
  readonly refusal: string;
  /** Dimension of the group; null where it does not apply or is discrete. */
  readonly dimension: number | null;
  /** Dimension of the orbit of theta; null as above, where the action is not defined at theta, or the computation is too large. */
  readonly orbitDimension: number | null;
  readonly exactness: Exactness | null;
}

/** What the theory says of a problem's symmetries at a point theta. Plain data. */
export interface SymmetrySummary {
  readonly parameters: number;
  readonly groups: readonly GroupSummary[];
  /** Dimension of the largest orbit that keeps the function for every input; 0 where there is none, null where unknown. */
  readonly orbitDimension: number | null;
  /** Number of independent conserved quantities; null where unknown. */
  readonly conserved: number | null;
  /** Whether they are conserved for the present data. */
  readonly conservedHolds: boolean;
  /**
   * Flat directions at a minimum of zero loss: P - min(samples x outputs, P - orbit dimension), when the outputs otherwise
   * depend on the parameters as freely as they can; null where unknown.
   */
  readonly flatDirections: number | null;
}

/** The theory of a problem at theta (length P); orbit dimensions are those at theta. */
export const symmetrySummary = (problem: Problem, theta: Float64Array): SymmetrySummary =>
  finish(summarySteps(problem, theta));

/** The same in pieces of up to a second, one for each group, so that a caller can do something else in between. */
export function* summarySteps(problem: Problem, theta: Float64Array): Steps<SymmetrySummary> {
  const summaries: GroupSummary[] = [];
  for (const group of Object.values(groups)) {
    summaries.push(groupSummary(group, problem, theta));
    yield;
  }
  const orbitDimension = largestOrbit(summaries);
  const parameters = parameterCount(problem.architecture);
  const quantities = conservedQuantities(problem);
  return {
    parameters,
    groups: summaries,
    orbitDimension,
    conserved: isMlpProblem(problem)
      ? independentConserved(
          problem,
          theta,
          quantities.map(({ units }) => units),
        )
      : 0,
    conservedHolds: quantities.every(({ condition }) => condition.holds),
    flatDirections: flatDirections(problem, parameters, orbitDimension),
  };
}

function groupSummary(group: GroupDefinition, problem: Problem, theta: Float64Array): GroupSummary {
  const { name, label, symbol, formula, invariant, continuous } = group;
  const refusal = group.applies(problem) ?? '';
  const action = refusal ? null : group.create(problem);
  const algebra = action?.algebra ?? null;
  return {
    name,
    label,
    symbol,
    formula,
    invariant,
    continuous,
    refusal,
    dimension: algebra?.dimension ?? null,
    orbitDimension: algebra && orbitDimension(name, problem, algebra, theta),
    exactness: action?.exactness(theta) ?? null,
  };
}

/**
 * Rank of X -> xi_X(theta): by closed form for GL and O(h) of two layers (what acts on nothing left out: (h - m)(h - n) and
 * the rotations of the other h - n - m directions; math.md A), else by singular values; null where that is too large.
 */
function orbitDimension(
  name: GroupName,
  problem: Problem,
  algebra: LieAlgebra,
  theta: Float64Array,
): number | null {
  const { dimension } = algebra;
  if (isMlpProblem(problem) && problem.architecture.widths.length === 3) {
    const { widths, bias } = problem.architecture;
    const [n, h, m] = [widths[0]! + (bias ? 1 : 0), widths[1]!, widths[2]!];
    const idle = Math.max(h - n - m, 0);
    if (name === 'general-linear') return h * h - Math.max(h - m, 0) * Math.max(h - n, 0);
    if (name === 'orthogonal') return dimension - (idle * (idle - 1)) / 2;
  }
  if (dimension * theta.length > LARGEST_RANK) return null;
  try {
    return rank(
      Array.from({ length: dimension }, (_, k) => {
        const coordinates = new Float64Array(dimension);
        coordinates[k] = 1;
        const out = new Float64Array(theta.length);
        algebra.infinitesimal(theta, coordinates, out);
        return out;
      }),
    );
  } catch (error) {
    // A data-dependent action that is not defined at theta: its exactness says why.
    if (error instanceof RangeError) return null;
    throw error;
  }
}

/** The largest orbit of the groups that keep the function (or the test function's value). */
function largestOrbit(summaries: readonly GroupSummary[]): number | null {
  const keeping = summaries.filter(
    ({ refusal, dimension, invariant }) =>
      !refusal && dimension !== null && (invariant === 'function' || invariant === 'loss'),
  );
  // GL contains the others; rotations and scalings of a radial network meet in the identity only.
  const apart = keeping.filter(({ name }) => name === 'general-linear');
  return (apart.length > 0 ? apart : keeping).reduce<number | null>(
    (sum, { orbitDimension }) => (sum === null || orbitDimension === null ? null : sum + orbitDimension),
    0,
  );
}

function flatDirections(problem: Problem, parameters: number, orbit: number | null): number | null {
  // The minimum of a test function is a point that its rotations fix.
  if (!isMlpProblem(problem)) return 0;
  if (orbit === null) return null;
  const { samples, outputWidth } = problem.dataset;
  return parameters - Math.min(samples * outputWidth, parameters - orbit);
}
