import { availableParallelism } from 'node:os';
import { createCpuEngine } from '../src/engine/cpu/cpu-engine.ts';
import { poolSize } from '../src/engine/cpu/pool/pool-size.ts';
import { createPooledEngine } from '../src/engine/cpu/pool/pooled-engine.ts';
import { DocumentError, within } from '../src/experiment/document-error.ts';
import type { Experiment } from '../src/experiment/experiment.ts';
import { documentText, parseExperiment, parseJson } from '../src/experiment/validate.ts';
import { help, parseCommand } from './arguments.ts';
import { CommandError } from './command-error.ts';
import { readText, writeText } from './files.ts';
import { createProgress } from './progress.ts';
import { run } from './run.ts';
import { spawnPoolWorker } from './spawn-pool-worker.ts';

/** The experiment in a file: the document itself, or the `experiment` field of a trajectory or any other document. */
function experimentIn(document: unknown): Experiment {
  const wrapped =
    typeof document === 'object' &&
    document !== null &&
    Object.hasOwn(document, 'experiment') &&
    (document as { experiment: unknown }).experiment;
  return wrapped ? within('experiment', () => parseExperiment(wrapped)) : parseExperiment(document);
}

async function main(words: readonly string[]): Promise<void> {
  const command = parseCommand(words);
  if (command.help) return writeText(undefined, help);
  const experiment = experimentIn(parseJson(await readText(command.input)));
  const interrupt = new AbortController();
  process.once('SIGINT', () => interrupt.abort());
  const workers = command.workers ?? poolSize(availableParallelism());
  const engine = createPooledEngine(createCpuEngine(), spawnPoolWorker, workers, (sentence) =>
    process.stderr.write(`${sentence}\n`),
  );
  try {
    const trajectory = await run(experiment, engine, createProgress(process.stderr), interrupt.signal);
    await writeText(command.out, documentText(trajectory));
  } finally {
    engine.dispose();
  }
}

main(process.argv.slice(2)).catch((error: unknown) => {
  const expected = error instanceof DocumentError || error instanceof CommandError;
  const sentence = expected
    ? error.message
    : `The run failed: ${error instanceof Error ? error.message : String(error)}`;
  process.stderr.write(`${sentence.replaceAll('\n', ' ')}\n`);
  process.exitCode = 1;
});
