import type { TeleportationsDocument } from '../../experiment/experiment.ts';
import { formatShort } from '../format.ts';
import { useRun } from '../session-context.ts';

interface NoJumpsProps {
  readonly asked: TeleportationsDocument | undefined;
}

/** The ledger while it is empty: why, and how to fill it. */
export function NoJumps({ asked }: NoJumpsProps) {
  const running = useRun((run) => run.status === 'running' || run.status === 'starting');
  return (
    <div className="ledger-empty">
      <svg viewBox="0 0 120 48" aria-hidden="true">
        <path className="ledger-orbit" d="M4 30H116" />
        <path className="ledger-arc" d="M32 30C48 4 72 4 88 30" />
        <circle cx="32" cy="30" r="3.5" />
        <circle cx="88" cy="30" r="3.5" />
      </svg>
      {asked ? (
        <p>{running ? 'No flow has jumped yet.' : notReached(asked)}</p>
      ) : (
        <p>
          No flow of this run teleports. Press <strong>Teleport</strong> under the picture to jump from where
          the cursor is to another point of the same loss.
        </p>
      )}
      <p className="muted">
        A teleportation moves the parameters along the orbit of a symmetry: the loss stays, the gradient, the
        sharpness and Q change. The ledger says by how much.
      </p>
    </div>
  );
}

function notReached(asked: TeleportationsDocument): string {
  if ('whenGradientNormBelow' in asked)
    return `No flow jumped: no gradient norm fell to ${formatShort(asked.whenGradientNormBelow)}. Raise the bound or let the flows run longer.`;
  return 'No flow jumped: the flows ended before the first jump. Choose an earlier one or let the flows run longer.';
}
