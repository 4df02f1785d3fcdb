import { useRun, useSession } from '../session-context.ts';
import { useSampled } from '../use-sampled.ts';
import { Progress } from './progress.tsx';
import { engineWords, estimateWords, outcomeWords, statusTone } from './status-words.ts';

/** Engine, precision and why; flows by outcome; how long it takes, anew once a second; progress and cancel. */
export function StatusLine() {
  const session = useSession();
  const engine = useRun((run) => run.engine);
  const running = useRun((run) => run.status === 'running' || run.status === 'starting');
  const outcomes = useRun((run) => run.outcomes);
  const status = useRun((run) => run.status);
  const estimate = useSampled(() => estimateWords(session.run.getState()), 1);
  const words = engineWords(engine);
  return (
    <footer className="status-line">
      {/* Silent while counts change every tenth of a second; the result is announced. */}
      <div role="status" className="status-words" aria-live={running ? 'off' : 'polite'}>
        <span className="status-engine" title={words.title ? `${words.text}; ${words.title}` : words.text}>
          <span className="status-dot" data-tone={statusTone(status, outcomes)} aria-hidden="true" />
          {words.text}
        </span>{' '}
        <span className="status-outcomes">{outcomeWords(outcomes, status)}</span>{' '}
        <span className="status-estimate">{running && estimate}</span>
      </div>
      <Progress />
      <button
        type="button"
        className="button button-link"
        title="Stop computing; what has been recorded stays"
        disabled={!running}
        onClick={() => session.cancel()}
      >
        Cancel
      </button>
    </footer>
  );
}
