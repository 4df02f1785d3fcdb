import { withDefaultSweep } from '../../experiment/edit-flow.ts';
import { limits } from '../../experiment/limits.ts';
import { Checkbox } from '../fields/checkbox.tsx';
import { NumberField } from '../fields/number-field.tsx';
import { formatShort, plural } from '../format.ts';
import { useExperiment } from '../session-context.ts';
import { useEdit } from '../use-edit.ts';
import { steerSweep } from './steer.ts';

interface SweepFieldsProps {
  readonly layerPair: number;
}

/** The flows over a range of Q that draw the valley. */
export function SweepFields({ layerPair }: SweepFieldsProps) {
  const edit = useEdit();
  const sweep = useExperiment((experiment) => experiment.conservedQuantity?.sweep);
  const change = (next: typeof sweep) => edit((experiment) => steerSweep(experiment, layerPair, next));
  return (
    <details className="disclosure">
      <summary title="Flows over a range of Q: the context in which the steered flow is seen">
        Sweep
        <span className="disclosure-value">
          {sweep
            ? `${plural(sweep.count, 'flow')}, ${formatShort(sweep.from)} to ${formatShort(sweep.to)}`
            : 'none'}
        </span>
      </summary>
      <Checkbox
        label="Show flows over a range of Q"
        checked={sweep !== undefined}
        onChange={(on) =>
          on
            ? edit((experiment) =>
                withDefaultSweep(steerSweep(experiment, layerPair, { from: -1, to: 1, count: 33 })),
              )
            : change(undefined)
        }
      />
      {sweep ? (
        <>
          <NumberField
            label="From"
            value={sweep.from}
            maximum={sweep.to}
            onCommit={(from) => change({ ...sweep, from })}
            hint="Least Q of the sweep"
          />
          <NumberField
            label="To"
            value={sweep.to}
            minimum={sweep.from}
            onCommit={(to) => change({ ...sweep, to })}
            hint="Greatest Q of the sweep"
          />
          <NumberField
            label="Count"
            value={sweep.count}
            integer
            {...limits.sweepCount}
            onCommit={(count) => change({ ...sweep, count })}
            hint="How many flows"
          />
        </>
      ) : null}
    </details>
  );
}
