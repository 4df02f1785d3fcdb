import { describe, expect, it } from 'vitest';
import { formatDecade, formatNumber, formatStep } from './number-format.ts';

describe('number formats', () => {
  it('write decades with superscripts', () => {
    expect([-12, -1, 0, 1, 3].map(formatDecade)).toEqual(['10⁻¹²', '10⁻¹', '1', '10', '10³']);
  });

  it('keep the digits that mean something, with a true minus', () => {
    expect([0, 1.5, -0.25, 1234, 12345.6, 0.00123].map((value) => formatNumber(value))).toEqual([
      '0',
      '1.5',
      '−0.25',
      '1230',
      '12300',
      '0.00123',
    ]);
    expect([1e-7, -1.25e9, -1e6].map((value) => formatNumber(value))).toEqual(['10⁻⁷', '−1.25×10⁹', '−10⁶']);
  });

  it('give the ticks of one axis the same decimals', () => {
    expect([0, 0.5, 1, -1.5].map((value) => formatStep(value, 0.5, 1.5))).toEqual([
      '0.0',
      '0.5',
      '1.0',
      '−1.5',
    ]);
    expect(formatStep(-1e-17, 0.02, 1)).toBe('0.00');
    expect(formatStep(2e6, 1e6, 3e6)).toBe('2×10⁶');
  });
});
