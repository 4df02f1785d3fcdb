import { useState } from 'react';
import { withDataKind, withDataSeed, withSamples } from '../../experiment/edit.ts';
import type { DataDocument } from '../../experiment/experiment.ts';
import { limits } from '../../experiment/limits.ts';
import { NumberField } from '../fields/number-field.tsx';
import { plural } from '../format.ts';
import { useNetwork } from '../session-context.ts';
import { useEdit } from '../use-edit.ts';
import { DataDialog } from './data-dialog.tsx';
import { ChoiceSection } from './section.tsx';

const kinds: readonly { readonly value: DataDocument['kind']; readonly label: string }[] = [
  { value: 'whitened', label: 'whitened' },
  { value: 'teacher', label: 'teacher' },
  { value: 'explicit', label: 'explicit' },
];

const hints: Readonly<Record<DataDocument['kind'], string>> = {
  whitened: 'One sample per input, inputs the identity, targets drawn from N(0, 1)',
  teacher: 'Inputs drawn from N(0, 1), targets from a random network of the same kind',
  explicit: 'Your own samples, typed or pasted as CSV',
};

/** Where the samples come from; nothing for a test function, which has none. */
export function DataSection() {
  const edit = useEdit();
  const data = useNetwork((experiment) => experiment.data);
  const [editing, setEditing] = useState(false);
  if (!data) return null;
  return (
    <ChoiceSection
      title="Data"
      value={data.kind}
      options={kinds}
      onSelect={(kind) => {
        edit((experiment) => withDataKind(experiment, kind));
        if (kind === 'explicit') setEditing(true);
      }}
      hint={hints[data.kind]}
    >
      {data.kind === 'explicit' ? (
        <div className="field">
          <span className="field-label">{plural(data.inputs.length, 'row')}</span>
          <div className="field-control">
            <button type="button" className="button" onClick={() => setEditing(true)}>
              Edit as CSV …
            </button>
          </div>
        </div>
      ) : (
        <NumberField
          label="Draw"
          value={data.seed}
          integer
          {...limits.seed}
          onCommit={(seed) => edit((experiment) => withDataSeed(experiment, seed))}
          hint="The random draw of the data: the same number gives the same samples"
        />
      )}
      {data.kind === 'teacher' ? (
        <NumberField
          label="Samples"
          value={data.samples}
          integer
          {...limits.samples}
          onCommit={(samples) => edit((experiment) => withSamples(experiment, samples))}
          hint="How many samples the teacher labels"
        />
      ) : null}
      {editing && data.kind === 'explicit' ? (
        <DataDialog data={data} onClose={() => setEditing(false)} />
      ) : null}
    </ChoiceSection>
  );
}
