import { useEffect, useId, useRef, useState } from 'react';
import type { Experiment } from '../../experiment/experiment.ts';
import type { PresetEntry } from '../../store/session-types.ts';
import { useExperiment, useSession } from '../session-context.ts';

const EDITED = '';

/** Experiments to begin with. Shows the one that is open until it is edited. */
export function PresetSelect() {
  const session = useSession();
  const id = useId();
  const experiment = useExperiment((present) => present);
  const [entries, setEntries] = useState<readonly PresetEntry[]>([]);
  /** Each preset as it was when it was opened, by title: what differs from it has been edited. */
  const opened = useRef(new Map<string, Experiment>());

  useEffect(() => {
    session.presets().then(setEntries, () => setEntries([]));
  }, [session]);

  const entry = entries.find(({ title }) => title === experiment.title);
  if (entry && !opened.current.has(entry.title)) opened.current.set(entry.title, experiment);
  const untouched = entry !== undefined && opened.current.get(entry.title) === experiment;
  const open = async (file: string) => {
    const title = entries.find((candidate) => candidate.file === file)?.title;
    if (title) opened.current.delete(title);
    await session.openPreset(file);
  };

  return (
    <div className="preset" title="Experiments to begin with">
      <label className="sr-only" htmlFor={id}>
        Preset
      </label>
      <select
        id={id}
        className="select"
        value={untouched ? entry.file : EDITED}
        onChange={(event) => void open(event.target.value)}
      >
        {untouched ? null : (
          <option value={EDITED} disabled>
            {entry ? `${experiment.title} (edited)` : experiment.title}
          </option>
        )}
        {entries.map(({ file, title }) => (
          <option key={file} value={file}>
            {title}
          </option>
        ))}
      </select>
    </div>
  );
}
