import type { GroupSummary } from '../../symmetry/summary.ts';
import type { OrbitExploration } from '../../workers/symmetry/question.ts';
import { NumberField } from '../fields/number-field.tsx';
import { SelectField } from '../fields/select-field.tsx';
import { useRun, useSession } from '../session-context.ts';
import { directionLabels, offeredDirections } from './orbit-options.ts';

interface OrbitFieldsProps {
  readonly exploration: OrbitExploration;
  readonly groups: readonly GroupSummary[];
}

/** Which orbit is followed: group, hidden layer and direction. */
export function OrbitFields({ exploration, groups }: OrbitFieldsProps) {
  const session = useSession();
  const summary = useRun((run) => run.summary);
  const jumps = useRun((run) => run.jumps);
  const architecture = summary?.experiment.architecture;
  const widths = architecture?.kind === 'mlp' ? architecture.widths.slice(1, -1) : [];
  const group = groups.find(({ name }) => name === exploration.group)!;
  const directions = offeredDirections(group, { summary, jumps });
  const units = widths[exploration.layerPair] ?? 1;
  const follow = (change: Partial<OrbitExploration>) => session.chooseOrbit({ ...exploration, ...change });
  return (
    <section className="card" aria-labelledby="orbit-heading">
      <h2 className="panel-heading" id="orbit-heading">
        Orbit explorer
      </h2>
      <p className="note">
        Slide the present point of the steered flow along its orbit: the parameters change, the loss does not.
      </p>
      <SelectField
        label="Orbit group"
        value={exploration.group}
        options={groups.map(({ name, label }) => ({ value: name, label }))}
        onSelect={(name) => follow({ group: name })}
        hint="Whose orbit is followed"
      />
      {widths.length > 1 ? (
        <SelectField
          label="Orbit layer"
          value={String(exploration.layerPair)}
          options={widths.map((width, i) => ({ value: String(i), label: `${i + 1} (${width} units)` }))}
          onSelect={(value) => follow({ layerPair: Number(value) })}
          hint="The hidden layer between the two weight matrices that the group acts on"
        />
      ) : null}
      {directions.length > 1 ? (
        <SelectField
          label="Orbit direction"
          value={exploration.direction}
          options={directions.map((value) => ({ value, label: directionLabels[value] }))}
          onSelect={(direction) => follow({ direction })}
          hint="The generator X of exp(sX)"
        />
      ) : null}
      {exploration.direction === 'unit' && units > 1 ? (
        <NumberField
          label="Orbit unit"
          value={exploration.unit + 1}
          integer
          minimum={1}
          maximum={units}
          onCommit={(unit) => follow({ unit: unit - 1 })}
          hint="Which hidden unit, counted from 1"
        />
      ) : null}
      {exploration.direction === 'random' ? (
        <NumberField
          label="Orbit random number"
          value={exploration.seed}
          integer
          minimum={0}
          onCommit={(seed) => follow({ seed })}
          hint="Another number gives another random direction"
        />
      ) : null}
    </section>
  );
}
