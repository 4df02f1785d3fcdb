import { withLayerPair } from '../../experiment/edit-flow.ts';
import { SelectField } from '../fields/select-field.tsx';
import { shownLayerPair } from '../readings.ts';
import { useNetwork, useRun } from '../session-context.ts';
import { useEdit } from '../use-edit.ts';
import { ConditionNote } from './condition-note.tsx';
import { QControl } from './q-control.tsx';
import { SweepFields } from './sweep-fields.tsx';
import { Units } from './units.tsx';

/** The heart of the page: what Q is now, and everything that moves it. */
export function ConservedCard() {
  const summary = useRun((run) => run.summary);
  const setting = useRun((run) => run.summary?.setting ?? null);
  const perLayer = useRun(
    (run) => run.summary?.conserved[shownLayerPair(run)]?.formula === 'homogeneous-radial',
  );
  return (
    <section className="section conserved" aria-labelledby="conserved-heading">
      {setting ? (
        <>
          <QControl setting={setting} />
          <ConditionNote />
          <LayerPair />
          {perLayer ? (
            <p className="note">
              A radial activation acts on the whole layer, so this is one number for all its units.
            </p>
          ) : (
            <Units setting={setting} />
          )}
          <SweepFields layerPair={setting.layerPair} />
        </>
      ) : (
        <>
          <h2 className="panel-heading" id="conserved-heading">
            Conserved quantity
          </h2>
          <p className="note">
            {summary
              ? summary.noConservedQuantity || 'This network has no known conserved quantity.'
              : 'Looking …'}
          </p>
        </>
      )}
    </section>
  );
}

/** Which two layers, where there are several pairs. */
function LayerPair() {
  const edit = useEdit();
  const pairs = useRun((run) => run.summary?.conserved.length ?? 0);
  const chosen = useRun((run) => run.summary?.setting?.layerPair ?? 0);
  const widths = useNetwork(({ architecture }) => architecture.widths);
  if (pairs < 2 || !widths) return null;
  return (
    <SelectField
      label="Hidden layer"
      value={String(chosen)}
      options={Array.from({ length: pairs }, (_, i) => ({
        value: String(i),
        label: `${i + 1} (${widths[i + 1] ?? '?'} units)`,
      }))}
      onSelect={(value) =>
        edit((experiment) =>
          withLayerPair(
            experiment.conservedQuantity
              ? experiment
              : { ...experiment, conservedQuantity: { kind: 'total', layerPair: 0 } },
            Number(value),
          ),
        )
      }
      hint="The hidden layer between the two weight matrices whose Q is set"
    />
  );
}
