import { useEffect, useId, useState } from 'react';
import type { Parsed } from '../parse.ts';

interface QValueProps {
  readonly label?: string;
  readonly value: string;
  readonly parse: (text: string) => Parsed<number>;
  readonly onCommit: (value: number) => void;
}

/** Exact entry of Q or of one q. Works as every text field: Enter or leaving commits, Escape restores. */
export function QValue({ label = 'Q value', value, parse, onCommit }: QValueProps) {
  const id = useId();
  const [draft, setDraft] = useState<string | null>(null);
  const [error, setError] = useState('');
  const restore = () => {
    setDraft(null);
    setError('');
  };
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new value from elsewhere (slider, undo) replaces a draft.
  useEffect(restore, [value]);
  const commit = () => {
    if (draft === null || draft === value) return restore();
    const parsed = parse(draft);
    if (!parsed.ok) return setError(parsed.error);
    restore();
    onCommit(parsed.value);
  };
  return (
    <>
      <input
        className="text-input q-value"
        type="text"
        inputMode="decimal"
        autoComplete="off"
        aria-label={label}
        title="Type an exact value"
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
      {error ? (
        <p className="field-error" id={`${id}-error`}>
          {error}
        </p>
      ) : null}
    </>
  );
}
