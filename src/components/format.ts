import { formatDecade } from '../view/number-format.ts';

const THIN_SPACE = '\u2009';
const MINUS = '\u2212';

/** Shown where a number does not exist. */
export const ABSENT = '–';

/** An integer in groups of three digits: 12345 -> '12 345'. Four digits stay together. */
export function formatInteger(value: number): string {
  const digits = Math.abs(Math.round(value)).toString();
  const grouped = digits.length > 4 ? digits.replace(/\B(?=(\d{3})+$)/g, THIN_SPACE) : digits;
  return (value < 0 && grouped !== '0' ? MINUS : '') + grouped;
}

/**
 * A number for reading: `digits` significant ones, plain between 0.001 and 100 000, else as m × 10ⁿ.
 * Trailing zeros stay, so that the width does not jump while it changes. null and NaN give a dash.
 */
export function formatNumber(value: number | null | undefined, digits = 3): string {
  if (value === null || value === undefined || Number.isNaN(value)) return ABSENT;
  if (!Number.isFinite(value)) return value > 0 ? '∞' : `${MINUS}∞`;
  if (value === 0) return '0';
  const sign = value < 0 ? MINUS : '';
  const [mantissa, exponentText] = Math.abs(value)
    .toExponential(digits - 1)
    .split('e') as [string, string];
  const exponent = Number(exponentText);
  if (exponent < -3 || exponent > 4) return `${sign}${mantissa}×${formatDecade(exponent)}`;
  return sign + Math.abs(value).toFixed(Math.max(0, digits - 1 - exponent));
}

/** A number without trailing zeros, for labels: 62.5, −2, 10⁻⁶. */
export function formatShort(value: number | null | undefined, digits = 4): string {
  return formatNumber(value, digits)
    .replace(/(\.\d*?)0+(?=×|$)/, '$1')
    .replace(/\.(?=×|$)/, '')
    .replace(/^(−?)1×/, '$1');
}

/**
 * A number as it is typed: ASCII, at most `digits` significant digits, small ones as 1e-5. The inverse of `parseNumber` to
 * that precision.
 */
export function formatEditable(value: number, digits = 12): string {
  const rounded = Number(value.toPrecision(digits));
  const plain = String(rounded);
  const scientific = rounded.toExponential().replace('e+', 'e');
  return Math.abs(rounded) < 1e-3 && scientific.length < plain.length ? scientific : plain;
}

/** A rate or a count with a prefix: 1 210 000 -> '1.21 M'. */
export function formatCount(value: number): string {
  if (!Number.isFinite(value) || value <= 0) return '0';
  const scales: readonly (readonly [number, string])[] = [
    [1e9, 'G'],
    [1e6, 'M'],
    [1e3, 'k'],
  ];
  const scale = scales.find(([size]) => value >= size);
  return scale ? `${(value / scale[0]).toPrecision(3)} ${scale[1]}` : formatInteger(value);
}

/** 'one flow', '33 flows'. */
export const plural = (count: number, noun: string): string =>
  `${formatInteger(count)} ${noun}${count === 1 ? '' : 's'}`;

/** A file name from a title: 'Two-layer tanh, sweep of Q' -> 'two-layer-tanh-sweep-of-q'. */
export const slug = (title: string): string =>
  title
    .toLowerCase()
    .normalize('NFKD')
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 80) || 'orbitscape';
