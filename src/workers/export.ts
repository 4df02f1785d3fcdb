import { DocumentError } from '../experiment/document-error.ts';
import type { ParametersRecorded } from '../experiment/experiment.ts';
import { checkDocumentSize } from '../experiment/memory.ts';
import { createTrajectory, type FlowRecord, type Trajectory } from '../experiment/trajectory.ts';
import type { Outcome } from '../flow/outcome.ts';
import { type FlowHistory, flowValley, interleaved } from './history.ts';
import type { Run } from './run.ts';

/** How a flow ended that has not. */
const UNFINISHED: Outcome = {
  kind: 'cancelled',
  message: 'The trajectory was exported before this flow ended.',
};

/**
 * The trajectory document of a run as it stands. An imported one is given back as it came, without what `parameters` leaves
 * out. Throws DocumentError when the document could not be opened again.
 */
export function exportRun(run: Run, parameters: ParametersRecorded): Trajectory {
  if (run.imported) return reduced(run.imported, parameters);
  if (run.flows.some(({ count }) => count === 0)) {
    throw new DocumentError('', 'Some flows have no frames yet: export when all of them have begun.');
  }
  checkDocumentSize(run.experiment, parameters);
  const { kind: engine, precision } = run.choice!.engine;
  return createTrajectory(
    run.experiment,
    { engine, precision },
    run.flows.map((flow, index) => ({
      ...record(flow, run.outcomes[index] ?? UNFINISHED, run.layerPair !== null),
      computedBy: run.computedBy[index]!,
    })),
    run.resolved.conserved.length,
    parameters,
  );
}

function record(flow: FlowHistory, outcome: Outcome, hasValley: boolean): FlowRecord {
  const { count, step, time, loss, gradientNorm, parameters, jumps } = flow;
  const size = parameters!.length / step.length;
  const valley = hasValley ? flowValley(flow) : null;
  return {
    label: flow.label,
    outcome,
    frames: { count, step, time, loss, gradientNorm, conserved: interleaved(flow) },
    ...(valley && { valley }),
    jumps,
    parameters: (frame) => parameters!.subarray(frame * size, (frame + 1) * size),
  };
}

/** A trajectory without the parameters that are not wanted; what it never had stays absent. */
function reduced(trajectory: Trajectory, parameters: ParametersRecorded): Trajectory {
  if (parameters === 'all') return trajectory;
  return {
    ...trajectory,
    flows: trajectory.flows.map((flow) => {
      const { initial, final } = flow.parameters;
      return {
        ...flow,
        parameters: parameters === 'none' ? { initial: [], final: [] } : { initial, final },
        teleportations: flow.teleportations.map(({ parameters: _, ...jump }) => jump),
      };
    }),
  };
}
