import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  formatStds,
  formatWidths,
  parseAscending,
  parseNumber,
  parseOptionalNumber,
  parseStds,
  parseWidths,
} from './parse.ts';

const rules = { maximumWidth: 512, minimumLayers: 2, maximumLayers: 6 };
const error = (parsed: { ok: boolean; error?: string }) => (parsed.ok ? '' : (parsed.error ?? ''));

describe('parseWidths', () => {
  it.each(['10-50-5', '10 50 5', '10, 50, 5', '10 – 50 – 5', '10x50x5', ' 10−50−5 '])('reads %s', (text) =>
    expect(parseWidths(text, rules)).toEqual({ ok: true, value: [10, 50, 5] }),
  );

  it.each([
    ['10-a-5', /“a”/],
    ['10-2.5-5', /“2.5”/],
    ['10-50', /3 to 7 entries/],
    ['1-1-1-1-1-1-1-1', /3 to 7 entries/],
    ['10-0-5', /between 1 and 512; 0/],
    ['10-513-5', /between 1 and 512; 513/],
    ['', /entries/],
  ])('refuses %s with one sentence', (text, sentence) => {
    const parsed = parseWidths(text, rules);
    expect(parsed.ok).toBe(false);
    expect(error(parsed)).toMatch(sentence);
  });

  it('is the inverse of formatWidths', () => {
    const widths = fc.array(fc.integer({ min: 1, max: 512 }), { minLength: 3, maxLength: 7 });
    fc.assert(
      fc.property(widths, (value) => {
        expect(parseWidths(formatWidths(value), rules)).toEqual({ ok: true, value });
      }),
      { seed: 1 },
    );
  });

  it('never throws', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const parsed = parseWidths(text, rules);
        expect(parsed.ok || error(parsed).endsWith('.')).toBe(true);
      }),
      { seed: 2 },
    );
  });
});

describe('parseStds', () => {
  it('takes one for all layers', () =>
    expect(parseStds('0.3', 3)).toEqual({ ok: true, value: [0.3, 0.3, 0.3] }));
  it('takes one per layer', () => expect(parseStds('0.3, 0.1', 2)).toEqual({ ok: true, value: [0.3, 0.1] }));
  it('wants as many as there are layers', () => expect(error(parseStds('1 2 3', 2))).toMatch(/2 of them/));
  it('wants none negative', () => expect(error(parseStds('-1', 2))).toMatch(/negative/));
  it('names what is no number', () => expect(error(parseStds('0.3, x', 2))).toMatch(/“x”/));
  it('is written back as short as possible', () => {
    expect(formatStds([0.3, 0.3])).toBe('0.3');
    expect(formatStds([0.3, 0.1])).toBe('0.3, 0.1');
  });
});

describe('parseNumber', () => {
  it.each([
    ['1e-8', 1e-8],
    [' 0.5 ', 0.5],
    ['−2', -2],
    ['.5', 0.5],
  ])('reads %s', (text, value) => expect(parseNumber(text, 'X')).toEqual({ ok: true, value }));

  it.each([
    ['', {}, /X must be a number/],
    ['12 apples', {}, /X must be a number/],
    ['NaN', {}, /X must be a number/],
    ['Infinity', {}, /X must be a number/],
    ['1e999', {}, /X must be a number/],
    ['1.5', { integer: true }, /whole number/],
    ['0', { minimum: 0, exclusive: true }, /greater than 0/],
    ['-1', { minimum: 0 }, /at least 0/],
    ['2', { maximum: 1 }, /at most 1/],
  ])('refuses "%s"', (text, limits, sentence) =>
    expect(error(parseNumber(text, 'X', limits))).toMatch(sentence),
  );

  it('can be left empty where it is optional', () =>
    expect(parseOptionalNumber(' ', 'X')).toEqual({ ok: true, value: undefined }));
});

describe('parseAscending', () => {
  it.each([
    ['100', [100]],
    ['0, 4 10', [0, 4, 10]],
  ])('reads "%s"', (text, value) => expect(parseAscending(text, 'Steps')).toEqual({ ok: true, value }));

  it.each([
    ['', {}, /one or more numbers/],
    ['4, x', {}, /Steps must be a number/],
    ['4, 4', {}, /must ascend; 4 comes after 4/],
    ['5, 4', {}, /must ascend; 4 comes after 5/],
    ['4, 12', { integer: true, maximum: 9 }, /Steps must be at most 9/],
  ])('refuses "%s"', (text, limits, sentence) =>
    expect(error(parseAscending(text, 'Steps', limits))).toMatch(sentence),
  );
});
