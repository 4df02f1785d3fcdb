import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { createCpuEngine } from '../src/engine/cpu/cpu-engine.ts';
import { defaultExperiment } from '../src/experiment/defaults.ts';
import type { MlpExperiment } from '../src/experiment/experiment.ts';
import { parseTrajectory } from '../src/experiment/validate.ts';
import { parseCommand } from './arguments.ts';
import { run } from './run.ts';

const script = fileURLToPath(new URL('../scripts/flow.mjs', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'orbitscape-cli-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Runs the command as a user would, in an empty folder. */
const flow = (words: readonly string[], input = '') =>
  spawnSync(process.execPath, [script, ...words], { cwd: folder, input, encoding: 'utf8' });

const experiment: MlpExperiment = {
  ...defaultExperiment,
  architecture: { kind: 'mlp', widths: [3, 4, 2], activation: 'linear', bias: true },
  conservedQuantity: { kind: 'total', layerPair: 0, value: 1, sweep: { from: -2, to: 2, count: 3 } },
  flow: { integrator: 'gradient-descent', stepSize: 0.05, steps: 40 },
  record: { steps: [0, 10, 40], parameters: 'final' },
};
const engine = createCpuEngine();
const quiet = { update() {}, end() {} };
const never = new AbortController().signal;

describe('npm run flow', () => {
  it('reads standard input and writes the trajectory to standard output, the same each time', async () => {
    const { status, stdout, stderr } = flow(['-'], JSON.stringify(experiment));
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    const trajectory = parseTrajectory(JSON.parse(stdout));
    expect(trajectory.experiment).toEqual(experiment);
    expect(trajectory.provenance).toMatchObject({ engine: 'cpu', precision: 'float64' });
    expect(trajectory.flows.map(({ label }) => label)).toEqual(['Q = 1', 'Q = -2', 'Q = 0', 'Q = 2']);
    expect(trajectory.flows[0]!.frames.step).toEqual([0, 10, 40]);
    expect(trajectory).toEqual(await run(experiment, engine, quiet, never));
  });

  it('runs the experiment inside another document and writes a file whole', () => {
    writeFileSync(join(folder, 'curve.json'), JSON.stringify({ name: 'curve', experiment, expected: {} }));
    const { status, stdout, stderr } = flow(['curve.json', '--out', 'out.json', '--engine', 'cpu']);
    expect({ status, stdout, stderr }).toEqual({ status: 0, stdout: '', stderr: '' });
    const trajectory = parseTrajectory(JSON.parse(readFileSync(join(folder, 'out.json'), 'utf8')));
    expect(trajectory.flows).toHaveLength(4);
    expect(readdirSync(folder).toSorted()).toEqual(['curve.json', 'out.json']);
  });

  it.each<[string, string[], string, RegExp]>([
    ['a missing file', ['missing.json'], '', /^Cannot read missing\.json: there is no such file or folder; /],
    [
      'a wrong field',
      ['-'],
      JSON.stringify({ experiment: { ...experiment, title: 3 } }),
      /^experiment\.title must be text, but it is 3\.\n$/,
    ],
    [
      'a folder that is not there',
      ['-', '--out', 'nowhere/x.json'],
      JSON.stringify(experiment),
      /^Cannot write nowhere\/x\.json: there is no such file/,
    ],
  ])('ends with one sentence for %s', (_, words, input, sentence) => {
    const { status, stdout, stderr } = flow(words, input);
    expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
    expect(stderr).toMatch(sentence);
    expect(stderr.trim().split('\n')).toHaveLength(1);
  });

  it('writes the same bytes whatever the number of threads, and ends', () => {
    // Long enough for the threads to start and take part.
    const long = { ...experiment.flow, steps: 200_000 };
    const [one, three] = ['1', '3'].map((workers) =>
      flow(['-', '--workers', workers], JSON.stringify({ ...experiment, flow: long })),
    );
    expect(three).toMatchObject({ status: 0, stderr: '' });
    expect(three!.stdout).toBe(one!.stdout);
    parseTrajectory(JSON.parse(one!.stdout));
  });

  it('explains itself', () => {
    const { status, stdout } = flow(['--help']);
    expect(status).toBe(0);
    expect(stdout).toMatch(/^Usage: npm run flow -- EXPERIMENT/);
  });
});

describe('parseCommand', () => {
  it('reads the experiment and where to write', () => {
    expect(parseCommand(['a.json', '--out', 'b.json', '--engine=cpu'])).toEqual({
      help: false,
      input: 'a.json',
      out: 'b.json',
      workers: undefined,
    });
    expect(parseCommand(['-', '--workers', '3'])).toEqual({
      help: false,
      input: '-',
      out: undefined,
      workers: 3,
    });
  });

  it.each([
    [[], /^Give the path of an experiment, or - for standard input/],
    [['a', 'b'], /^Give one experiment, not 2/],
    [['-', '--engine', 'webgpu'], /^The command line has the cpu engine only: leave out --engine webgpu/],
    [['-', '--engine', 'abacus'], /^There is no engine "abacus"/],
    [['-', '--workers', '0'], /^--workers must be a whole number from 1 to 256, but it is "0"\.$/],
    [['-', '--workers', 'all'], /^--workers must be a whole number from 1 to 256, but it is "all"\.$/],
    [['-', '--outt', 'x'], /^Unknown option '--outt' \(--help/],
    [['-', '--out'], /^Option .*--out.* \(--help/],
  ])('refuses %j', (words, sentence) => expect(() => parseCommand(words)).toThrow(sentence));
});

describe('run', () => {
  it('writes a flow that diverges with its outcome', async () => {
    const steep: MlpExperiment = {
      ...experiment,
      flow: { integrator: 'gradient-descent', stepSize: 1e6, steps: 40 },
    };
    const { flows } = await run(steep, engine, quiet, never);
    expect(flows[0]!.outcome.kind).toBe('diverged');
    expect(flows[0]!.outcome.message).not.toBe('');
    expect(
      parseTrajectory(JSON.parse(JSON.stringify({ ...(await run(steep, engine, quiet, never)) }))).flows,
    ).toEqual(flows);
  });

  it('keeps no parameters, the ends, or all', async () => {
    const counts = await Promise.all(
      (['none', 'final', 'all'] as const).map(async (parameters) => {
        const { flows } = await run(
          { ...experiment, record: { steps: [0, 10, 40], parameters } },
          engine,
          quiet,
          never,
        );
        const kept = flows[0]!.parameters;
        return [kept.initial.length, kept.final.length, kept.frames?.length];
      }),
    );
    expect(counts).toEqual([
      [0, 0, undefined],
      [2, 2, undefined],
      [2, 2, 3],
    ]);
  });

  it('writes nothing when it is cancelled', async () => {
    await expect(run(experiment, engine, quiet, AbortSignal.abort())).rejects.toThrow(
      'Cancelled: nothing was written.',
    );
  });
});
