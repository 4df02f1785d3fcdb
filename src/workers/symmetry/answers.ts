import { alignment } from './alignment.ts';
import { description } from './description.ts';
import { matrixReading } from './matrix-reading.ts';
import { measurement } from './measurement.ts';
import { orbitReading } from './orbit-reading.ts';
import type { AnswerTo, SymmetryAnswer, SymmetryKind, SymmetryQuestion } from './question.ts';
import type { SymmetrySubject } from './subject.ts';
import type { Work } from './work.ts';

/** How questions of one kind are answered; rejects with a sentence. */
export type Answerer<K extends SymmetryKind> = (
  subject: SymmetrySubject,
  question: Extract<SymmetryQuestion, { kind: K }>,
  work: Work,
) => Promise<AnswerTo<K>>;

const answerers: { readonly [K in SymmetryKind]: Answerer<K> } = {
  description,
  matrix: matrixReading,
  measurement,
  orbit: orbitReading,
  alignment,
};

/** Answers any question. */
export const answer = <K extends SymmetryKind>(
  subject: SymmetrySubject,
  question: Extract<SymmetryQuestion, { kind: K }>,
  work: Work,
): Promise<SymmetryAnswer> => answerers[question.kind as K](subject, question, work);
