/** One entry of a select. */
export interface Option<T extends string> {
  readonly value: T;
  readonly label: string;
  readonly disabled?: boolean;
  /** One sentence, shown on hover. */
  readonly hint?: string;
  /** Heading above it; neighbours with the same one share it. */
  readonly group?: string;
}

interface OptionsProps<T extends string> {
  readonly options: readonly Option<T>[];
}

/** The entries of a native select, under their headings where they have some. */
export function Options<T extends string>({ options }: OptionsProps<T>) {
  const groups = new Set(options.map(({ group }) => group));
  return [...groups].map((group) => {
    const entries = options.filter((option) => option.group === group);
    const list = entries.map(({ value, label, disabled = false, hint }) => (
      <option key={value} value={value} disabled={disabled} title={hint}>
        {label}
      </option>
    ));
    return group ? (
      <optgroup key={group} label={group}>
        {list}
      </optgroup>
    ) : (
      list
    );
  });
}
