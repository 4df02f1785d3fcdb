/** Where a field is: keys and indices from the top of the document. */
export type FieldPath = readonly PropertyKey[];

/** Writes a path the way a person would: `architecture.widths[1]`. Names that are no names are quoted and shortened. */
export function formatPath(path: FieldPath): string {
  return path.reduce<string>((text, key) => {
    if (typeof key === 'number') return `${text}[${key}]`;
    const name = String(key);
    if (!/^[\w-]{1,60}$/.test(name)) return `${text}[${JSON.stringify(name.slice(0, 60))}]`;
    return text === '' ? name : `${text}.${name}`;
  }, '');
}

/**
 * A document that cannot be used. `message` is one sentence for the user: which field, what is wrong, what to do.
 * `path` names the first wrong field, empty when the document as a whole is wrong.
 */
export class DocumentError extends Error {
  override readonly name = 'DocumentError';
  readonly path: string;

  constructor(path: FieldPath | string, sentence: string) {
    super(sentence);
    this.path = typeof path === 'string' ? path : formatPath(path);
  }
}

/** Throws the sentence `PATH PREDICATE.` about a field. */
export function fail(path: FieldPath, predicate: string): never {
  const name = formatPath(path);
  throw new DocumentError(name, `${name} ${predicate}.`);
}

/** '1 row', '3 rows'. */
export const plural = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`;

/** Runs a check of the field `prefix`; the DocumentError that it throws names its field from the top of the document. */
export function within<T>(prefix: string, check: () => T): T {
  try {
    return check();
  } catch (error) {
    if (!(error instanceof DocumentError)) throw error;
    if (error.path === '') throw new DocumentError(prefix, `${prefix}: ${error.message}`);
    throw new DocumentError(`${prefix}.${error.path}`, `${prefix}.${error.message}`);
  }
}
