import { useEffect, useId, useState } from 'react';
import type { Parsed } from '../parse.ts';
import { Field } from './field.tsx';

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

/**
 * A text entry that takes effect on Enter or on leaving it; Escape restores what holds. A text that cannot be read stays
 * where it is with one sentence under it, and nothing changes.
 */
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
  const [draft, setDraft] = useState<string | null>(null);
  const [error, setError] = useState<string | null>(null);
  const restore = () => {
    setDraft(null);
    setError(null);
  };

  // biome-ignore lint/correctness/useExhaustiveDependencies: a new value from elsewhere (undo, preset) replaces a draft.
  useEffect(restore, [value]);

  const commit = () => {
    if (draft === null || draft === value) return restore();
    const parsed = parse(draft);
    if (!parsed.ok) return setError(parsed.error);
    restore();
    onCommit(parsed.value);
  };

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
        value={draft ?? value}
        aria-invalid={error ? true : undefined}
        aria-describedby={error ? `${id}-error` : undefined}
        onChange={(event) => setDraft(event.target.value)}
        onBlur={commit}
        onKeyDown={(event) => {
          if (event.key === 'Enter') commit();
          if (event.key === 'Escape') restore();
        }}
      />
    </Field>
  );
}
