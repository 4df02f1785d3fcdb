import { useRun } from '../session-context.ts';

/** What the chart itself has to say: explained variance, how far paths are off it, what is missing. */
export function Notes() {
  const notes = useRun((run) => run.chart?.notes);
  return <p className="view-notes">{notes?.join(' ')}</p>;
}
