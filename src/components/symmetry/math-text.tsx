/** Indices and exponents: 'W_out', '(R>0)^h', '{-1, 1}^h'. */
const marks = /([_^])([A-Za-z0-9]+)/;

interface MathTextProps {
  readonly children: string;
}

/** A formula in plain text, with `_x` lowered and `^x` raised. */
export function MathText({ children }: MathTextProps) {
  const parts = children.split(marks);
  return (
    <span className="math">
      {parts.map((part, i) => {
        if (i % 3 === 1) return null;
        const key = `${i} ${part}`;
        if (i % 3 === 0) return <span key={key}>{part}</span>;
        return parts[i - 1] === '_' ? <sub key={key}>{part}</sub> : <sup key={key}>{part}</sup>;
      })}
    </span>
  );
}
