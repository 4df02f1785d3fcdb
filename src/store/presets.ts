import * as z from 'zod/mini';
import type { Experiment } from '../experiment/experiment.ts';
import { parseExperiment } from '../experiment/validate.ts';
import type { PresetEntry } from './session-types.ts';

/** Loads the text at a URL; rejects when there is none. */
export type FetchText = (url: string) => Promise<string>;

/** The preset experiments that come with the page. */
export interface Presets {
  list(): Promise<readonly PresetEntry[]>;
  /** Rejects when the file is missing or no valid experiment. */
  load(file: string): Promise<Experiment>;
}

const index = z.array(z.object({ file: z.string(), title: z.string() }));

/** Reads `url`/index.json (once, unless that fails) and the files it names. */
export function createPresets(url: string, fetchText: FetchText): Presets {
  const read = async (file: string): Promise<unknown> => JSON.parse(await fetchText(`${url}/${file}`));
  let listed: Promise<readonly PresetEntry[]> | null = null;
  return {
    list() {
      listed ??= read('index.json')
        .then((entries) => index.parse(entries))
        .catch((error) => {
          listed = null;
          throw error;
        });
      return listed;
    },
    load: async (file) => parseExperiment(await read(file)),
  };
}
