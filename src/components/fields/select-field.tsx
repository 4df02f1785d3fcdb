import { useId } from 'react';
import { Field } from './field.tsx';

export interface Option<T extends string> {
  readonly value: T;
  readonly label: string;
  readonly disabled?: boolean;
}

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
        {options.map((option) => (
          <option key={option.value} value={option.value} disabled={option.disabled ?? false}>
            {option.label}
          </option>
        ))}
      </select>
    </Field>
  );
}
