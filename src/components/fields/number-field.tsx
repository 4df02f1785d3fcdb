import { formatEditable } from '../format.ts';
import { type NumberRules, parseNumber } from '../parse.ts';
import { TextField } from './text-field.tsx';

interface NumberFieldProps extends NumberRules {
  readonly label: string;
  readonly value: number;
  readonly onCommit: (value: number) => void;
  readonly hint?: string;
}

/** A text entry for one number within limits. */
export function NumberField({ label, value, onCommit, hint, ...rules }: NumberFieldProps) {
  return (
    <TextField
      label={label}
      value={formatEditable(value)}
      parse={(text) => parseNumber(text, label, rules)}
      onCommit={onCommit}
      inputMode={rules.integer ? 'numeric' : 'decimal'}
      {...(hint ? { hint } : {})}
    />
  );
}
