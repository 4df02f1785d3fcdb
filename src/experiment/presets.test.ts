import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { createCpuEngine } from '../engine/cpu/cpu-engine.ts';
import { defaultExperiment } from './defaults.ts';
import type { Experiment } from './experiment.ts';
import { resolveExperiment } from './resolve.ts';
import { parseExperiment } from './validate.ts';

const folder = new URL('../../public/presets/', import.meta.url);
const read = (file: string): unknown => JSON.parse(readFileSync(new URL(file, folder), 'utf8'));
const index = read('index.json') as { file: string; title: string }[];

/** First and last loss and greatest drift of Q of the steered flow. */
async function runSteered(experiment: Experiment) {
  const { problem, plan, flows } = resolveExperiment(experiment);
  const loss: number[] = [];
  const q: number[] = [];
  const outcomes: string[] = [];
  const batch = { count: 1, parameters: flows[0]!.parameters };
  for await (const { frames, ended } of createCpuEngine().flow(problem, batch, plan)) {
    loss.push(...frames.loss);
    const pairs = frames.conserved.length / frames.count;
    for (let i = 0; i < frames.count; i++) q.push(frames.conserved[i * pairs]!);
    outcomes.push(...ended.map(({ outcome }) => outcome.kind));
  }
  return { loss, drift: Math.max(...q.map((value) => Math.abs(value - q[0]!))), outcomes };
}

describe('presets', () => {
  it('are all in the menu, with their own titles', () => {
    const files = readdirSync(folder).filter((file) => file !== 'index.json');
    expect(index.map(({ file }) => file).toSorted()).toEqual(files.toSorted());
    for (const { file, title } of index) expect((read(file) as Experiment).title).toBe(title);
  });

  it('begin with the experiment that the page opens on', () => {
    expect(parseExperiment(read(index[0]!.file))).toEqual(defaultExperiment);
  });

  describe.each(index)('$file', ({ file }) => {
    const experiment = parseExperiment(read(file));

    it('says what to look for', () => expect(experiment.description).toMatch(/\.$/));

    it('reaches the floor of the valley, at constant Q unless it says otherwise', async () => {
      const { loss, drift, outcomes } = await runSteered(experiment);
      expect(outcomes).toEqual(['completed']);
      expect(loss.at(-1)! / loss[0]!).toBeLessThan(1e-6);
      const conserved = resolveExperiment(experiment).conserved[0]!.condition.holds;
      expect(conserved).toBe(file !== 'tanh-not-conserved.json');
      if (!conserved) expect(drift).toBeGreaterThan(0.5);
      else expect(drift).toBeLessThan(experiment.flow.integrator === 'rk4' ? 1e-2 : 1e-7);
    });
  });
});
