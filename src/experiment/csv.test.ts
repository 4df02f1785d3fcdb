import { describe, expect, it } from 'vitest';
import { parseCsv } from './csv.ts';

describe('parseCsv', () => {
  const expected = {
    inputs: [
      [1, -2.5],
      [0.001, 4],
    ],
    targets: [[3], [5]],
  };

  it.each([
    ['commas', '1,-2.5,3\n1e-3,4,5'],
    ['semicolons', '1; -2.5; 3\n.001; +4; 5'],
    ['tabs', '1\t-2.5\t3\r\n0.001\t4\t5\r\n'],
    ['spaces', '  1 -2.5   3\n0.001 4 5'],
    ['a header', 'x,y,target\n1,-2.5,3\n0.001,4,5'],
    ['a header of several words', 'first input;second input;target\n1;-2.5;3\n0.001;4;5'],
    ['blank lines', '\n\n1,-2.5,3\n   \n0.001,4,5\n\n'],
    ['quotes', '"1","-2.5","3"\n"0.001","4","5"'],
  ])('reads rows with %s', (_, text) => expect(parseCsv(text, 1)).toEqual(expected));

  it('takes the last columns as targets', () => {
    expect(parseCsv('1,2,3,4', 3)).toEqual({ inputs: [[1]], targets: [[2, 3, 4]] });
  });

  it.each([
    ['', 'There are no rows of numbers: paste one row per sample, inputs first, then targets.'],
    ['a,b', 'There are no rows of numbers: paste one row per sample, inputs first, then targets.'],
    ['1,2,3\n\n1,2', 'Row 3 has 2 columns, but the rows before it have 3: give every row the same number.'],
    [
      '1,2\n1,abc',
      'Row 2, column 2 holds the text "abc", but a number is needed: write it with a decimal point.',
    ],
    ['1,2\n,3', 'Row 2, column 1 is empty, but a number is needed: write it with a decimal point.'],
    ['1,5;2', 'Row 1, column 1 holds the text "1,5", but a number is needed: write it with a decimal point.'],
    [
      '1,2\n1e999,3',
      'Row 2, column 1 holds the text "1e999", but a number is needed: write it with a decimal point.',
    ],
    [
      '1\n2',
      'Row 1 has 1 column, but 1 of targets and at least one of inputs are needed: add columns or lower the number of outputs.',
    ],
  ])('refuses %j', (text, sentence) => expect(() => parseCsv(text, 1)).toThrow(sentence));
});
