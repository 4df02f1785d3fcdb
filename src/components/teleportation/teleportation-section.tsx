import { type TeleportationFields, withTeleportations } from '../../experiment/edit-teleportations.ts';
import type { Experiment, TeleportationsDocument } from '../../experiment/experiment.ts';
import { limits } from '../../experiment/limits.ts';
import { objectiveNames } from '../../symmetry/teleportation/options.ts';
import { Checkbox } from '../fields/checkbox.tsx';
import { NumberField } from '../fields/number-field.tsx';
import { SelectField } from '../fields/select-field.tsx';
import { formatShort, plural } from '../format.ts';
import { useExperiment } from '../session-context.ts';
import { ChoiceSection } from '../setup/section.tsx';
import { useEdit } from '../use-edit.ts';
import { ExactnessNote, GroupField, RefusedGroups } from './group-field.tsx';
import { scheduleChoice, scheduleChoices, scheduleLabels, withScheduleChoice } from './schedule.ts';
import { ScheduleFields } from './schedule-fields.tsx';
import { objectiveWords } from './words.ts';

const objectiveOptions = objectiveNames.map((value) => ({ value, label: objectiveWords[value].label }));

const directionOptions = [
  { value: 'increase', label: 'increase' },
  { value: 'decrease', label: 'decrease' },
] as const;

/** Whether there are flows beside the steered one and its twin. */
const hasOthers = ({ conservedQuantity, initialisation }: Experiment): boolean =>
  conservedQuantity?.sweep !== undefined ||
  (initialisation.kind !== 'explicit' && (initialisation.replicas ?? 0) > 0);

/** When and how flows jump along the orbit of a symmetry. */
export function TeleportationSection() {
  const edit = useEdit();
  const document = useExperiment((experiment) => experiment.teleportations);
  const adaptive = useExperiment(({ flow }) => !('steps' in flow));
  const options = scheduleChoices.map((value) => ({
    value,
    label: scheduleLabels[value],
    disabled: adaptive && (value === 'at' || value === 'every'),
  }));
  return (
    <ChoiceSection
      title="Teleportation"
      value={scheduleChoice(document)}
      options={options}
      onSelect={(schedule) => edit((experiment) => withScheduleChoice(experiment, schedule))}
      hint={
        adaptive
          ? 'When flows jump along the orbit of a symmetry; dormand-prince chooses its own steps, so jumps are at times'
          : 'When flows jump along the orbit of a symmetry'
      }
    >
      {document ? <Fields document={document} /> : null}
    </ChoiceSection>
  );
}

interface FieldsProps {
  readonly document: TeleportationsDocument;
}

function Fields({ document }: FieldsProps) {
  const edit = useEdit();
  const { objective, direction, target = 0, seed = 0, iterations, maximumDistance } = document;
  const { keepStable = true, flows = 'all', twin = true } = document;
  const others = useExperiment(hasOthers);
  const fixed = useExperiment(({ flow }) => 'steps' in flow);
  const change = (changed: Partial<TeleportationFields>) =>
    edit((experiment) => withTeleportations(experiment, changed));
  const { fields, hint } = objectiveWords[objective];
  return (
    <>
      <ScheduleFields document={document} />
      <GroupField value={document.group} onSelect={(group) => change({ group })} />
      <ExactnessNote />
      <SelectField
        label="Objective"
        value={objective}
        options={objectiveOptions}
        onSelect={(name) => change({ objective: name })}
        hint={hint}
      />
      {fields.includes('direction') ? (
        <SelectField
          label="Direction"
          value={direction}
          options={directionOptions}
          onSelect={(way) => change({ direction: way })}
          hint="Which way the jump moves the objective; it never moves it the other way"
        />
      ) : null}
      {fields.includes('target') ? (
        <NumberField
          label="Target Q"
          value={target}
          onCommit={(q) => change({ target: q })}
          hint="The total Q of the first hidden layer to go to"
        />
      ) : null}
      {fields.includes('seed') ? (
        <NumberField
          label="Random directions"
          value={seed}
          integer
          {...limits.seed}
          onCommit={(draw) => change({ seed: draw })}
          hint="The random draw of the directions: the same number gives the same jump"
        />
      ) : null}
      <details className="disclosure">
        <summary title="How far a jump goes at most">
          How far
          <span className="disclosure-value">
            {`${plural(iterations, 'iteration')}, distance ${formatShort(maximumDistance)}`}
          </span>
        </summary>
        <NumberField
          label="Iterations"
          value={iterations}
          integer
          {...limits.iterations}
          onCommit={(count) => change({ iterations: count })}
          hint="Steps of the ascent in the Lie algebra at most"
        />
        <NumberField
          label="Maximum distance"
          value={maximumDistance}
          minimum={0}
          exclusive
          onCommit={(distance) => change({ maximumDistance: distance })}
          hint="Length of the path in the group at most: the gradient norm can grow without bound along an orbit"
        />
        {fixed && objective === 'gradient-norm' && direction === 'increase' ? (
          <Checkbox
            label="Keep fixed steps stable"
            checked={keepStable}
            onChange={(on) => change({ keepStable: on })}
            hint="The jump stops before the valley is too sharp for steps of this size"
          />
        ) : null}
      </details>
      <RefusedGroups />
      {others ? (
        <Checkbox
          label="Steered flow alone jumps"
          checked={flows === 'steered'}
          onChange={(on) => change({ flows: on ? 'steered' : 'all' })}
          hint="The sweep and the replicas flow on as they are, as the context of the jump"
        />
      ) : null}
      <Checkbox
        label="Twin that does not teleport"
        checked={twin}
        onChange={(on) => change({ twin: on })}
        hint="A further flow from the same start without the jumps, drawn dashed"
      />
    </>
  );
}
