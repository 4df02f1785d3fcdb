import type { TeleportationsDocument } from '../../experiment/experiment.ts';
import { Icon } from '../fields/icon.tsx';
import { SelectField } from '../fields/select-field.tsx';
import { useRun } from '../session-context.ts';

interface GroupFieldProps {
  readonly value: TeleportationsDocument['group'];
  readonly onSelect: (value: TeleportationsDocument['group']) => void;
}

/** The group along whose orbits flows jump. Those that do not act on these parameters stay in the menu, disabled, with the reason. */
export function GroupField({ value, onSelect }: GroupFieldProps) {
  const groups = useRun((run) => run.summary?.groups) ?? [];
  return (
    <SelectField
      label="Group"
      value={value}
      options={[
        { value: 'auto', label: 'auto' },
        ...groups.map(({ name, symbol, label, refusal }) => ({
          value: name,
          label: groupName(label, symbol),
          disabled: refusal !== '' && name !== value,
          hint: refusal,
        })),
      ]}
      onSelect={onSelect}
      hint="The symmetry along whose orbit the flow jumps; auto: the first that applies and is exact on these data"
    />
  );
}

/** A label for a narrow menu: the symbol says what the name of the general linear group does. */
const groupName = (label: string, symbol: string): string =>
  label.startsWith('General linear group')
    ? label.replace('General linear group', symbol)
    : `${symbol}, ${label.toLowerCase()}`;

/** Whether the loss is kept exactly at the start of the steered flow, and why. */
export function ExactnessNote() {
  const teleportation = useRun((run) => run.summary?.teleportation);
  if (!teleportation) return null;
  const { exact, message } = teleportation;
  return exact ? (
    <p className="note">{message}</p>
  ) : (
    <p className="note note-warning">
      <Icon name="warning" />
      <span>{message}</span>
    </p>
  );
}

/** Why the other groups of the menu cannot be chosen. */
export function RefusedGroups() {
  const groups = useRun((run) => run.summary?.groups) ?? [];
  const refused = groups.filter(({ refusal }) => refusal !== '');
  if (refused.length === 0) return null;
  return (
    <details className="disclosure">
      <summary title="Why the other groups of the menu cannot be chosen">
        Groups that do not apply
        <span className="disclosure-value">{refused.length}</span>
      </summary>
      <dl className="refusals">
        {refused.map(({ name, label, refusal }) => (
          <div key={name}>
            <dt>{label}</dt>
            <dd>{refusal}</dd>
          </div>
        ))}
      </dl>
    </details>
  );
}
