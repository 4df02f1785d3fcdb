import { Icon } from '../fields/icon.tsx';
import { plural } from '../format.ts';
import { useRun } from '../session-context.ts';
import { advice } from '../timeline/status-words.ts';

/** What to try, when flows ended in a way that asks for it. */
export function Advice() {
  const outcomes = useRun((run) => run.outcomes);
  const about = advice(outcomes).map(({ text, flows }) => ({ text, flows: plural(flows, 'flow') }));
  if (about.length === 0) return null;
  return (
    <ul className="advice">
      {about.slice(0, 3).map(({ text, flows }) => (
        <li key={text}>
          <Icon name="warning" />
          <span>
            <strong>{flows}:</strong> {text}
          </span>
        </li>
      ))}
    </ul>
  );
}
