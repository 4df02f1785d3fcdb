import { useId, useState } from 'react';
import type { ParametersRecorded } from '../../experiment/experiment.ts';
import { memoryEstimate } from '../../experiment/memory.ts';
import { documentText } from '../../experiment/validate.ts';
import { IconButton } from '../fields/icon-button.tsx';
import { slug } from '../format.ts';
import { useExperiment, useSession } from '../session-context.ts';
import { missingFrom } from './export-words.ts';

/** All parameters of every frame are offered first while they take less than this. */
const SMALL = 4 * 2 ** 20;

const choices: readonly { readonly value: ParametersRecorded; readonly label: string }[] = [
  { value: 'none', label: 'no parameters' },
  { value: 'final', label: 'start and end' },
  { value: 'all', label: 'every frame' },
];

/** Downloads the trajectory of the present run as JSON. */
export function ExportControl() {
  const session = useSession();
  const id = useId();
  const experiment = useExperiment((present) => present);
  const [chosen, setChosen] = useState<ParametersRecorded | null>(null);
  const [busy, setBusy] = useState(false);
  const parameters = chosen ?? (memoryEstimate(experiment, 'all') <= SMALL ? 'all' : 'final');

  const download = async () => {
    setBusy(true);
    try {
      const trajectory = await session.exportTrajectory(parameters);
      save(`${slug(trajectory.experiment.title)}.json`, documentText(trajectory));
      const text = missingFrom(trajectory, parameters);
      if (text) session.notice.setState({ kind: 'information', text });
    } catch (error) {
      session.notice.setState({
        kind: 'error',
        text: error instanceof Error ? error.message : 'The trajectory could not be exported.',
      });
    } finally {
      setBusy(false);
    }
  };

  return (
    <div className="export">
      <IconButton
        icon="download"
        label="Export trajectory"
        words
        hint="Download what happened as JSON: the experiment, every flow, its outcome"
        className="button-primary"
        disabled={busy}
        onClick={() => void download()}
      />
      <label className="sr-only" htmlFor={id}>
        Parameters in the export
      </label>
      <select
        id={id}
        className="select export-parameters"
        title="Which parameters the file holds"
        value={parameters}
        onChange={(event) => setChosen(event.target.value as ParametersRecorded)}
      >
        {choices.map(({ value, label }) => (
          <option key={value} value={value}>
            {label}
          </option>
        ))}
      </select>
    </div>
  );
}

function save(name: string, text: string): void {
  const url = URL.createObjectURL(new Blob([text], { type: 'application/json' }));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}
