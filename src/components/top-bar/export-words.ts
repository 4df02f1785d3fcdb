import type { ParametersRecorded } from '../../experiment/experiment.ts';
import type { Trajectory } from '../../experiment/trajectory.ts';

/** What an exported trajectory lacks of what was asked for, as one sentence; empty when it is all there. */
export function missingFrom({ flows }: Trajectory, asked: ParametersRecorded): string {
  const have = {
    none: true,
    final: flows.every(({ parameters }) => parameters.final.length > 0),
    all: flows.every(({ parameters }) => parameters.frames !== undefined),
  } satisfies Record<ParametersRecorded, boolean>;
  if (have[asked]) return '';
  const lack = have.final ? 'parameters of every frame' : 'parameters';
  return `The imported trajectory has no ${lack}, so neither has this file: press Reset to compute the flows anew.`;
}
