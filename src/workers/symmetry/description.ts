import type { Answerer } from './answers.ts';
import { predictions } from './predictions.ts';
import { thetaAt } from './subject.ts';
import { theoryAt } from './theory.ts';

/** The theory at a frame of the steered flow. */
export const description: Answerer<'description'> = async ({ problem, flows }, { frame }, work) => {
  const summary = await theoryAt(problem, thetaAt(flows[0]!, frame), work);
  return { kind: 'description', summary, predictions: predictions(problem, summary) };
};
