import { DocumentError } from '../../experiment/document-error.ts';
import type { ResolvedExperiment } from '../../experiment/resolved-experiment.ts';
import type { Problem } from '../../model/problem.ts';
import type { FlowHistory } from '../history.ts';

/** What questions are about: the present run. */
export interface SymmetrySubject {
  readonly id: number;
  readonly problem: Problem;
  readonly resolved: Pick<ResolvedExperiment, 'conserved'>;
  /** The steered flow is the first. */
  readonly flows: readonly FlowHistory[];
}

/** theta of a flow at a frame. Throws a sentence where it is not known. */
export function thetaAt({ count, start, end, parameters }: FlowHistory, frame: number): Float64Array {
  if (count === 0) throw new DocumentError('', 'The flow has no frames yet: wait for its first one.');
  const size = start?.length ?? 0;
  const theta = parameters
    ? parameters.subarray(frame * size, (frame + 1) * size)
    : frame === 0
      ? start
      : frame === count - 1
        ? end
        : null;
  if (!theta) {
    const advice = start ? 'move the time to its start or end' : 'run it again to have them';
    throw new DocumentError('', `This trajectory does not hold the parameters at this moment: ${advice}.`);
  }
  if (!theta.every(Number.isFinite)) {
    throw new DocumentError('', 'The flow diverged here: choose an earlier moment or a smaller step size.');
  }
  return theta;
}

/** theta at the end of a flow. Throws as `thetaAt` does. */
export const endOf = (flow: FlowHistory): Float64Array => thetaAt(flow, flow.count - 1);
