import * as z from 'zod/mini';
import { DocumentError, formatPath, within } from './document-error.ts';
import type { Experiment } from './experiment.ts';
import { limits } from './limits.ts';
import { migrate, type RawDocument } from './migrate.ts';
import { checkExperiment } from './rules.ts';
import { experimentSchema } from './schema.ts';
import { alternatives, inWords, predicate } from './sentence.ts';
import type { Trajectory } from './trajectory.ts';
import { checkTrajectory } from './trajectory-rules.ts';
import { trajectorySchema } from './trajectory-schema.ts';

const experimentType = 'orbitscape/experiment';
const trajectoryType = 'orbitscape/trajectory';

/** Validates an experiment document of any version. Throws DocumentError naming the first wrong field. */
export function parseExperiment(value: unknown): Experiment {
  const document = typedDocument(value, [experimentType]);
  const experiment: Experiment = parse(experimentSchema, migrate(document));
  checkExperiment(experiment);
  return experiment;
}

/** Validates a trajectory document of any version. Throws DocumentError naming the first wrong field. */
export function parseTrajectory(value: unknown): Trajectory {
  const document = migrate(typedDocument(value, [trajectoryType]));
  const experiment = within('experiment', () =>
    migrate(typedDocument(document.experiment, [experimentType])),
  );
  const trajectory: Trajectory = parse(trajectorySchema, { ...document, experiment });
  checkTrajectory(trajectory);
  return trajectory;
}

/** Reads the text of a file: an experiment or a trajectory. Throws DocumentError. */
export function parseDocument(text: string): Experiment | Trajectory {
  const document = typedDocument(parseJson(text), [experimentType, trajectoryType]);
  return document.type === experimentType ? parseExperiment(document) : parseTrajectory(document);
}

/** Parses JSON. Throws DocumentError when the text is too long or not JSON. */
export function parseJson(text: string): unknown {
  checkFileSize(text.length);
  const json = text.replace(/^\uFEFF/, '');
  if (json.trim() === '')
    throw new DocumentError('', 'The file is empty: choose an experiment or a trajectory in JSON.');
  try {
    return JSON.parse(json);
  } catch (error) {
    const reason = error instanceof Error ? error.message.replace(/\s+/g, ' ').slice(0, 120) : '';
    throw new DocumentError(
      '',
      `The file is not JSON (${reason}): choose an experiment or a trajectory saved by this application.`,
    );
  }
}

/** Refuses a file before it is read. `bytes` is its length. */
export function checkFileSize(bytes: number): void {
  if (bytes <= limits.fileBytes) return;
  throw new DocumentError(
    '',
    `The file has ${mebibytes(bytes)} MiB and at most ${mebibytes(limits.fileBytes)} MiB can be opened: record fewer frames, or export without all parameters.`,
  );
}

/** A document as the text of a file. Throws DocumentError when it is too long to be opened again. */
export function documentText(document: Experiment | Trajectory): string {
  const text = `${JSON.stringify(document)}\n`;
  checkFileSize(text.length);
  return text;
}

const mebibytes = (bytes: number): string =>
  (bytes / 2 ** 20).toFixed(bytes < 100 * 2 ** 20 ? 1 : 0).replace(/\.0$/, '');

function typedDocument(value: unknown, types: readonly string[]): RawDocument {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new DocumentError(
      '',
      `The document must be an object with a type, but it is ${inWords(value)}: choose an experiment or a trajectory.`,
    );
  }
  const type = Object.hasOwn(value, 'type') ? (value as RawDocument).type : undefined;
  if (typeof type !== 'string' || !types.includes(type)) {
    throw new DocumentError('type', `type must be ${alternatives(types)}, but it is ${inWords(type)}.`);
  }
  return value as RawDocument;
}

/** Runs a schema; the first issue, a misspelt field before all others, becomes the error. */
function parse<T>(schema: z.ZodMiniType<T>, document: RawDocument): T {
  const result = z.safeParse(schema, document, { error: predicate });
  if (result.success) return result.data;
  const { issues } = result.error;
  const issue = issues.find(({ code }) => code === 'unrecognized_keys') ?? issues[0]!;
  const path = formatPath(issue.code === 'unrecognized_keys' ? [...issue.path, issue.keys[0]!] : issue.path);
  throw new DocumentError(path, `${path} ${issue.message}.`.replace(/([?.])\.$/, '$1'));
}
