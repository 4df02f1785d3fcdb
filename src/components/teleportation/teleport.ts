import { withTeleportationAt } from '../../experiment/edit-teleportations.ts';
import type { RunState } from '../../store/run.ts';
import type { Session } from '../../store/session-types.ts';
import { frameAt } from '../readings.ts';
import { steeredFlow } from '../run-colours.ts';
import { applyEdit } from '../use-edit.ts';

/** Why the steered flow cannot teleport by a group, one sentence; empty where it can. */
export function teleportObstacle({ summary }: Pick<RunState, 'summary'>, group: string): string {
  if (!summary) return 'There is no flow to teleport yet.';
  const { groups } = summary;
  if (group !== 'auto') return groups.find(({ name }) => name === group)?.refusal ?? '';
  if (groups.some(({ refusal }) => refusal === '')) return '';
  return 'No continuous symmetry of these parameters is known: choose another activation.';
}

/** What stands in the way of the session's flows, by the group that its experiment asks for. */
export const sessionObstacle = (session: Session): string =>
  teleportObstacle(
    session.run.getState(),
    session.experiment.getState().experiment.teleportations?.group ?? 'auto',
  );

/**
 * Teleports the steered flow, and all but its twin with it, from where the cursor is: an edit of the experiment, so that it
 * can be repeated and undone. The cursor stays there. Does nothing where `sessionObstacle` says why.
 */
export function teleportNow(session: Session): void {
  const run = session.run.getState();
  const flow = run.summary && run.frames.flows[steeredFlow(run.summary) ?? 0];
  if (!flow || flow.count === 0 || sessionObstacle(session)) return;
  const frame = frameAt(flow, session.playback.getState().cursor);
  session.seek(frame);
  applyEdit(session, (experiment) =>
    withTeleportationAt(experiment, { step: flow.step[frame]!, time: flow.time[frame]! }),
  );
}
