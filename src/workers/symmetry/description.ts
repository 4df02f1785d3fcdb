import { symmetrySummary } from '../../symmetry/summary.ts';
import type { Answerer } from './answers.ts';
import { predictions } from './predictions.ts';
import { thetaAt } from './subject.ts';

/** The theory at a frame of the steered flow. */
export const description: Answerer<'description'> = async ({ problem, flows }, { frame }) => {
  const summary = symmetrySummary(problem, thetaAt(flows[0]!, frame));
  return { kind: 'description', summary, predictions: predictions(problem, summary) };
};
