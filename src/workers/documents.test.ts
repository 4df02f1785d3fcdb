import { describe, expect, test } from 'vitest';
import type { Trajectory } from '../experiment/trajectory.ts';
import { documentText, parseDocument } from '../experiment/validate.ts';
import type { Chart } from '../landscape/chart.ts';
import { createBench, scalarExperiment } from './testing/controller-bench.ts';
import { createFakeEngine } from './testing/fake-engine.ts';

async function recorded() {
  const bench = createBench(createFakeEngine('webgpu'));
  bench.run(1, scalarExperiment);
  await bench.idle();
  return bench;
}

async function replayed(trajectory: Trajectory) {
  const engine = createFakeEngine();
  const bench = createBench(engine);
  bench.replay(1, parseDocument(documentText(trajectory)) as Trajectory);
  await bench.idle();
  return { bench, engine };
}

const lastChart = (bench: ReturnType<typeof createBench>): Chart => bench.of('chart').at(-1)!.chart;

describe('export', () => {
  test('names the experiment, the engine, and what happened to each flow', async () => {
    const bench = await recorded();
    const trajectory = await bench.export('none');
    expect(trajectory).toMatchObject({
      type: 'orbitscape/trajectory',
      version: 1,
      experiment: scalarExperiment,
      provenance: { engine: 'webgpu', precision: 'float32' },
    });
    expect(trajectory.flows.map(({ label }) => label)).toEqual(['Q = 0.5', 'Q = -1', 'Q = 0', 'Q = 1']);
    const { frames, outcome } = trajectory.flows[1]!;
    expect(outcome.kind).toBe('completed');
    expect(frames.step).toEqual([0, 1, 2, 3, 4]);
    expect(frames.conserved[0]![0]).toBeCloseTo(-1, 12);
    expect(frames.valley!.distance.at(-1)).toBe(0);
    expect(frames.valley!.distance[0]).toBeGreaterThan(0);
  });

  test('holds no parameters, both ends, or every frame', async () => {
    const bench = await recorded();
    const [none, final, all] = [
      await bench.export('none'),
      await bench.export('final'),
      await bench.export('all'),
    ];
    expect(none.flows[0]!.parameters).toEqual({ initial: [], final: [] });
    const ends = final.flows[0]!.parameters;
    // The fake engine halves the parameters.
    expect(ends.final[0]!.weight[0]![0]).toBe(ends.initial[0]!.weight[0]![0]! / 2);
    expect(ends.frames).toBeUndefined();
    expect(all.flows[0]!.parameters).toMatchObject(ends);
    expect(all.flows[0]!.parameters.frames).toHaveLength(5);
  });

  test('works while flows run, and says that they had not ended', async () => {
    const bench = createBench(createFakeEngine('cpu', { chunks: 20 }));
    bench.run(1, scalarExperiment);
    bench.once(
      () => bench.of('frames').length === 25,
      () => bench.send({ type: 'export', request: 1, parameters: 'final' }),
    );
    await bench.idle();
    const { trajectory } = bench.of('exported')[0]!;
    expect(trajectory.flows.map(({ outcome }) => outcome.kind)).toEqual([
      'completed',
      ...Array(3).fill('cancelled'),
    ]);
    expect(parseDocument(documentText(trajectory))).toEqual(trajectory);
  });

  test('is refused in a sentence before there is anything', async () => {
    const bench = createBench(createFakeEngine());
    await expect(bench.export('none')).rejects.toThrow(/no run to export/);
  });
});

describe('replay', () => {
  test.each(['none', 'final', 'all'] as const)('gives back what was imported (%s)', async (parameters) => {
    const trajectory = await (await recorded()).export(parameters);
    const { bench } = await replayed(trajectory);
    for (const asked of [parameters, 'all'] as const) expect(await bench.export(asked)).toEqual(trajectory);
    expect((await bench.export('none')).flows[0]!.parameters).toEqual({ initial: [], final: [] });
  });

  test('computes no flow and says where the numbers come from', async () => {
    const { bench, engine } = await replayed(await (await recorded()).export('final'));
    expect(engine.flows).toEqual([]);
    expect(bench.posts.map(({ type }) => type)).toEqual([
      'started',
      'engine',
      ...Array(4).fill(['frames', 'ended']).flat(),
      'chart',
      'progress',
      'finished',
    ]);
    expect(bench.of('started')[0]!.summary).toMatchObject({ replay: true, steer: false });
    expect(bench.of('engine')[0]!.engine).toMatchObject({ kind: 'webgpu', precision: 'float32' });
  });

  test.each(['final', 'all'] as const)('draws the same picture (%s)', async (parameters) => {
    const original = await recorded();
    const { bench } = await replayed(await original.export(parameters));
    expect(lastChart(bench)).toEqual(lastChart(original));
  });

  test('shows the same numbers', async () => {
    const original = await recorded();
    const { bench } = await replayed(await original.export('none'));
    const numbers = (from: typeof bench) =>
      from
        .of('frames')
        .flatMap(({ frames }) =>
          Array.from(frames.flow, (flow, i) => [
            flow,
            frames.step[i],
            frames.time[i],
            frames.loss[i],
            frames.conserved[i],
          ]),
        );
    expect(numbers(bench)).toEqual(numbers(original).sort((a, b) => a[0]! - b[0]!));
  });

  test('without parameters there are paths, no surface, and a note that says why', async () => {
    const original = await recorded();
    const { bench } = await replayed(await original.export('none'));
    const chart = lastChart(bench);
    expect(chart.surface).toBeNull();
    expect(chart.paths).toEqual(lastChart(original).paths);
    expect(chart.notes.join(' ')).toMatch(/parameters/);
    expect(bench.of('started')[0]!.summary.charts).toEqual(['q-valley']);
  });

  test('an experiment after a replay is computed as a whole', async () => {
    const { bench } = await replayed(await (await recorded()).export('final'));
    bench.run(2, scalarExperiment);
    await bench.idle();
    expect(bench.of('started', 2)[0]!.summary).toMatchObject({ replay: false, steer: false });
    expect(bench.of('ended', 2)).toHaveLength(4);
  });
});
