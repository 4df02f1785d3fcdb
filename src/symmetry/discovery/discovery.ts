import { parameterCount } from '../../model/parameters.ts';
import type { MlpProblem } from '../../model/problem.ts';

/*
 * What can be read off the gradients of a network without knowing its symmetries (math.md K):
 *
 * - `discoverGenerators` (discover-generators.ts): the linear symmetries of every layer pair, from random gradients;
 * - `countConservationLaws` (count-conservation-laws.ts): how many independent functions gradient flow keeps, from the
 *   Lie algebra of the gradient fields of the outputs.
 *
 * Both are async, report progress, pause between pieces of work and can be aborted (steering.ts); both draw everything from
 * seeded streams, so that a seed gives the same numbers everywhere; both say by a gap how far what counts is from what does not.
 */

/** Largest number of parameters of a network whose symmetries are discovered and whose laws are counted. */
export const MOST_PARAMETERS = 100;

/** Throws a RangeError that names the size if a network is too large. Nothing has been computed then. */
export function requireSmall({ architecture }: MlpProblem, what: string): void {
  const size = parameterCount(architecture);
  if (size > MOST_PARAMETERS) {
    throw new RangeError(
      `${what} takes networks of at most ${MOST_PARAMETERS} parameters and this one has ${size}: choose smaller widths.`,
    );
  }
}
