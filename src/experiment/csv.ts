import { DocumentError } from './document-error.ts';
import { limits } from './limits.ts';

/** Explicit data: one row per sample. */
export interface CsvData {
  readonly inputs: number[][];
  readonly targets: number[][];
}

/**
 * Reads typed or pasted rows of numbers; the last `targetColumns` of each row are targets. Columns are separated by
 * semicolons, tabs, commas or spaces (the first of these that the text contains); the decimal mark is a point; blank
 * lines are skipped, and so is a first row without any number. Throws DocumentError naming the row (line of the text) and
 * the column, both from 1.
 */
export function parseCsv(text: string, targetColumns: number): CsvData {
  const separator = separators.find((candidate) => candidate.test(text.trim())) ?? /,/;
  const rows = text
    .split(/\r\n|\r|\n/)
    .map((line, index) => ({ row: index + 1, cells: cellsOf(line, separator) }))
    .filter(({ cells }) => cells.length > 0);
  if (rows.length > 0 && rows[0]!.cells.every(isHeading)) rows.shift();
  const first = rows[0];
  if (!first)
    throw error('There are no rows of numbers: paste one row per sample, inputs first, then targets.');
  const columns = first.cells.length;
  if (columns <= targetColumns) {
    throw error(
      `Row ${first.row} has ${columns} ${columns === 1 ? 'column' : 'columns'}, but ${targetColumns} of targets and at least one of inputs are needed: add columns or lower the number of outputs.`,
    );
  }
  if (columns - targetColumns > limits.width.maximum) {
    throw error(
      `Row ${first.row} has ${columns - targetColumns} inputs and at most ${limits.width.maximum} are possible: remove columns.`,
    );
  }
  if (rows.length > limits.samples.maximum) {
    throw error(
      `There are ${rows.length} rows and at most ${limits.samples.maximum} are possible: remove rows.`,
    );
  }
  const numbers = rows.map(({ row, cells }) => {
    if (cells.length !== columns) {
      throw error(
        `Row ${row} has ${cells.length} columns, but the rows before it have ${columns}: give every row the same number.`,
      );
    }
    return cells.map((cell, index) => numberIn(cell, row, index + 1));
  });
  return {
    inputs: numbers.map((row) => row.slice(0, columns - targetColumns)),
    targets: numbers.map((row) => row.slice(columns - targetColumns)),
  };
}

/** In the order in which they are tried: a text with tabs may hold spaces, not the other way round. */
const separators = [/;/, /\t/, /,/, /\s+/] as const;

const cellsOf = (line: string, separator: RegExp): string[] =>
  line.trim() === ''
    ? []
    : line
        .trim()
        .split(separator)
        .map((cell) => cell.trim().replace(/^"(.*)"$/, '$1'));

const isHeading = (cell: string): boolean => !Number.isFinite(parseNumber(cell));

/** NaN unless the whole cell is a number. */
const parseNumber = (cell: string): number =>
  /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(cell) ? Number(cell) : Number.NaN;

function numberIn(cell: string, row: number, column: number): number {
  const value = parseNumber(cell);
  if (Number.isFinite(value)) return value;
  const found = cell === '' ? 'is empty' : `holds the text "${cell.slice(0, 40)}"`;
  throw error(
    `Row ${row}, column ${column} ${found}, but a number is needed: write it with a decimal point.`,
  );
}

const error = (sentence: string): DocumentError => new DocumentError('data', sentence);
