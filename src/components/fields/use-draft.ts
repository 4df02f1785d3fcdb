import { type ChangeEvent, type KeyboardEvent, useEffect, useState } from 'react';
import type { Parsed } from '../parse.ts';

/** What a text entry shows: the sentence of a text that cannot be read, and the properties of its input. */
export interface Draft {
  readonly error: string | null;
  readonly input: {
    readonly value: string;
    readonly 'aria-invalid': true | undefined;
    readonly 'aria-describedby': string | undefined;
    onChange(event: ChangeEvent<HTMLInputElement>): void;
    onBlur(): void;
    onKeyDown(event: KeyboardEvent): void;
  };
}

/**
 * A text entry that takes effect on Enter or on leaving it; Escape restores what holds. A text that cannot be read stays
 * where it is with one sentence in the element `${id}-error`, and nothing changes.
 */
export function useDraft<T>(
  id: string,
  value: string,
  parse: (text: string) => Parsed<T>,
  onCommit: (value: T) => void,
): Draft {
  const [draft, setDraft] = useState<string | null>(null);
  const [error, setError] = useState<string | null>(null);
  const restore = () => {
    setDraft(null);
    setError(null);
  };

  // biome-ignore lint/correctness/useExhaustiveDependencies: a new value from elsewhere (slider, undo, preset) replaces a draft.
  useEffect(restore, [value]);

  const commit = () => {
    if (draft === null || draft === value) return restore();
    const parsed = parse(draft);
    if (!parsed.ok) return setError(parsed.error);
    restore();
    onCommit(parsed.value);
  };

  return {
    error,
    input: {
      value: draft ?? value,
      'aria-invalid': error ? true : undefined,
      'aria-describedby': error ? `${id}-error` : undefined,
      onChange: (event) => setDraft(event.target.value),
      onBlur: commit,
      onKeyDown: ({ key }) => {
        if (key === 'Enter') commit();
        if (key === 'Escape') restore();
      },
    },
  };
}
