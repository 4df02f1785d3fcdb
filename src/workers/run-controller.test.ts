import { describe, expect, test } from 'vitest';
import { type EngineChoice, EngineLostError, EngineRefusedError } from '../engine/engine.ts';
import type { MlpExperiment } from '../experiment/experiment.ts';
import { createBench, scalarExperiment, steeredTo } from './testing/controller-bench.ts';
import { createFakeEngine } from './testing/fake-engine.ts';

/** Frames of each flow in the messages of a run. */
function counts(bench: ReturnType<typeof createBench>, run?: number): number[] {
  const perFlow = [0, 0, 0, 0];
  for (const { frames } of bench.of('frames', run)) for (const flow of frames.flow) perFlow[flow]!++;
  return perFlow;
}

const others = { first: [1, 2, 3] };

describe('a run', () => {
  test('computes the steered flow first, then the sweep as one batch', async () => {
    const engine = createFakeEngine();
    const bench = createBench(engine);
    bench.run(1, scalarExperiment);
    await bench.idle();
    expect(engine.flows.map(({ count }) => count)).toEqual([1, 3]);
    expect(bench.of('frames').map(({ frames }) => Array.from(frames.flow))).toEqual([
      ...Array(5).fill([0]),
      ...Array(5).fill(others.first),
    ]);
    expect(bench.of('ended').map(({ flow, outcome }) => [flow, outcome.kind])).toEqual(
      [0, 1, 2, 3].map((flow) => [flow, 'completed']),
    );
  });

  test('does not wait for an engine with its steered flow', async () => {
    let choose = (_: EngineChoice) => {};
    const chosen = new Promise<EngineChoice>((resolve) => {
      choose = resolve;
    });
    const [gpu, cpu] = [createFakeEngine('webgpu'), createFakeEngine('cpu')];
    const bench = createBench(gpu, { choose: () => chosen, fallback: cpu });
    bench.run(1, scalarExperiment);
    bench.once(
      () => bench.of('chart').length > 0 && bench.of('ended').length === 1,
      () => choose({ engine: gpu, reason: 'fast', seconds: null }),
    );
    await bench.idle();
    expect([cpu, gpu].map(({ flows }) => flows.map(({ count }) => count))).toEqual([[1], [3]]);
    expect(bench.of('engine').map(({ engine }) => [engine.kind, engine.reason])).toEqual([
      ['webgpu', 'fast; steered flow on the cpu'],
    ]);
  });

  test('lets the sweep take turns with a steered flow that needs long', async () => {
    const clock = { advance: () => {} };
    const engine = createFakeEngine('cpu', { beforeChunk: () => clock.advance() });
    const bench = createBench(engine);
    clock.advance = () => {
      bench.clock.time += 300;
    };
    bench.run(1, scalarExperiment);
    await bench.idle();
    const turns = bench.of('frames').map(({ frames }) => (frames.flow[0] === 0 ? 'steered' : 'sweep'));
    expect(turns.slice(0, 5)).toEqual(['steered', 'steered', 'sweep', 'sweep', 'steered']);
    expect(counts(bench)).toEqual([5, 5, 5, 5]);
  });

  test('exports what computed each flow where that is not the engine of the run', async () => {
    const [gpu, cpu] = [createFakeEngine('webgpu'), createFakeEngine('cpu')];
    const mixed = createBench(gpu, { fallback: cpu });
    mixed.run(1, scalarExperiment);
    await mixed.idle();
    const { provenance, flows } = await mixed.export('none');
    expect(provenance).toMatchObject({ engine: 'webgpu', precision: 'float32' });
    expect(flows.map(({ computedBy }) => computedBy)).toEqual([
      [{ engine: 'cpu', precision: 'float64' }],
      undefined,
      undefined,
      undefined,
    ]);
  });

  test('runs as a whole on an engine that was asked for', async () => {
    const [gpu, cpu] = [createFakeEngine('webgpu'), createFakeEngine('cpu')];
    const bench = createBench(gpu, { fallback: cpu });
    bench.run(1, { ...scalarExperiment, engine: 'webgpu' });
    await bench.idle();
    expect([cpu, gpu].map(({ flows }) => flows.map(({ count }) => count))).toEqual([[], [1, 3]]);
  });

  test('is told in order: started, engine, frames, a final chart, finished', async () => {
    const bench = createBench(createFakeEngine());
    bench.run(1, scalarExperiment);
    await bench.idle();
    const types = bench.posts.map(({ type }) => type);
    expect(types.slice(0, 2)).toEqual(['started', 'engine']);
    expect(types.slice(-3)).toEqual(['chart', 'progress', 'finished']);
    expect(types.lastIndexOf('frames')).toBeLessThan(types.lastIndexOf('chart'));
    expect(types.filter((type) => type === 'finished')).toHaveLength(1);
    const { chart } = bench.of('chart').at(-1)!;
    expect(chart.surface).toMatchObject({ columns: 3 });
    expect(chart.floor!.sharpness.every(Number.isFinite)).toBe(true);
    expect(chart.paths.map(({ flow }) => flow)).toEqual([0, 1, 2, 3]);
  });

  test('keeps the parameters to itself', async () => {
    const bench = createBench(createFakeEngine());
    bench.run(1, scalarExperiment);
    await bench.idle();
    expect(bench.of('frames').every(({ frames }) => frames.parameters.length === 0)).toBe(true);
  });

  test('draws the steered flow as soon as it has frames and again when it ends', async () => {
    const bench = createBench(createFakeEngine());
    bench.run(1, scalarExperiment);
    await bench.idle();
    const types = bench.posts.map(({ type }) => type);
    expect(types.indexOf('chart')).toBe(types.indexOf('frames') + 2);
    const afterSteered = types.slice(types.indexOf('ended'));
    expect(afterSteered.indexOf('chart')).toBeLessThan(afterSteered.indexOf('frames'));
  });

  test('says what it is', async () => {
    const bench = createBench(createFakeEngine());
    bench.run(1, scalarExperiment);
    await bench.idle();
    expect(bench.of('started')[0]!.summary).toMatchObject({
      experiment: scalarExperiment,
      steer: false,
      replay: false,
      flows: [
        { label: 'Q = 0.5', role: 'steered' },
        { label: 'Q = -1', role: 'sweep', q: -1 },
        { label: 'Q = 0', role: 'sweep' },
        { label: 'Q = 1', role: 'sweep' },
      ],
      conserved: [{ layerPair: 0, units: 1, formula: 'homogeneous' }],
      noConservedQuantity: '',
      groups: expect.arrayContaining([
        { name: 'general-linear', label: 'General linear group', symbol: 'GL(h)', refusal: '' },
        expect.objectContaining({ name: 'rotation', refusal: expect.stringMatching(/\.$/) }),
      ]),
      parameterCount: 2,
      samples: 1,
      charts: ['q-valley', 'exact', 'orbit', 'plane'],
    });
  });
});

describe('pace', () => {
  test('progress at most 10 times a second, rising to 1', async () => {
    const bench = createBench(
      createFakeEngine('cpu', {
        chunks: 100,
        beforeChunk: () => {
          bench.clock.time += 16;
        },
      }),
    );
    bench.run(1, scalarExperiment);
    await bench.idle();
    const progress = bench.of('progress');
    expect(progress.length).toBeGreaterThan(10);
    expect(progress.length).toBeLessThanOrEqual(bench.clock.time / 100 + 2);
    const fractions = progress.map(({ fraction }) => fraction);
    expect(fractions).toEqual([...fractions].sort((a, b) => a - b));
    expect(progress.at(-1)).toMatchObject({ fraction: 1, steps: 400 });
  });

  test('previews take at most a fifth of the time, however slow they are', async () => {
    let drawing = 0;
    const bench = createBench(
      createFakeEngine('cpu', {
        chunks: 400,
        beforeChunk: () => {
          bench.clock.time += 16;
        },
        onLoss: () => {
          drawing += 300;
          bench.clock.time += 300;
        },
      }),
    );
    bench.run(1, scalarExperiment);
    bench.once(
      () => counts(bench)[1]! >= 380,
      () => {
        const charts = bench.of('chart').length;
        expect(charts).toBeGreaterThan(3);
        expect(drawing).toBeLessThan(0.25 * bench.clock.time);
      },
    );
    await bench.idle();
    expect.assertions(2);
  });
});

describe('cancelling', () => {
  test('takes effect within one chunk', async () => {
    const engine = createFakeEngine('cpu', { chunks: 50 });
    const bench = createBench(engine);
    bench.run(1, scalarExperiment);
    bench.once(
      () => counts(bench)[1] === 7,
      () => bench.send({ type: 'cancel' }),
    );
    await bench.idle();
    expect(counts(bench)).toEqual([50, 8, 8, 8]);
    expect(bench.of('ended').map(({ outcome }) => outcome.kind)).toEqual([
      'completed',
      'cancelled',
      'cancelled',
      'cancelled',
    ]);
    expect(bench.posts.at(-1)!.type).toBe('finished');
  });

  test('also ends flows that have not begun', async () => {
    const bench = createBench(createFakeEngine('cpu', { chunks: 50 }));
    bench.run(1, scalarExperiment);
    bench.once(
      () => counts(bench)[0] === 3,
      () => bench.send({ type: 'cancel' }),
    );
    await bench.idle();
    expect(counts(bench)).toEqual([4, 1, 1, 1]);
    expect(bench.of('ended').map(({ outcome }) => outcome.kind)).toEqual(Array(4).fill('cancelled'));
  });

  test('does not wait for an engine', async () => {
    const never = new Promise<EngineChoice>(() => {});
    const bench = createBench(createFakeEngine(), { choose: () => never });
    bench.run(1, scalarExperiment);
    await new Promise((resolve) => setImmediate(resolve));
    bench.send({ type: 'cancel' });
    await bench.idle();
    expect(bench.of('ended')).toHaveLength(4);
    expect(bench.posts.at(-1)!.type).toBe('finished');
  });

  test('a run and its cancellation may arrive together', async () => {
    const bench = createBench(createFakeEngine());
    bench.run(1, scalarExperiment);
    bench.send({ type: 'cancel' });
    await bench.idle();
    expect(counts(bench)).toEqual([1, 1, 1, 1]);
    expect(bench.posts.at(-1)!.type).toBe('finished');
  });
});

describe('steering', () => {
  test('starts the steered flow anew and does not lose an unfinished sweep', async () => {
    const engine = createFakeEngine('cpu', { chunks: 20 });
    const bench = createBench(engine);
    bench.run(1, scalarExperiment);
    bench.once(
      () => counts(bench)[1] === 7,
      () => bench.run(2, steeredTo(-0.5)),
    );
    await bench.idle();
    expect(engine.flows.map(({ count, given }) => [count, given])).toEqual([
      [1, 20],
      [3, 20],
      [1, 20],
    ]);
    expect(bench.of('started', 2)[0]!.summary).toMatchObject({
      steer: true,
      flows: [{ label: 'Q = -0.5' }, {}, {}, {}],
    });
    expect(counts(bench, 1)).toEqual([20, 7, 7, 7]);
    expect(counts(bench, 2)).toEqual([20, 13, 13, 13]);
    const order = bench.of('frames', 2).map(({ frames }) => frames.flow[0]);
    expect(order).toEqual([...Array(20).fill(0), ...Array(13).fill(1)]);
    expect(bench.of('finished').map(({ run }) => run)).toEqual([2]);
  });

  test('does not compute the surface again', async () => {
    let losses = 0;
    const bench = createBench(
      createFakeEngine('cpu', {
        onLoss: (count) => {
          losses += count;
        },
      }),
    );
    bench.run(1, scalarExperiment);
    await bench.idle();
    const before = bench.of('chart').at(-1)!.chart;
    losses = 0;
    bench.run(2, steeredTo(-0.5));
    await bench.idle();
    const after = bench.of('chart').at(-1)!.chart;
    expect(losses).toBe(0);
    expect(after.surface).toEqual(before.surface);
    expect(after.floor).toEqual(before.floor);
    expect(after.paths[0]!.x[0]).toBeCloseTo(-0.5);
    expect(after.paths.slice(1)).toEqual(before.paths.slice(1));
  });

  test('twice in a row: the first steered flow is given up', async () => {
    const engine = createFakeEngine('cpu', { chunks: 20 });
    const bench = createBench(engine);
    bench.run(1, scalarExperiment);
    bench.once(
      () => counts(bench)[0] === 3,
      () => bench.run(2, steeredTo(0.1)),
    );
    bench.once(
      () => counts(bench, 2)[0] === 3,
      () => bench.run(3, steeredTo(0.2)),
    );
    await bench.idle();
    expect(engine.flows.map(({ given, over }) => [given, over])).toEqual([
      [3, true],
      [3, true],
      [20, true],
      [20, true],
    ]);
    expect(counts(bench, 3)).toEqual([20, 20, 20, 20]);
  });

  test('restart computes every flow anew', async () => {
    const engine = createFakeEngine();
    const bench = createBench(engine);
    bench.run(1, scalarExperiment);
    await bench.idle();
    bench.run(2, scalarExperiment, true);
    await bench.idle();
    expect(bench.of('started', 2)[0]!.summary.steer).toBe(false);
    expect(counts(bench, 2)).toEqual([5, 5, 5, 5]);
  });
});

describe('a newer run', () => {
  test('supersedes at a chunk boundary', async () => {
    const engine = createFakeEngine('cpu', { chunks: 20 });
    const bench = createBench(engine);
    bench.run(1, scalarExperiment);
    bench.once(
      () => counts(bench)[1] === 7,
      () => bench.run(2, { ...scalarExperiment, title: 'other' }),
    );
    await bench.idle();
    expect(counts(bench, 1)).toEqual([20, 7, 7, 7]);
    expect(counts(bench, 2)).toEqual([20, 20, 20, 20]);
    expect(engine.flows.every(({ over }) => over)).toBe(true);
    const types = bench.posts.map((message) => ('run' in message ? message.run : 0));
    expect(types).toEqual([...types].sort());
    expect(bench.of('finished').map(({ run }) => run)).toEqual([2]);
  });

  test('that cannot start leaves the running one alone', async () => {
    const bench = createBench(createFakeEngine('cpu', { chunks: 20 }));
    bench.run(1, scalarExperiment);
    bench.once(
      () => counts(bench)[1] === 7,
      () =>
        bench.run(2, {
          ...scalarExperiment,
          architecture: { ...scalarExperiment.architecture, widths: [1, 512, 512, 512, 1] },
          initialisation: { kind: 'he', seed: 1, replicas: 255 },
          record: { count: 1000, spacing: 'linear', parameters: 'all' },
        }),
    );
    await bench.idle();
    expect(bench.of('failed')).toEqual([
      { type: 'failed', run: 2, message: expect.stringMatching(/memory.*smaller widths/) },
    ]);
    expect(counts(bench, 1)).toEqual([20, 20, 20, 20]);
    expect(bench.of('finished').map(({ run }) => run)).toEqual([1]);
  });

  test('cuts a slow chart short', async () => {
    const engine = createFakeEngine('cpu', {
      onLoss: () => {
        bench.clock.time += 60;
      },
    });
    const bench = createBench(engine);
    bench.run(1, scalarExperiment);
    bench.once(
      () => counts(bench)[3] === 5 && bench.of('ended').length === 4,
      () => bench.run(2, { ...scalarExperiment, title: 'other' }),
    );
    await bench.idle();
    expect(bench.of('finished').map(({ run }) => run)).toEqual([2]);
  });
});

describe('charts', () => {
  test('another chart is drawn at once, also after the end', async () => {
    const bench = createBench(createFakeEngine('cpu', { chunks: 20 }));
    bench.run(1, scalarExperiment);
    bench.once(
      () => counts(bench)[1] === 7,
      () => bench.send({ type: 'chart', chart: 'exact' }),
    );
    await bench.idle();
    expect(bench.of('chart').at(-1)!.chart.kind).toBe('exact');
    bench.send({ type: 'chart', chart: 'plane' });
    await bench.idle();
    expect(bench.of('chart').at(-1)!.chart.kind).toBe('plane');
    expect(bench.of('finished')).toHaveLength(1);
  });

  test('one that does not fit gives way to the first that does', async () => {
    const bench = createBench(createFakeEngine());
    bench.send({
      type: 'run',
      run: 1,
      experiment: {
        ...scalarExperiment,
        architecture: { ...scalarExperiment.architecture, widths: [1, 2, 1] },
        initialisation: { kind: 'he', seed: 1 },
      },
      chart: 'exact',
    });
    await bench.idle();
    expect(bench.of('chart').at(-1)!.chart.kind).toBe('q-valley');
  });
});

describe('trouble', () => {
  test('a lost engine is named and the fallback goes on', async () => {
    const lost = createFakeEngine('webgpu', {
      beforeChunk: ({ count, given }) => {
        if (count === 3 && given === 2) throw new EngineLostError('The graphics device was lost.');
      },
    });
    const fallback = createFakeEngine('cpu');
    const bench = createBench(lost, { fallback });
    bench.run(1, scalarExperiment);
    await bench.idle();
    expect(bench.of('engine').map(({ engine }) => engine.kind)).toEqual(['webgpu', 'cpu']);
    expect(bench.of('engine').at(-1)!.engine.message).toMatch(/device was lost/);
    expect(bench.of('ended').map(({ outcome }) => outcome.kind)).toEqual(Array(4).fill('completed'));
    expect(bench.of('finished')).toHaveLength(1);
  });

  test.each([
    ['webgpu', 'no WebGPU adapter', 'The run uses the cpu engine: no WebGPU adapter.'],
    ['auto', 'no WebGPU adapter', ''],
    ['auto', 'self-test failed: off by 1', 'The run uses the cpu engine: self-test failed: off by 1.'],
  ] as const)('asked for %s, cpu chosen because of %s', async (wanted, reason, message) => {
    const engine = createFakeEngine('cpu');
    const bench = createBench(engine, { choose: async () => ({ engine, reason, seconds: null }) });
    bench.run(1, { ...scalarExperiment, engine: wanted });
    await bench.idle();
    expect(bench.of('engine')[0]!.engine).toMatchObject({ reason, message });
  });

  test.each([
    ['an unexpected error', new TypeError('x is not a function'), /unexpected error \(x is not a function\)/],
    ['memory', new RangeError('Array buffer allocation failed'), /memory.*smaller widths/],
  ])('%s ends the run with a sentence, and the next one works', async (_, error, words) => {
    let broken = true;
    const engine = createFakeEngine('cpu', {
      beforeChunk: ({ count, given }) => {
        if (broken && count === 3 && given === 2) throw error;
      },
    });
    const bench = createBench(engine);
    bench.run(1, scalarExperiment);
    await bench.idle();
    expect(bench.of('failed').map(({ message }) => message)).toEqual([expect.stringMatching(words)]);
    expect(bench.of('ended').map(({ outcome }) => outcome.kind)).toEqual([
      'completed',
      'failed',
      'failed',
      'failed',
    ]);
    broken = false;
    bench.run(2, steeredTo(0.1));
    await bench.idle();
    expect(counts(bench, 2)).toEqual([5, 5, 5, 5]);
    expect(bench.of('finished', 2)).toHaveLength(1);
  });

  test('no engine at all is a failed run', async () => {
    const bench = createBench(createFakeEngine(), { choose: () => Promise.reject(new Error('no engine')) });
    bench.run(1, scalarExperiment);
    await bench.idle();
    expect(bench.of('failed')[0]!.message).toMatch(/no engine/);
  });
});

describe('how long it takes', () => {
  const slow = (seconds: number | null, milliseconds: number, chunks = 20) => {
    const engine = createFakeEngine('webgpu', {
      chunks,
      beforeChunk: () => (bench.clock.time += milliseconds),
    });
    const bench = createBench(engine, {
      choose: async () => ({ engine, reason: 'the only one', seconds }),
      fallback: createFakeEngine('cpu'),
    });
    return bench;
  };
  const alone: MlpExperiment = { ...scalarExperiment, engine: 'webgpu' };

  test('is said before the run, and counted down while it runs', async () => {
    const bench = slow(8, 200);
    bench.run(1, alone);
    await bench.idle();
    const types = bench.posts.map(({ type }) => type);
    expect(bench.of('engine')[0]!.engine.seconds).toBe(8);
    expect(types.indexOf('engine')).toBeLessThan(types.indexOf('frames'));
    const left = bench.of('progress').map(({ remaining }) => remaining!);
    // Forty chunks of 0.2 s, as was expected.
    expect(left[0]).toBeCloseTo(7.8, 1);
    for (const [i, seconds] of left.slice(1).entries()) expect(seconds).toBeLessThanOrEqual(left[i]! + 0.05);
    expect(left.at(-1)).toBeLessThan(0.2);
  });

  test('is measured where the expectation was wrong', async () => {
    const bench = slow(2, 200, 40);
    bench.run(1, alone);
    await bench.idle();
    const left = bench.of('progress').map(({ remaining }) => remaining!);
    const halfway = left[Math.floor(left.length / 2)]!;
    expect(halfway).toBeGreaterThan(4);
    expect(halfway).toBeLessThan(12);
  });

  test('is unknown where nothing was expected, until it has been seen for a while', async () => {
    const bench = slow(null, 200);
    bench.run(1, alone);
    await bench.idle();
    const left = bench.of('progress').map(({ remaining }) => remaining);
    expect(left[0]).toBeNull();
    expect(left.at(-2)).toBeGreaterThan(0);
  });

  test('decides whether the steered flow waits for an engine: one that would take minutes does', async () => {
    const [gpu, cpu] = [createFakeEngine('webgpu'), createFakeEngine('cpu')];
    const bench = createBench(gpu, { fallback: cpu });
    const steps = 1e9;
    bench.run(1, { ...scalarExperiment, flow: { integrator: 'gradient-descent', stepSize: 1e-9, steps } });
    await bench.idle();
    expect([cpu, gpu].map(({ flows }) => flows.map(({ count }) => count))).toEqual([[], [1, 3]]);
  });

  test('what no engine can run fails with the sentence of the engines', async () => {
    const sentence = 'The run would take 3 GiB of memory and at most 1 GiB are allowed: use fewer flows.';
    const refused = () => Promise.reject(new EngineRefusedError(sentence));
    const bench = createBench(createFakeEngine(), { choose: refused });
    bench.run(1, alone);
    await bench.idle();
    expect(bench.of('failed')).toEqual([{ type: 'failed', run: 1, message: sentence }]);
  });
});
