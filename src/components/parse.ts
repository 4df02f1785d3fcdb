/** The result of reading what a person typed: a value, or one sentence on what to change. */
export type Parsed<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly error: string };

const accepted = <T>(value: T): Parsed<T> => ({ ok: true, value });
const refused = (error: string): { readonly ok: false; readonly error: string } => ({ ok: false, error });

const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;

/** The number in a text that holds nothing else; the typographic minus is understood. NaN when it is none. */
export const toNumber = (text: string): number => {
  const plain = text.trim().replace(/−/g, '-');
  return NUMBER.test(plain) ? Number(plain) : Number.NaN;
};

export interface NumberRules {
  readonly minimum?: number;
  readonly maximum?: number;
  /** The value must exceed the minimum, not equal it. */
  readonly exclusive?: boolean;
  readonly integer?: boolean;
}

/** Reads one number within `rules`. `name` begins the sentence. */
export function parseNumber(text: string, name: string, rules: NumberRules = {}): Parsed<number> {
  const {
    minimum = Number.NEGATIVE_INFINITY,
    maximum = Number.POSITIVE_INFINITY,
    exclusive,
    integer,
  } = rules;
  const value = toNumber(text);
  const kind = integer ? 'a whole number' : 'a number';
  if (!Number.isFinite(value))
    return refused(`${name} must be ${kind}, such as ${integer ? '12' : '0.5 or 1e-8'}.`);
  if (integer && !Number.isSafeInteger(value)) return refused(`${name} must be a whole number.`);
  if (value < minimum || (exclusive && value === minimum))
    return refused(
      exclusive && minimum === 0
        ? `${name} must be greater than 0.`
        : `${name} must be ${exclusive ? 'more than' : 'at least'} ${minimum}.`,
    );
  if (value > maximum) return refused(`${name} must be at most ${maximum}.`);
  return accepted(value);
}

/** An optional number: an empty text is undefined. */
export function parseOptionalNumber(
  text: string,
  name: string,
  rules: NumberRules = {},
): Parsed<number | undefined> {
  return text.trim() === '' ? accepted(undefined) : parseNumber(text, name, rules);
}

const separated = (text: string): string[] => text.split(/[\s,;]+/).filter((part) => part !== '');

export interface WidthRules {
  readonly maximumWidth: number;
  readonly minimumLayers: number;
  readonly maximumLayers: number;
}

/** Reads widths such as '10-50-5', '10, 50, 5' or '10 50 5': one more entry than there are layers. */
export function parseWidths(text: string, rules: WidthRules): Parsed<number[]> {
  const parts = separated(text.replace(/[-–−×x>]+/g, ' '));
  const widths = parts.map(toNumber);
  const bad = parts.find((_, i) => !Number.isInteger(widths[i]));
  if (bad !== undefined) return refused(`Widths must be whole numbers such as 10-50-5; “${bad}” is not one.`);
  const layers = widths.length - 1;
  if (layers < rules.minimumLayers || layers > rules.maximumLayers)
    return refused(
      `Widths need ${rules.minimumLayers + 1} to ${rules.maximumLayers + 1} entries, such as 10-50-5: inputs, hidden layers, outputs.`,
    );
  const outside = widths.find((width) => width < 1 || width > rules.maximumWidth);
  if (outside !== undefined)
    return refused(`Widths must lie between 1 and ${rules.maximumWidth}; ${outside} does not.`);
  return accepted(widths);
}

/** Reads one standard deviation for every layer, or one for all of them. */
export function parseStds(text: string, layers: number): Parsed<number[]> {
  const parts = separated(text);
  const values = parts.map(toNumber);
  const bad = parts.find((_, i) => !Number.isFinite(values[i]));
  if (bad !== undefined)
    return refused(`Standard deviations must be numbers such as 0.3; “${bad}” is not one.`);
  if (values.some((value) => value < 0)) return refused('A standard deviation cannot be negative.');
  if (values.length === 1) return accepted(Array.from({ length: layers }, () => values[0]!));
  if (values.length !== layers)
    return refused(`Give one standard deviation, or ${layers} of them, one per layer.`);
  return accepted(values);
}

/** Reads ascending numbers within `rules`, such as '100, 200'. `name` begins the sentence. */
export function parseAscending(text: string, name: string, rules: NumberRules = {}): Parsed<number[]> {
  const parts = separated(text);
  if (parts.length === 0) return refused(`${name} must be one or more numbers, such as 100, 200.`);
  const values: number[] = [];
  for (const part of parts) {
    const parsed = parseNumber(part, name, rules);
    if (!parsed.ok) return parsed;
    if (parsed.value <= (values.at(-1) ?? Number.NEGATIVE_INFINITY))
      return refused(`${name} must ascend; ${part} comes after ${values.at(-1)}.`);
    values.push(parsed.value);
  }
  return accepted(values);
}

/** '10-50-5'. */
export const formatWidths = (widths: readonly number[]): string => widths.join('-');

/** '0.3' when all layers agree, else '0.3, 0.1'. */
export const formatStds = (stds: readonly number[]): string =>
  stds.every((std) => std === stds[0]) ? String(stds[0] ?? '') : stds.join(', ');
