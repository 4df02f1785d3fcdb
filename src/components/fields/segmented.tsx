import { useId } from 'react';
import type { Option } from './options.tsx';

interface SegmentedProps<T extends string> {
  readonly label: string;
  readonly value: T;
  readonly options: readonly Option<T>[];
  readonly onSelect: (value: T) => void;
  readonly hint?: string;
}

/** A choice among two or three, all in sight: native radio buttons. */
export function Segmented<T extends string>({ label, value, options, onSelect, hint }: SegmentedProps<T>) {
  const name = useId();
  return (
    <fieldset className="segmented" title={hint}>
      <legend className="segmented-legend">{label}</legend>
      {options.map((option) => (
        <label key={option.value} className="segmented-option">
          <input
            type="radio"
            name={name}
            value={option.value}
            checked={option.value === value}
            onChange={() => onSelect(option.value)}
          />
          <span>{option.label}</span>
        </label>
      ))}
    </fieldset>
  );
}
