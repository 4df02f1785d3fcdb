import { useId } from 'react';
import { useDraft } from '../fields/use-draft.ts';
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
  const { error, input } = useDraft(id, value, parse, onCommit);
  return (
    <>
      <input
        className="text-input q-value"
        type="text"
        inputMode="decimal"
        autoComplete="off"
        aria-label={label}
        title="Type an exact value"
        {...input}
      />
      {error ? (
        <p className="field-error" id={`${id}-error`}>
          {error}
        </p>
      ) : null}
    </>
  );
}
