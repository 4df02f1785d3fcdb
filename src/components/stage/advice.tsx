import { Icon } from '../fields/icon.tsx';
import { plural } from '../format.ts';
import { steeredFlow } from '../run-colours.ts';
import { useRun } from '../session-context.ts';
import { advice } from '../timeline/status-words.ts';

/** What to try when flows ended in a way that asks for it: the steered flow's advice in words, the others counted. */
export function Advice() {
  const outcomes = useRun((run) => run.outcomes);
  const steered = useRun((run) => (run.summary ? steeredFlow(run.summary) : null));
  const { text, others } = advice(outcomes, steered);
  if (!text) return null;
  return (
    <p className="advice">
      <Icon name="warning" />
      <span>
        {text}
        {others > 0
          ? ` The same is true of ${plural(others, 'more flow')}; the table has the advice for each.`
          : ''}
      </span>
    </p>
  );
}
