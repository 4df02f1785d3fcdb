import { useEffect, useId, useRef, useState } from 'react';
import { parseCsv } from '../../experiment/csv.ts';
import { withData } from '../../experiment/edit.ts';
import type { DataDocument } from '../../experiment/experiment.ts';
import { limits } from '../../experiment/limits.ts';
import { plural } from '../format.ts';
import { parseNumber } from '../parse.ts';
import { useEdit } from '../use-edit.ts';

interface DataDialogProps {
  readonly data: Extract<DataDocument, { readonly kind: 'explicit' }>;
  readonly onClose: () => void;
}

/** Explicit samples as CSV: one row per sample, inputs first, then targets. */
export function DataDialog({ data, onClose }: DataDialogProps) {
  const edit = useEdit();
  const id = useId();
  const dialog = useRef<HTMLDialogElement>(null);
  const [text, setText] = useState(() =>
    data.inputs.map((row, i) => [...row, ...(data.targets[i] ?? [])].join(', ')).join('\n'),
  );
  const [targets, setTargets] = useState(String(data.targets[0]?.length ?? 1));
  const [error, setError] = useState('');

  useEffect(() => dialog.current?.showModal(), []);

  const apply = () => {
    const columns = parseNumber(targets, 'Target columns', { integer: true, ...limits.width });
    if (!columns.ok) return setError(columns.error);
    try {
      const { inputs, targets: wanted } = parseCsv(text, columns.value);
      edit((experiment) => withData(experiment, { kind: 'explicit', inputs, targets: wanted }));
      dialog.current?.close();
    } catch (problem) {
      setError(problem instanceof Error ? problem.message : 'These rows could not be read.');
    }
  };

  const rows = text.split('\n').filter((line) => line.trim() !== '').length;
  return (
    <dialog ref={dialog} className="dialog dialog-data" aria-labelledby={`${id}-title`} onClose={onClose}>
      <h2 id={`${id}-title`}>Your own samples</h2>
      <p className="muted">
        One row per sample, inputs first, then targets; commas, semicolons, tabs or spaces between them.
      </p>
      <label className="field" htmlFor={`${id}-targets`}>
        <span className="field-label">Target columns</span>
        <span className="field-control">
          <input
            id={`${id}-targets`}
            className="text-input text-input-short"
            type="text"
            inputMode="numeric"
            value={targets}
            onChange={(event) => {
              setTargets(event.target.value);
              setError('');
            }}
          />
        </span>
      </label>
      <label className="sr-only" htmlFor={`${id}-rows`}>
        Rows as CSV
      </label>
      <textarea
        id={`${id}-rows`}
        className="csv"
        rows={12}
        spellCheck={false}
        value={text}
        placeholder={'0, 0, 1\n0, 1, -1\n1, 0, -1'}
        aria-invalid={error ? true : undefined}
        aria-describedby={`${id}-message`}
        onChange={(event) => {
          setText(event.target.value);
          setError('');
        }}
      />
      <p id={`${id}-message`} className={error ? 'field-error' : 'muted'}>
        {error || plural(rows, 'row')}
      </p>
      <div className="dialog-actions">
        <button type="button" className="button" onClick={() => dialog.current?.close()}>
          Discard
        </button>
        <button type="button" className="button button-primary" onClick={apply}>
          Use these samples
        </button>
      </div>
    </dialog>
  );
}
