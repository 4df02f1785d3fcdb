import { isMlpProblem, type Problem } from '../../model/problem.ts';
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
    laws: anyData ? conserved : 0,
    presentLaws: conservedHolds ? conserved : 0,
  };
}

/** Dimension of the linear symmetries for every input: GL(h) contains all others; else rotations, scalings and both. */
function linearDimension({ groups }: SymmetrySummary): number {
  const linear = groups.filter(
    ({ refusal, dimension, invariant }) => !refusal && dimension !== null && invariant === 'function',
  );
  const whole = linear.find(({ name }) => name === 'general-linear');
  return whole?.dimension ?? linear.reduce((sum, { dimension }) => sum + dimension!, 0);
}
