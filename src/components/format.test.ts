import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  formatCount,
  formatEditable,
  formatInteger,
  formatNumber,
  formatShort,
  plural,
  slug,
} from './format.ts';
import { toNumber } from './parse.ts';

const parameters = { seed: 7, numRuns: 300 };

/** Reads a displayed number back. */
function read(text: string): number {
  const [mantissa, power] = text.replaceAll('−', '-').replaceAll('\u2009', '').split('×');
  if (power === undefined) return Number(mantissa);
  const digits = [...power.slice(2)].map((c) => (c === '⁻' ? '-' : String('⁰¹²³⁴⁵⁶⁷⁸⁹'.indexOf(c)))).join('');
  return Number(mantissa) * (power === '10' ? 10 : 10 ** Number(digits));
}

describe('formatNumber', () => {
  it.each([
    [0, '0'],
    [62.5, '62.5'],
    [-2, '−2.00'],
    [0.0302, '0.0302'],
    [12.41, '12.4'],
    [3.02e-6, '3.02×10⁻⁶'],
    [-1.5e12, '−1.50×10¹²'],
    [12_345, '12345'],
    [0.00099996, '0.00100'],
    [Number.NaN, '–'],
    [null, '–'],
    [Number.POSITIVE_INFINITY, '∞'],
    [Number.NEGATIVE_INFINITY, '−∞'],
  ])('%s reads %s', (value, text) => expect(formatNumber(value)).toBe(text));

  it('keeps as many significant digits as asked for', () => {
    fc.assert(
      fc.property(
        fc.double({ min: -1e30, max: 1e30, noNaN: true }).filter((x) => x === 0 || Math.abs(x) > 1e-30),
        fc.integer({ min: 1, max: 7 }),
        (value, digits) => {
          const error = Math.abs(read(formatNumber(value, digits)) - value);
          expect(error).toBeLessThanOrEqual(0.5000001 * 10 ** (1 - digits) * Math.abs(value));
        },
      ),
      parameters,
    );
  });
});

describe('formatShort', () => {
  it.each([
    [62.5, '62.5'],
    [120, '120'],
    [-2, '−2'],
    [1e-6, '10⁻⁶'],
    [-1e-6, '−10⁻⁶'],
    [2.5e-9, '2.5×10⁻⁹'],
    [100_000, '10⁵'],
  ])('%s reads %s', (value, text) => expect(formatShort(value)).toBe(text));
});

describe('other formats', () => {
  it('groups digits from five on', () => {
    expect(formatInteger(1204)).toBe('1204');
    expect(formatInteger(12345)).toBe('12\u2009345');
    expect(formatInteger(-1234567)).toBe('−1\u2009234\u2009567');
  });

  it('counts with prefixes', () => {
    expect(formatCount(1_210_000)).toBe('1.21 M');
    expect(formatCount(999)).toBe('999');
    expect(formatCount(0)).toBe('0');
  });

  it('writes what can be typed back', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
        const typed = toNumber(formatEditable(value, 17));
        expect(typed === value || (typed === 0 && value === 0)).toBe(true);
      }),
      parameters,
    );
  });
  it('writes small numbers the short way', () => {
    expect([1e-5, 2.5e-7, 0.02, 0.001, 0, 1e-8].map((value) => formatEditable(value))).toEqual([
      '1e-5',
      '2.5e-7',
      '0.02',
      '0.001',
      '0',
      '1e-8',
    ]);
  });

  it('makes file names', () => {
    expect(slug('Two-layer tanh, sweep of Q')).toBe('two-layer-tanh-sweep-of-q');
    expect(slug('  ?? ')).toBe('orbitscape');
  });

  it('counts nouns', () => {
    expect(plural(1, 'flow')).toBe('1 flow');
    expect(plural(33, 'flow')).toBe('33 flows');
  });
});
