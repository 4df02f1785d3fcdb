import { useState } from 'react';
import type { ConservedSetting } from '../../experiment/resolved-experiment.ts';
import { plural } from '../format.ts';
import { useExperiment } from '../session-context.ts';
import { UnitBars } from './unit-bars.tsx';
import { UnitEditor, unitsPerPage } from './unit-editor.tsx';

interface UnitsProps {
  readonly setting: ConservedSetting;
}

/** q of every hidden unit: bars, and an editor that opens under them. */
export function Units({ setting }: UnitsProps) {
  const quantity = useExperiment((experiment) => experiment.conservedQuantity);
  const values = quantity?.kind === 'per-unit' ? quantity.value : setting.steered.perUnit;
  const [open, setOpen] = useState(false);
  const [page, setPage] = useState(0);
  const pages = Math.ceil(values.length / unitsPerPage);
  return (
    <details className="disclosure" open={open} onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary title="q of every hidden unit; open to set each">
        Per hidden unit
        <span className="disclosure-value">{plural(values.length, 'value')}</span>
        <UnitBars
          values={values}
          onChoose={(unit) => {
            setPage(Math.floor(unit / unitsPerPage));
            setOpen(true);
          }}
        />
      </summary>
      {open ? (
        <UnitEditor
          setting={setting}
          values={values}
          page={Math.min(page, pages - 1)}
          pages={pages}
          onPage={setPage}
        />
      ) : null}
    </details>
  );
}
