import { Icon } from '../fields/icon.tsx';
import { useExperiment, useRun, useSession } from '../session-context.ts';
import { teleportNow, teleportObstacle } from './teleport.ts';

/** Jumps from where the cursor is. */
export function TeleportButton() {
  const session = useSession();
  const group = useExperiment(({ teleportations }) => teleportations?.group ?? 'auto');
  const obstacle = useRun((run) => teleportObstacle(run, group));
  return (
    <button
      type="button"
      className="button teleport"
      aria-label="Teleport"
      title={
        obstacle ||
        'Jump from where the cursor is along the orbit of a symmetry: the loss stays, the gradient changes (j)'
      }
      disabled={obstacle !== ''}
      onClick={() => teleportNow(session)}
    >
      <Icon name="teleport" />
      <span className="button-words">Teleport</span>
    </button>
  );
}
