import { parseArgs } from 'node:util';

/** What the command line asks for. */
export interface Options {
  readonly help: boolean;
  /** Names of groups; null: those that run by default. */
  readonly only: readonly string[] | null;
  /** Where the JSON goes. */
  readonly json: string;
  /** Fewer turns of less work: a look, no result. */
  readonly quick: boolean;
  /** Only what computes with WebGPU in Node, on a real adapter where there is one. */
  readonly gpu: boolean;
  /** How long the group "memory" streams. */
  readonly minutes: number;
}

/** Reads the command line. Throws an Error with one sentence when it cannot be understood. */
export function parseOptions(words: readonly string[], groups: readonly string[]): Options {
  const { values } = parseArgs({
    args: [...words],
    options: {
      help: { type: 'boolean', short: 'h', default: false },
      only: { type: 'string' },
      json: { type: 'string', default: 'bench/results/bench.json' },
      quick: { type: 'boolean', default: false },
      gpu: { type: 'boolean', default: false },
      minutes: { type: 'string', default: '10' },
    },
  });
  const only = values.only?.split(',').map((name) => name.trim()) ?? null;
  const unknown = only?.find((name) => !groups.includes(name));
  if (unknown !== undefined) {
    throw new Error(`There is no group "${unknown}": choose from ${groups.join(', ')}.`);
  }
  const minutes = Number(values.minutes);
  if (!(minutes > 0 && Number.isFinite(minutes))) {
    throw new Error(`--minutes takes a number greater than 0, not "${values.minutes}".`);
  }
  return { ...values, only, minutes };
}
