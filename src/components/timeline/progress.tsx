import { formatCount, formatShort } from '../format.ts';
import { useRun } from '../session-context.ts';

/** How far the computation is and how fast it goes. Keeps its place when nothing runs. */
export function Progress() {
  const running = useRun((run) => run.status === 'running' || run.status === 'starting');
  const fraction = useRun((run) => run.fraction);
  const rate = useRun((run) => run.stepsPerSecond);
  return (
    <div className="progress-group" data-running={running}>
      <span className="progress-rate" aria-hidden="true">
        {rate > 0 ? `${rate < 10 ? formatShort(rate, 2) : formatCount(rate)} steps/s` : ''}
      </span>
      <progress className="progress" aria-label="Computation" max={1} value={running ? fraction : 0} />
    </div>
  );
}
