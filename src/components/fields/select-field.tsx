import { useId } from 'react';
import { Field } from './field.tsx';
import { type Option, Options } from './options.tsx';

interface SelectFieldProps<T extends string> {
  readonly label: string;
  readonly value: T;
  readonly options: readonly Option<T>[];
  readonly onSelect: (value: T) => void;
  readonly hint?: string;
}

/** A native select in a set-up row. */
export function SelectField<T extends string>({
  label,
  value,
  options,
  onSelect,
  hint,
}: SelectFieldProps<T>) {
  const id = useId();
  return (
    <Field id={id} label={label} {...(hint ? { hint } : {})}>
      <select
        id={id}
        className="select"
        value={value}
        onChange={(event) => onSelect(event.target.value as T)}
      >
        <Options options={options} />
      </select>
    </Field>
  );
}
