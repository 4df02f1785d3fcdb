/** What a row should show: its value, or its ratio where it has a peer, against a limit. */
export interface Bound {
  readonly relation: 'at least' | 'at most';
  readonly limit: number;
}

export const atLeast = (limit: number): Bound => ({ relation: 'at least', limit });
export const atMost = (limit: number): Bound => ({ relation: 'at most', limit });

/** One measured figure, or the word on why it was not measured. Plain data: the JSON holds it as it is. */
export interface Row {
  readonly name: string;
  readonly unit: string;
  /** null: not measured, see `note`. */
  readonly value: number | null;
  /** Smallest and largest of the sample that `value` is taken from. */
  readonly valueRange?: readonly [number, number];
  readonly peer?: string;
  /** The peer's figure in the same unit, measured in turns with `value`. */
  readonly peerValue?: number;
  /** How many times as fast as the peer: the median over the turns. */
  readonly ratio?: number;
  readonly ratioRange?: readonly [number, number];
  readonly bound?: Bound;
  /** Whether the bound holds; absent without a bound or a figure. */
  readonly met?: boolean;
  readonly note?: string;
}

/** The row with the verdict on its bound. */
export function judged(row: Omit<Row, 'met'>): Row {
  const figure = row.peer === undefined ? row.value : row.ratio;
  if (!row.bound || figure === undefined || figure === null) return row;
  const { relation, limit } = row.bound;
  return { ...row, met: relation === 'at least' ? figure >= limit : figure <= limit };
}

/** A row that could not be measured. */
export const skipped = (name: string, note: string): Row => ({ name, unit: '', value: null, note });

const digits = (value: number): string =>
  Math.abs(value) >= 1e5 || (value !== 0 && Math.abs(value) < 1e-3)
    ? value.toExponential(2)
    : String(Number(value.toPrecision(3)));

const spread = (range: readonly [number, number] | undefined): string =>
  range ? ` (${digits(range[0])}..${digits(range[1])})` : '';

const cells = (row: Row): string[] => {
  const { name, unit, value, peer, ratio, bound, met, note } = row;
  const figure = value === null ? '-' : `${digits(value)} ${unit}${spread(row.valueRange)}`;
  const against =
    peer === undefined
      ? ''
      : ratio === undefined
        ? peer
        : `${digits(ratio)} × ${peer}${spread(row.ratioRange)}`;
  const verdict = bound ? `${bound.relation} ${digits(bound.limit)}` : '';
  const outcome = met === undefined ? (note ?? '') : `${met ? 'ok' : 'not met'}${note ? `, ${note}` : ''}`;
  return [name, figure, against, verdict, outcome];
};

/** The rows as a text table in columns. */
export function table(rows: readonly Row[]): string {
  const lines = [['row', 'figure', 'times as fast as', 'bound', ''], ...rows.map(cells)];
  const widths = lines[0]!.map((_, column) => Math.max(...lines.map((line) => [...line[column]!].length)));
  const text = lines.map((line) =>
    line
      .map((cell, column) => cell + ' '.repeat(widths[column]! - [...cell].length))
      .join('  ')
      .trimEnd(),
  );
  return [text[0], '-'.repeat(Math.max(...text.map((line) => line.length))), ...text.slice(1)].join('\n');
}
