import type { Problem } from '../../model/problem.ts';
import { type SymmetrySummary, summarySteps } from '../../symmetry/summary.ts';
import type { Work } from './work.ts';

/** The theory of a problem at theta, with a breath after each group. */
export async function theoryAt(
  problem: Problem,
  theta: Float64Array,
  { breathe }: Work,
): Promise<SymmetrySummary> {
  const steps = summarySteps(problem, theta);
  let step = steps.next();
  while (!step.done) {
    await breathe();
    step = steps.next();
  }
  return step.value;
}
