/** Median of a sample (the mean of the middle two of an even one); NaN of nothing. */
export function median(sample: readonly number[]): number {
  const sorted = [...sample].sort((a, b) => a - b);
  const middle = sorted.length / 2;
  const upper = sorted[Math.floor(middle)] ?? Number.NaN;
  return Number.isInteger(middle) ? (upper + (sorted[middle - 1] ?? Number.NaN)) / 2 : upper;
}

/** Smallest and largest of a sample. */
export const range = (sample: readonly number[]): readonly [number, number] => [
  Math.min(...sample),
  Math.max(...sample),
];

/** The exponent a of y = c x^a: the slope of log y against log x by least squares. NaN of fewer than two sizes. */
export function fittedExponent(sizes: readonly number[], values: readonly number[]): number {
  const x = sizes.map(Math.log);
  const y = values.map(Math.log);
  const mean = (sample: readonly number[]) => sample.reduce((sum, value) => sum + value, 0) / sample.length;
  const [meanX, meanY] = [mean(x), mean(y)];
  const dot = (a: readonly number[], b: readonly number[], meanA: number, meanB: number) =>
    a.reduce((sum, value, i) => sum + (value - meanA) * (b[i]! - meanB), 0);
  return dot(x, y, meanX, meanY) / dot(x, x, meanX, meanX);
}

/**
 * By how much a quantity that is sampled at even times has grown: median of the last fifth over that of the first fifth, less 1. The
 * first tenth is left out, in which caches fill. NaN of fewer than ten samples.
 */
export function growthWithin(samples: readonly number[]): number {
  const { length } = samples;
  if (length < 10) return Number.NaN;
  const fifth = Math.floor(length / 5);
  const from = Math.ceil(length / 10);
  return median(samples.slice(-fifth)) / median(samples.slice(from, from + fifth)) - 1;
}
