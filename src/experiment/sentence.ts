import type * as z from 'zod/mini';

/**
 * The known name that a wrong one stands for, or null: the only one that contains it, else the closest (edit distance with
 * swaps at most a third of its length).
 */
export function nearestName(name: string, known: readonly string[]): string | null {
  const containing = known.filter((candidate) => candidate.toLowerCase().includes(name.toLowerCase()));
  if (name.length > 2 && containing.length === 1) return containing[0]!;
  let best: string | null = null;
  let bestDistance = Math.max(1, Math.floor(name.length / 3)) + 1;
  for (const candidate of known) {
    const distance = editDistance(name.toLowerCase(), candidate.toLowerCase(), bestDistance);
    if (distance < bestDistance) {
      best = candidate;
      bestDistance = distance;
    }
  }
  return best;
}

/** Insertions, deletions, substitutions and swaps of neighbours that turn a into b; `enough` when at least that many. */
function editDistance(a: string, b: string, enough: number): number {
  if (Math.abs(a.length - b.length) >= enough) return enough;
  const rows: number[][] = [Array.from({ length: b.length + 1 }, (_, j) => j)];
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const substitution = rows[i - 1]![j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
      row[j] = Math.min(rows[i - 1]![j]! + 1, row[j - 1]! + 1, substitution);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
        row[j] = Math.min(row[j]!, rows[i - 2]![j - 2]! + 1);
      }
    }
    rows.push(row);
  }
  return rows[a.length]![b.length]!;
}

/** 'linear, relu or tanh'. */
export function alternatives(names: readonly unknown[]): string {
  const quoted = names.map((name) => (typeof name === 'string' ? `"${name}"` : String(name)));
  if (quoted.length < 2) return quoted.join('');
  return `${quoted.slice(0, -1).join(', ')} or ${quoted.at(-1)}`;
}

/** What a value is, in words: 'the text "ab"', 'a list', '-3'. */
export function inWords(value: unknown): string {
  if (value === undefined) return 'missing';
  if (value === null) return 'null';
  if (Array.isArray(value)) return value.length === 0 ? 'an empty list' : 'a list';
  if (typeof value === 'object') return 'an object';
  if (typeof value === 'string') {
    return `the text ${JSON.stringify(value.length > 40 ? `${value.slice(0, 40)}…` : value)}`;
  }
  return String(value);
}

const expectations: Record<string, string> = {
  number: 'a finite number',
  int: 'a whole number',
  string: 'text',
  boolean: 'true or false',
  array: 'a list',
  object: 'an object with named fields',
};

/** What follows the field's name in the sentence about a schema issue: 'must be a finite number, but it is null'. */
export function predicate(issue: z.core.$ZodRawIssue): string {
  const given = issue.input === undefined ? ', but it is missing' : `, but it is ${inWords(issue.input)}`;
  switch (issue.code) {
    case 'invalid_type':
      return `must be ${expectations[issue.expected] ?? issue.expected}${given}`;
    case 'too_small':
    case 'too_big': {
      const small = issue.code === 'too_small';
      const bound = small ? issue.minimum : issue.maximum;
      const direction = small ? 'at least' : 'at most';
      if (issue.origin === 'array')
        return `must have ${direction} ${bound} entries, but it has ${lengthOf(issue.input)}`;
      if (issue.origin === 'string') {
        return `must have ${direction} ${bound} characters, but it has ${lengthOf(issue.input)}`;
      }
      if (small && !issue.inclusive) return `must be greater than ${bound}${given}`;
      return `must be ${direction} ${bound}${given}`;
    }
    case 'invalid_value':
      return choose(issue.values, issue.input);
    case 'invalid_union':
      return choose((issue.options as unknown[] | undefined) ?? [], issue.input, issue.discriminator);
    case 'unrecognized_keys': {
      const key = issue.keys[0]!;
      const known = knownKeys(issue.inst);
      const nearest = nearestName(key, known);
      return nearest === null
        ? `is not a known field: remove it (known here: ${known.join(', ')})`
        : `is not a known field: did you mean "${nearest}"?`;
    }
    default:
      return 'is not valid';
  }
}

function choose(options: readonly unknown[], input: unknown, discriminator?: unknown): string {
  const value =
    typeof discriminator === 'string' && typeof input === 'object' && input !== null
      ? (input as Record<string, unknown>)[discriminator]
      : input;
  const rule = `must be ${alternatives(options)}`;
  if (value === undefined) return `${rule}, but it is missing`;
  const names = options.filter((option) => typeof option === 'string');
  const nearest = typeof value === 'string' ? nearestName(value, names) : null;
  return `${rule}, but it is ${inWords(value)}${nearest === null ? '' : `: did you mean "${nearest}"?`}`;
}

const lengthOf = (value: unknown): number => (value as { length: number }).length;

function knownKeys(schema: unknown): string[] {
  const shape = (schema as { _zod?: { def?: { shape?: object } } } | undefined)?._zod?.def?.shape;
  return Object.keys(shape ?? {});
}
