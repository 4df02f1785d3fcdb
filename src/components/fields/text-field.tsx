import { useId } from 'react';
import type { Parsed } from '../parse.ts';
import { Field } from './field.tsx';
import { useDraft } from './use-draft.ts';

interface TextFieldProps<T> {
  readonly label: string;
  readonly value: string;
  readonly parse: (text: string) => Parsed<T>;
  readonly onCommit: (value: T) => void;
  readonly hint?: string;
  readonly inputMode?: 'decimal' | 'numeric' | 'text';
  readonly placeholder?: string;
  readonly width?: 'short' | 'long';
}

/** A labelled text entry (see `useDraft`), with its error sentence under it. */
export function TextField<T>({
  label,
  value,
  parse,
  onCommit,
  hint,
  inputMode = 'decimal',
  placeholder,
  width = 'short',
}: TextFieldProps<T>) {
  const id = useId();
  const { error, input } = useDraft(id, value, parse, onCommit);
  return (
    <Field id={id} label={label} error={error} {...(hint ? { hint } : {})}>
      <input
        id={id}
        className={`text-input text-input-${width}`}
        type="text"
        inputMode={inputMode}
        autoComplete="off"
        spellCheck={false}
        placeholder={placeholder}
        {...input}
      />
    </Field>
  );
}
