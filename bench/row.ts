/** One measured figure. `ratio` compares it with `peer`, measured in the same run; both are absent where there is no peer. */
export interface Row {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  readonly peer?: string;
  readonly ratio?: number;
  /** What the row should show, where docs state a bound. */
  readonly bound?: string;
}

/** Median of a sample. */
export const median = (sample: readonly number[]): number => {
  const sorted = [...sample].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
};
