import { DocumentError } from './document-error.ts';
import { inWords } from './sentence.ts';

/** A document as it was read: an object whose fields are not known yet. */
export type RawDocument = Readonly<Record<string, unknown>>;

/** Turns a document (experiment or trajectory) of version `from` into one of version `from + 1`, without changing its argument. */
export interface Migration {
  readonly from: number;
  migrate(document: RawDocument): RawDocument;
}

/** How to bring documents of every earlier version to the present one. Version 1 is the first: nothing to do yet. */
export const migrations: readonly Migration[] = [];

/** The version that the application reads and writes. */
export const currentVersion = versionAfter(migrations);

/** The version that a list of migrations ends at. Throws when a number is missing or twice: that is a mistake in the code. */
export function versionAfter(steps: readonly Migration[]): number {
  steps.forEach((step, index) => {
    if (step.from !== index + 1) {
      throw new Error(`Migration ${index + 1} must start from version ${index + 1}, not ${step.from}.`);
    }
  });
  return steps.length + 1;
}

/** Brings a document to the present version. Throws DocumentError when its version is missing, wrong or newer. */
export function migrate(document: RawDocument, steps: readonly Migration[] = migrations): RawDocument {
  const current = versionAfter(steps);
  const version = Object.hasOwn(document, 'version') ? document.version : undefined;
  if (typeof version !== 'number' || !Number.isInteger(version) || version < 1) {
    throw new DocumentError(
      'version',
      `version must be a whole number from 1 to ${current}, but it is ${inWords(version)}.`,
    );
  }
  if (version > current) {
    throw new DocumentError(
      'version',
      `version ${version} is newer than this application reads (${current}): reload the page or install the latest version.`,
    );
  }
  return steps
    .slice(version - 1)
    .reduce<RawDocument>(
      (migrated, step) => ({ ...step.migrate(migrated), version: step.from + 1 }),
      document,
    );
}
