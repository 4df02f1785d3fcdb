import { format } from 'd3-format';

const superscripts = '⁰¹²³⁴⁵⁶⁷⁸⁹';

/** An integer in superscript figures: -3 becomes '⁻³'. */
export function superscript(integer: number): string {
  const digits = [...String(Math.abs(integer))].map((digit) => superscripts[Number(digit)]);
  return (integer < 0 ? '⁻' : '') + digits.join('');
}

/** A power of ten: '1', '10', '10⁻³'. */
export function formatDecade(exponent: number): string {
  if (exponent === 0) return '1';
  return exponent === 1 ? '10' : `10${superscript(exponent)}`;
}

/** A number to `digits` significant figures, without needless zeros, with a true minus: '−0.25', '1.2×10⁶'. */
export function formatNumber(value: number, digits = 3): string {
  if (value === 0) return '0';
  const size = Math.abs(value);
  if (size >= 1e-3 && size < 1e5) return format(`.${digits}~r`)(value);
  const [mantissa, exponent] = format(`.${digits - 1}~e`)(value).split('e');
  const power = `10${superscript(Number(exponent!.replace('−', '-')))}`;
  if (mantissa === '1') return power;
  return mantissa === '−1' ? `−${power}` : `${mantissa}×${power}`;
}

/** Numbers a fixed `step` apart, all with the same decimals: '0.50', '1.00'. Falls back to `formatNumber` far from 1. */
export function formatStep(value: number, step: number, largest: number): string {
  if (largest >= 1e5 || step < 1e-4) return formatNumber(value);
  const decimals = Math.max(0, -Math.floor(Math.log10(step) + 1e-9));
  return format(`.${decimals}f`)(Math.abs(value) < step * 1e-6 ? 0 : value);
}
