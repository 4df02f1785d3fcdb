import { activation } from '../../model/activation.ts';
import { isMlpProblem, type MlpProblem, type Problem } from '../../model/problem.ts';
import { conservedQuantities } from '../../symmetry/conserved-quantities.ts';
import type { SymmetrySummary } from '../../symmetry/summary.ts';
import type { Predictions } from './question.ts';

/** What the theory says of the numbers that are measured. Test functions have neither layers nor data. */
export function predictions(problem: Problem, summary: SymmetrySummary): Predictions {
  const { flatDirections: hessian, conserved, conservedHolds } = summary;
  if (!isMlpProblem(problem)) return { hessian, generators: null, laws: null, presentLaws: null };
  const anyData = conservedQuantities(problem).every(({ condition }) => condition.requires === 'any-data');
  return {
    hessian,
    generators: linearDimension(summary),
    laws: isWideRadial(problem) ? null : anyData ? conserved : 0,
    presentLaws: conservedHolds ? conserved : 0,
  };
}

/**
 * Whether a radial network has a hidden layer wider than its neighbours together: the space that their weights span stays, which is
 * more than the laws that are known by name.
 */
function isWideRadial({ architecture: { activation: name, widths, bias } }: MlpProblem): boolean {
  if (activation(name).kind !== 'radial') return false;
  return widths.slice(1, -1).some((h, i) => h > widths[i]! + widths[i + 2]! + (bias ? 1 : 0));
}

/** Dimension of the linear symmetries for every input: GL(h) contains all others; else rotations, scalings and both. */
function linearDimension({ groups }: SymmetrySummary): number {
  const linear = groups.filter(
    ({ refusal, dimension, invariant }) => !refusal && dimension !== null && invariant === 'function',
  );
  const whole = linear.find(({ name }) => name === 'general-linear');
  return whole?.dimension ?? linear.reduce((sum, { dimension }) => sum + dimension!, 0);
}
