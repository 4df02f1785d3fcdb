import type { ReactNode } from 'react';

interface FieldProps {
  readonly id: string;
  readonly label: string;
  /** One sentence on what it does, shown on hover. */
  readonly hint?: string;
  readonly error?: string | null;
  readonly children: ReactNode;
}

/** A row of the set-up: label on the left, control on the right, the error sentence below. */
export function Field({ id, label, hint, error, children }: FieldProps) {
  return (
    <div className="field" title={hint}>
      <label className="field-label" htmlFor={id}>
        {label}
      </label>
      <div className="field-control">{children}</div>
      {error ? (
        <p className="field-error" id={`${id}-error`}>
          {error}
        </p>
      ) : null}
    </div>
  );
}
