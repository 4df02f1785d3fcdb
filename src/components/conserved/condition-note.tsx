import { Icon } from '../fields/icon.tsx';
import { useRun } from '../session-context.ts';

interface ConditionNoteProps {
  /** Say it only when Q is not conserved. */
  readonly brief?: boolean;
}

/** Whether the present data meet the condition under which Q is conserved. */
export function ConditionNote({ brief = false }: ConditionNoteProps) {
  const condition = useRun(({ summary }) => {
    const pair = summary?.setting?.layerPair ?? 0;
    return summary?.conserved.find(({ layerPair }) => layerPair === pair)?.condition ?? null;
  });
  if (!condition || (condition.holds && brief)) return null;
  return condition.holds ? (
    <p className="note">{condition.message}</p>
  ) : (
    <p className="note note-warning">
      <Icon name="warning" />
      <span>{brief ? 'Not conserved with these data: the drift below is real.' : condition.message}</span>
    </p>
  );
}
