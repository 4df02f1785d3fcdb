import { Icon } from '../fields/icon.tsx';
import { formatShort } from '../format.ts';
import { jumpCount } from '../jumps/run-jumps.ts';
import { shownLayerPair } from '../readings.ts';
import { useRun } from '../session-context.ts';

interface ConditionNoteProps {
  /** For the chart of the drift: only what a reader of it must know. */
  readonly brief?: boolean;
}

/** Whether the present data meet the condition under which Q is conserved, and what weight decay and jumps make of it. */
export function ConditionNote({ brief = false }: ConditionNoteProps) {
  const conserved = useRun((run) =>
    run.summary?.conserved.find(({ layerPair }) => layerPair === shownLayerPair(run)),
  );
  const decay = useRun(({ summary }) => summary?.experiment.flow.weightDecay ?? 0);
  const jumps = useRun((run) => jumpCount(run) > 0);
  if (!conserved) return null;
  const { condition, law } = conserved;
  const sinceJump = brief && jumps ? ' After a jump, from the Q that it went to.' : '';
  if (!condition.holds)
    return (
      <Warning>
        {(brief ? 'Not conserved with these data: the drift below is real.' : condition.message) + sinceJump}
      </Warning>
    );
  if (law.kind === 'none')
    return (
      <Warning>{`Weight decay breaks the conservation of this Q, which then follows no law.${sinceJump}`}</Warning>
    );
  const formula = `Q(0)\u00a0exp(−${formatShort(2 * decay)}\u00a0t)`;
  if (law.kind === 'exponential')
    return (
      <p className="note">
        {(brief
          ? `Departure from the law of weight decay, ${formula}.`
          : `Under weight decay Q follows ${formula} exactly.`) + sinceJump}
      </p>
    );
  const text = brief ? sinceJump.trim() : condition.message;
  return text ? <p className="note">{text}</p> : null;
}

function Warning({ children }: { readonly children: string }) {
  return (
    <p className="note note-warning">
      <Icon name="warning" />
      <span>{children}</span>
    </p>
  );
}
