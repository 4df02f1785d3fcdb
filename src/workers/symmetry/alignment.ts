import { DocumentError } from '../../experiment/document-error.ts';
import type { LossFunction } from '../../model/loss-function.ts';
import { isMlpProblem } from '../../model/problem.ts';
import { align, barrier, segmentLosses } from '../../symmetry/canonical-form.ts';
import type { Answerer } from './answers.ts';
import type { SegmentReading } from './question.ts';
import { endOf } from './subject.ts';

/** Points of a segment, both ends included. */
const POINTS = 65;

/** Brings the end of one flow to the canonical form of another's, and reads the loss between them before and after. */
export const alignment: Answerer<'alignment'> = async ({ problem, flows }, question, { loss, breathe }) => {
  if (!isMlpProblem(problem)) {
    throw new DocumentError('', 'A test function has no hidden units to align: choose a network.');
  }
  const { first, second } = question;
  const [a, b] = [flows[first], flows[second]];
  if (!a || !b) throw new DocumentError('', 'Choose two flows of this run.');
  const [from, to] = [endOf(a), endOf(b)];
  const { reference, aligned, groups, moved, flipped, distance } = align(problem, from, to);
  await breathe();
  const before = segment(loss, from, to, distance.before);
  await breathe();
  const after = segment(loss, reference, aligned, distance.after);
  const units = problem.architecture.widths.slice(1, -1).reduce((sum, width) => sum + width, 0);
  return { kind: 'alignment', first, second, before, after, groups, units, moved, flipped };
};

function segment(loss: LossFunction, a: Float64Array, b: Float64Array, distance: number): SegmentReading {
  const losses = segmentLosses(loss, a, b, POINTS);
  return { loss: losses, barrier: barrier(losses), distance };
}
