interface CheckboxProps {
  readonly label: string;
  readonly checked: boolean;
  readonly onChange: (checked: boolean) => void;
  readonly hint?: string;
}

/** A native check box with its label after it. */
export function Checkbox({ label, checked, onChange, hint }: CheckboxProps) {
  return (
    <label className="checkbox" title={hint}>
      <input type="checkbox" checked={checked} onChange={(event) => onChange(event.target.checked)} />
      {label}
    </label>
  );
}
