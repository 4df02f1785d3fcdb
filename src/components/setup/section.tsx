import { type ReactNode, useId } from 'react';
import { type Option, Options } from '../fields/options.tsx';

interface SectionProps {
  readonly title: string;
  /** At the right end of the heading. */
  readonly beside?: ReactNode;
  readonly children: ReactNode;
}

/** A titled group of the set-up column. */
export function Section({ title, beside, children }: SectionProps) {
  return (
    <section className="section">
      <div className="section-head">
        <h2 className="panel-heading">{title}</h2>
        {beside}
      </div>
      {children}
    </section>
  );
}

interface ChoiceSectionProps<T extends string> extends Omit<SectionProps, 'beside'> {
  readonly value: T;
  readonly options: readonly Option<T>[];
  readonly onSelect: (value: T) => void;
  readonly hint: string;
}

/** A group whose heading is a choice; what belongs to the choice follows. */
export function ChoiceSection<T extends string>({
  title,
  value,
  options,
  onSelect,
  hint,
  children,
}: ChoiceSectionProps<T>) {
  const id = useId();
  return (
    <section className="section">
      <div className="field field-heading" title={hint}>
        <h2 className="panel-heading">
          <label htmlFor={id}>{title}</label>
        </h2>
        <div className="field-control">
          <select
            id={id}
            className="select"
            value={value}
            onChange={(event) => onSelect(event.target.value as T)}
          >
            <Options options={options} />
          </select>
        </div>
      </div>
      {children}
    </section>
  );
}
