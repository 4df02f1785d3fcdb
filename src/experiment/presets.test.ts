import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { createCpuEngine } from '../engine/cpu/cpu-engine.ts';
import { teleportingFlow } from '../engine/teleporting.ts';
import type { TakenJump } from '../flow/chunk.ts';
import { defaultExperiment } from './defaults.ts';
import type { Experiment } from './experiment.ts';
import { resolveExperiment } from './resolve.ts';
import { parseExperiment } from './validate.ts';

const folder = new URL('../../public/presets/', import.meta.url);
const read = (file: string): unknown => JSON.parse(readFileSync(new URL(file, folder), 'utf8'));
const index = read('index.json') as { file: string; title: string }[];

/** What one flow of an experiment records: losses, Q of the first layer pair, step numbers, jumps and its outcome. */
async function runFlow(experiment: Experiment, role: 'steered' | 'twin') {
  const { problem, plan, flows, teleportation } = resolveExperiment(experiment);
  const loss: number[] = [];
  const q: number[] = [];
  const step: number[] = [];
  const jumps: TakenJump[] = [];
  const outcomes: string[] = [];
  const batch = { count: 1, parameters: flows.find((flow) => flow.role === role)!.parameters };
  const engine = createCpuEngine();
  const jumping = role === 'steered' ? teleportation?.plan : null;
  const chunks = jumping
    ? teleportingFlow((...run) => engine.flow(...run), problem, batch, plan, jumping)
    : engine.flow(problem, batch, plan);
  for await (const { frames, jumps: taken = [], ended } of chunks) {
    loss.push(...frames.loss);
    step.push(...frames.step);
    const pairs = frames.conserved.length / (frames.count || 1);
    for (let i = 0; i < frames.count; i++) q.push(frames.conserved[i * pairs]!);
    jumps.push(...taken);
    outcomes.push(...ended.map(({ outcome }) => outcome.kind));
  }
  return { loss, q, step, jumps, outcomes };
}

/** The greatest |Q - Q at the start or after the last jump|. */
function driftBetweenJumps({ q, step, jumps }: Awaited<ReturnType<typeof runFlow>>): number {
  return Math.max(
    ...q.map((value, i) => {
      const last = jumps.findLast((jump) => jump.step <= step[i]!);
      return Math.abs(value - (last ? last.jump.after.conserved[0]! : q[0]!));
    }),
  );
}

/** How far down a preset goes that does not reach a millionth of its first loss. */
const floors: Readonly<Record<string, number>> = { 'booth.json': 1e-5 };

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

    it('reaches the floor of the valley, at constant Q between jumps unless it says otherwise', async () => {
      const run = await runFlow(experiment, 'steered');
      const { loss, q, outcomes } = run;
      expect(outcomes).toEqual(['completed']);
      expect(loss.at(-1)! / loss[0]!).toBeLessThan(floors[file] ?? 1e-6);
      const { conserved } = resolveExperiment(experiment);
      if (conserved.length === 0) return expect(q.every((value) => value === undefined)).toBe(true);
      const kept = conserved[0]!.condition.holds;
      expect(kept).toBe(file !== 'tanh-not-conserved.json');
      const drift = driftBetweenJumps(run);
      if (!kept) expect(drift).toBeGreaterThan(0.5);
      else expect(drift).toBeLessThan(experiment.flow.integrator === 'rk4' ? 1e-2 : 1e-7);
    });
  });

  const teleporting = index.filter(({ file }) => parseExperiment(read(file)).teleportations);

  describe.each(teleporting)('$file', ({ file }) => {
    const experiment = parseExperiment(read(file));
    const { objective } = experiment.teleportations!;

    it('jumps at constant loss and does with the objective what it says', async () => {
      const [steered, twin] = [await runFlow(experiment, 'steered'), await runFlow(experiment, 'twin')];
      expect(twin.outcomes).toEqual(['completed']);
      expect(twin.jumps).toEqual([]);
      expect(steered.jumps.length).toBe(file === 'rosenbrock.json' ? 9 : 1);
      for (const { jump } of steered.jumps) {
        const { before, after } = jump;
        expect(Math.abs(after.loss - before.loss)).toBeLessThan(
          1e-10 * before.loss + 1e-16 * steered.loss[0]!,
        );
        expect(jump.displacement).toBeGreaterThan(0);
      }
      const { before, after } = steered.jumps[0]!.jump;
      const [end, twinEnd] = [steered.loss.at(-1)!, twin.loss.at(-1)!];
      switch (objective) {
        case 'gradient-norm':
          expect(after.gradientNorm).toBeGreaterThan(2 * before.gradientNorm);
          return expect(end).toBeLessThan(twinEnd);
        case 'conserved-quantity':
          expect(after.conserved[0]).toBeCloseTo(experiment.teleportations!.target!, 9);
          expect(after.sharpness).toBeLessThan(before.sharpness / 2);
          return expect(end).toBeGreaterThan(twinEnd);
        default:
          expect(objective).toBe('random');
          expect(after.gradientNorm / before.gradientNorm).toBeCloseTo(1, 10);
          expect(after.sharpness / before.sharpness).toBeCloseTo(1, 6);
          return expect(end / twinEnd).toBeCloseTo(1, 6);
      }
    });
  });

  it('teleport Booth once, after which each step multiplies the loss by 0.44²', async () => {
    const { loss } = await runFlow(parseExperiment(read('booth.json')), 'steered');
    for (let step = 4; step < 10; step++) expect(loss[step + 1]! / loss[step]!).toBeCloseTo(0.1936, 6);
  });
});
