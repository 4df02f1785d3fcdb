import * as z from 'zod/mini';
import { inWords } from './sentence.ts';

/** A whole number in a range. */
export const whole = ({ minimum, maximum }: { readonly minimum: number; readonly maximum: number }) =>
  z
    .int({
      error: ({ code, input }) =>
        code === 'invalid_type' ? `must be a whole number, but it is ${inWords(input)}` : undefined,
    })
    .check(z.gte(minimum), z.lte(maximum));

/** Text of limited length. */
export const text = (length: number) => z.string().check(z.maxLength(length));

/** A list whose length is checked before its items are, so that a huge list costs nothing. */
export const list = <T extends z.ZodMiniType>(item: T, maximum: number, error?: string) =>
  z.pipe(z.array(z.unknown()).check(z.maxLength(maximum, error)), z.array(item));

/** Finds the first wrong entry: its path within the value and what it should have been. */
type Inspect = (value: readonly unknown[]) => { path: number[]; expected: string } | null;

/**
 * Lists of numbers are the bulk of a document. They are checked by hand and kept as they are: one pass, no copies, and
 * one issue for the first wrong entry.
 */
const numeric = <T>(expected: string, maximum: number, inspect: Inspect) =>
  z
    .custom<T>(Array.isArray, {
      abort: true,
      error: (issue) => `must be ${expected}, but it is ${inWords(issue.input)}`,
    })
    .check((context) => {
      const value = context.value as readonly unknown[];
      const push = (path: number[], message: string) =>
        context.issues.push({ code: 'custom', path, input: value, message });
      if (value.length > maximum) {
        push([], `must have at most ${maximum} entries, but it has ${value.length}`);
        return;
      }
      const wrong = inspect(value);
      if (wrong === null) return;
      const entry = wrong.path.reduce<unknown>((at, index) => (at as readonly unknown[])[index], value);
      push(wrong.path, `must be ${wrong.expected}, but it is ${inWords(entry)}`);
    });

const isNumber = (value: unknown) => Number.isFinite(value);
const isNumberOrNull = (value: unknown) => value === null || Number.isFinite(value);

const entries =
  (valid: (value: unknown) => boolean, expected: string): Inspect =>
  (value) => {
    const index = value.findIndex((entry) => !valid(entry));
    return index < 0 ? null : { path: [index], expected };
  };

const rows =
  (columns: number, expected: string, row: Inspect): Inspect =>
  (value) => {
    for (const [index, entry] of value.entries()) {
      if (!Array.isArray(entry) || entry.length > columns) return { path: [index], expected };
      const wrong = row(entry);
      if (wrong !== null) return { path: [index, ...wrong.path], expected: wrong.expected };
    }
    return null;
  };

const numberEntries = entries(isNumber, 'a finite number');
const nullableEntries = entries(isNumberOrNull, 'a finite number or null');

/** A list of finite numbers. */
export const numbers = (maximum: number) => numeric<number[]>('a list of numbers', maximum, numberEntries);

/** A list of finite numbers or null (a value that was not finite when it was computed). */
export const nullableNumbers = (maximum: number) =>
  numeric<(number | null)[]>('a list of numbers or null', maximum, nullableEntries);

/** Rows of finite numbers. Equal lengths are a rule, not a shape. */
export const matrix = (maximum: number, columns: number) =>
  numeric<number[][]>(
    'a list of rows of numbers',
    maximum,
    rows(columns, `a row of at most ${columns} numbers`, numberEntries),
  );

/** Rows of finite numbers or null. */
export const nullableMatrix = (maximum: number, columns: number) =>
  numeric<(number | null)[][]>(
    'a list of rows of numbers or null',
    maximum,
    rows(columns, `a row of at most ${columns} numbers or null`, nullableEntries),
  );
