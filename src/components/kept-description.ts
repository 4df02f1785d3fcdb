import type { Experiment } from '../experiment/experiment.ts';

/** What a description is about. Where Q is put, how much is recorded and what computes it are not. */
const subject = ['architecture', 'data', 'loss', 'initialisation', 'flow', 'teleportations'] as const;

const same = (a: unknown, b: unknown): boolean => a === b || JSON.stringify(a) === JSON.stringify(b);

/** An edited experiment, without a description that was written about another one. */
export function keptDescription(before: Experiment, after: Experiment): Experiment {
  const { description, ...rest } = after;
  if (description === undefined || description !== before.description) return after;
  return subject.every((field) => same(before[field], after[field])) ? after : rest;
}
