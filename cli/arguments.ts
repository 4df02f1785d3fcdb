import { parseArgs } from 'node:util';
import { CommandError } from './command-error.ts';

/** More threads than this are a misprint. */
const MOST_WORKERS = 256;

export const help = `Usage: npm run flow -- EXPERIMENT [--out FILE] [--engine cpu] [--workers N]

Runs the gradient flows of an experiment without a browser and writes the trajectory as JSON.

  EXPERIMENT     an experiment document, or any document with an "experiment" field (a trajectory runs its
                 experiment again); - reads standard input
  --out FILE     write to FILE instead of standard output
  --engine cpu   the command line has the cpu engine only (float64), whatever the experiment asks for
  --workers N    threads that compute, 1 to ${MOST_WORKERS}; as many as there are processors less one when left out. The
                 numbers are the same whatever N
  --help         show this text

Example: npm run flow -- public/presets/linear-sweep.json --out trajectory.json
`;

export interface Command {
  readonly help: boolean;
  /** Path of the experiment; '-' is standard input. */
  readonly input: string;
  /** Path of the trajectory; undefined is standard output. */
  readonly out: string | undefined;
  /** Threads that compute; undefined: the command chooses. */
  readonly workers: number | undefined;
}

/** Reads the command line. Throws CommandError with one sentence when it cannot be understood. */
export function parseCommand(words: readonly string[]): Command {
  const { values, positionals } = parse(words);
  if (values.help) return { help: true, input: '', out: undefined, workers: undefined };
  if (values.engine !== undefined && values.engine !== 'cpu' && values.engine !== 'auto') {
    throw new CommandError(
      values.engine === 'webgpu'
        ? 'The command line has the cpu engine only: leave out --engine webgpu, or run the experiment in the browser.'
        : `There is no engine "${values.engine}": the command line has the cpu engine only.`,
    );
  }
  const [input, ...rest] = positionals;
  if (input === undefined)
    throw new CommandError('Give the path of an experiment, or - for standard input (--help shows more).');
  if (rest.length > 0)
    throw new CommandError(`Give one experiment, not ${positionals.length} (--help shows more).`);
  return { help: false, input, out: values.out, workers: parseWorkers(values.workers) };
}

function parseWorkers(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const workers = /^\d+$/.test(text) ? Number(text) : 0;
  if (workers < 1 || workers > MOST_WORKERS)
    throw new CommandError(
      `--workers must be a whole number from 1 to ${MOST_WORKERS}, but it is "${text}".`,
    );
  return workers;
}

function parse(words: readonly string[]) {
  try {
    return parseArgs({
      args: [...words],
      allowPositionals: true,
      options: {
        out: { type: 'string', short: 'o' },
        engine: { type: 'string' },
        workers: { type: 'string' },
        help: { type: 'boolean', short: 'h' },
      },
    });
  } catch (error) {
    const reason = error instanceof Error ? error.message.split(/\. /)[0] : String(error);
    throw new CommandError(`${reason?.replace(/\.$/, '')} (--help shows what there is).`);
  }
}
