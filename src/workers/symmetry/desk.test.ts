import { describe, expect, test } from 'vitest';
import { createCpuEngine } from '../../engine/cpu/cpu-engine.ts';
import { defaultExperiment } from '../../experiment/defaults.ts';
import type { MlpExperiment } from '../../experiment/experiment.ts';
import { createBench } from '../testing/controller-bench.ts';
import type { AnswerTo, OrbitExploration, SymmetryKind, SymmetryQuestion } from './question.ts';

/** Small enough for every measurement, and steered to a minimum of zero loss. */
const small = (
  activation: MlpExperiment['architecture']['activation'],
  widths = [2, 3, 2],
): MlpExperiment => ({
  ...(defaultExperiment as MlpExperiment),
  title: 'small',
  architecture: { kind: 'mlp', widths, activation, bias: false },
  data: { kind: 'whitened', seed: 3 },
  initialisation: { kind: 'normal', seed: 2, std: [0.5, 0.5] },
  conservedQuantity: { kind: 'total', layerPair: 0, value: 1, sweep: { from: 0, to: 2, count: 2 } },
  flow: { integrator: 'dormand-prince', tolerance: 1e-10, time: 400 },
  record: { count: 20, spacing: 'log', parameters: 'final' },
});

type Bench = ReturnType<typeof createBench>;
let requests = 0;

function post(bench: Bench, question: SymmetryQuestion, run = 1): number {
  const request = ++requests;
  bench.send({ type: 'symmetry-ask', run, request, question });
  return request;
}

/** What came of a request: its answer, or the sentence (possibly empty) with which it failed. */
function outcome(bench: Bench, request: number) {
  const answered = bench.of('symmetry-answer').find((message) => message.request === request);
  const failed = bench.of('symmetry-failed').find((message) => message.request === request);
  expect([answered, failed].filter(Boolean)).toHaveLength(1);
  return answered?.answer ?? failed!.message;
}

async function ask<K extends SymmetryKind>(
  bench: Bench,
  question: Extract<SymmetryQuestion, { kind: K }>,
): Promise<AnswerTo<K>> {
  const request = post(bench, question);
  await bench.idle();
  const found = outcome(bench, request);
  if (typeof found === 'string') throw new Error(found);
  return found as AnswerTo<K>;
}

async function finished(experiment: MlpExperiment): Promise<Bench> {
  const bench = createBench(createCpuEngine());
  bench.run(1, experiment);
  await bench.idle();
  expect(bench.of('failed')).toEqual([]);
  return bench;
}

const exploration: OrbitExploration = {
  group: 'general-linear',
  layerPair: 0,
  direction: 'fastest-q',
  unit: 0,
  seed: 1,
};

describe('the description', () => {
  test.each([
    ['linear', 'general-linear', { generators: 9, laws: 6, presentLaws: 6 }],
    ['relu', 'rescaling', { generators: 3, laws: 3, presentLaws: 3 }],
    ['tanh', 'permutation', { generators: 0, laws: 0, presentLaws: 3 }],
  ] as const)('%s has %s', async (activation, group, predictions) => {
    const { summary, predictions: found } = await ask(await finished(small(activation)), {
      kind: 'description',
      frame: 0,
    });
    expect(summary.groups.find(({ name }) => name === group)!.refusal).toBe('');
    expect(found).toMatchObject(predictions);
  });
});

describe('the measurement', () => {
  test.each(['linear', 'relu', 'tanh'] as const)('agrees with the theory of %s', async (activation) => {
    const { predictions, point, ...measured } = await ask(await finished(small(activation)), {
      kind: 'measurement',
    });
    expect(measured.generators).toMatchObject({ count: predictions.generators });
    expect(measured.laws).toMatchObject({ count: predictions.laws, doubt: null });
    // ReLU on two samples has further laws: those of the units' patterns.
    if (activation === 'relu') return expect(measured.presentLaws).toMatchObject({ count: 7 });
    expect(measured.presentLaws).toMatchObject({ count: predictions.presentLaws });
    expect(point.gradientNorm).toBeLessThan(1e-5);
    expect(measured.hessian).toMatchObject({ count: predictions.hessian });
  });

  test('tells what it does and what it found so far', async () => {
    const bench = await finished(small('linear'));
    const request = post(bench, { kind: 'measurement' });
    await bench.idle();
    const steps = bench.of('symmetry-progress').filter((message) => message.request === request);
    const fractions = steps.map(({ progress }) => progress.fraction);
    expect(fractions).toEqual([...fractions].sort((a, b) => a - b));
    expect(fractions.at(-1)).toBeLessThanOrEqual(1);
    expect(new Set(steps.map(({ progress }) => progress.doing)).size).toBe(4);
    expect(steps.findLast(({ progress }) => progress.sofar)!.progress.sofar).toMatchObject({
      laws: { count: 6 },
      presentLaws: null,
    });
  });

  test('says of a large network what it is too large for', async () => {
    const measured = await ask(await finished(small('linear', [10, 12, 5])), { kind: 'measurement' });
    expect(measured.laws).toMatch(/at most 100 parameters and this one has 180/);
    expect(measured.generators).toMatch(/at most 100 parameters/);
    expect(measured.hessian).toMatchObject({ count: expect.any(Number) });
  });

  test('stops within a piece when it is cancelled, and the run can be asked again', async () => {
    const bench = await finished(small('tanh', [3, 4, 3]));
    const request = post(bench, { kind: 'measurement' });
    bench.once(
      () => bench.of('symmetry-progress').some(({ progress }) => /any data/.test(progress.doing)),
      () => bench.send({ type: 'symmetry-cancel', request }),
    );
    await bench.idle();
    expect(outcome(bench, request)).toBe('');
    expect(await ask(bench, { kind: 'description', frame: 0 })).toMatchObject({ kind: 'description' });
  });

  test('lets the run answer meanwhile', async () => {
    const bench = await finished(small('linear'));
    const request = post(bench, { kind: 'measurement' });
    bench.once(
      () => bench.of('symmetry-progress').length > 0,
      () => bench.send({ type: 'export', request: 1000, parameters: 'none' }),
    );
    await bench.idle();
    const order = bench.posts.map((message) => ('request' in message ? message.request : 0));
    expect(order.indexOf(1000)).toBeGreaterThan(0);
    expect(order.indexOf(1000)).toBeLessThan(order.lastIndexOf(request));
  });
});

describe('questions', () => {
  test('of one kind: the latest wins', async () => {
    const bench = await finished(small('linear'));
    const older = post(bench, { kind: 'description', frame: 0 });
    const newer = post(bench, { kind: 'description', frame: 1 });
    await bench.idle();
    expect(outcome(bench, older)).toBe('');
    expect(outcome(bench, newer)).toMatchObject({ kind: 'description' });
  });

  test('about another run than the present one are given up', async () => {
    const bench = await finished(small('linear'));
    const stale = post(bench, { kind: 'description', frame: 0 }, 7);
    const running = post(bench, { kind: 'measurement' });
    bench.once(
      () => bench.of('symmetry-progress').length > 0,
      () => bench.run(2, small('relu')),
    );
    await bench.idle();
    expect([stale, running].map((request) => outcome(bench, request))).toEqual(['', '']);
  });

  test('about what an imported trajectory does not hold fail with a sentence', async () => {
    const trajectory = await (await finished(small('linear'))).export('final');
    const bench = createBench(createCpuEngine());
    bench.replay(1, trajectory);
    await bench.idle();
    expect(await ask(bench, { kind: 'description', frame: 0 })).toMatchObject({ kind: 'description' });
    await expect(ask(bench, { kind: 'orbit', frame: 3, exploration })).rejects.toThrow(/start or end/);
    const bare = createBench(createCpuEngine());
    bare.replay(1, {
      ...trajectory,
      flows: trajectory.flows.map((flow) => ({ ...flow, parameters: { initial: [], final: [] } })),
    });
    await bare.idle();
    await expect(ask(bare, { kind: 'measurement' })).rejects.toThrow(/does not hold the parameters/);
  });
});

describe('the matrix', () => {
  test('of a linear net is conserved along the flow, and its trace is Q', async () => {
    const bench = await finished(small('linear'));
    const last =
      bench
        .of('frames')
        .filter(({ frames }) => frames.flow[0] === 0)
        .reduce((sum, { frames }) => sum + frames.count, 0) - 1;
    const { content } = await ask(bench, { kind: 'matrix', layerPair: 0, frame: last });
    expect(content).toMatchObject({ kind: 'conserved', cells: 3, independent: 6, parameters: 12 });
    if (content.kind !== 'conserved') return;
    expect(content.trace).toBeCloseTo(1, 6);
    expect(content.drift).toBeLessThan(1e-7);
    expect(content.spectrum.reduce((sum, value) => sum + value, 0)).toBeCloseTo(content.trace, 10);
    expect(Math.hypot(...content.spectrum)).toBeCloseTo(content.norm, 10);
  });

  test('of 10-50-5 has 645 independent entries of 750 parameters; wider ones are means', async () => {
    const quick = (width: number) => ({
      ...small('linear', [10, width, 5]),
      flow: { integrator: 'gradient-descent', stepSize: 0.001, steps: 2 },
    });
    const fifty = await ask(await finished(quick(50) as MlpExperiment), {
      kind: 'matrix',
      layerPair: 0,
      frame: 0,
    });
    expect(fifty.content).toMatchObject({ cells: 50, unitsPerCell: 1, independent: 645, parameters: 750 });
    const wide = await ask(await finished(quick(100) as MlpExperiment), {
      kind: 'matrix',
      layerPair: 0,
      frame: 0,
    });
    expect(wide.content).toMatchObject({ cells: 50, unitsPerCell: 2 });
  });

  test('of a radial net is a constraint that is zero to rounding, of a ReLU net nothing', async () => {
    const radial = { ...small('squash'), conservedQuantity: null } as unknown as MlpExperiment;
    const { content } = await ask(await finished(radial), { kind: 'matrix', layerPair: 0, frame: 1 });
    expect(content).toMatchObject({ kind: 'constraint', constraints: 3 });
    if (content.kind === 'constraint') expect(content.largest).toBeLessThan(1e-14);
    const relu = await ask(await finished(small('relu')), { kind: 'matrix', layerPair: 0, frame: 0 });
    expect(relu.content).toMatchObject({ kind: 'none', reason: expect.stringMatching(/ReLU/) });
  });
});

describe('the orbit', () => {
  test.each(['fastest-q', 'uniform', 'unit', 'random'] as const)(
    'keeps the loss and changes Q along %s',
    async (direction) => {
      const bench = await finished(small('linear'));
      const { s, loss, q, gradientNorm, sharpness } = await ask(bench, {
        kind: 'orbit',
        frame: 2,
        exploration: { ...exploration, direction },
      });
      const middle = (s.length - 1) / 2;
      expect(s[middle]).toBe(0);
      for (const value of loss) expect(Math.abs(value / loss[middle]! - 1)).toBeLessThan(1e-12);
      expect(Math.max(...q) - Math.min(...q)).toBeGreaterThan(0.1);
      expect(gradientNorm.every(Number.isFinite)).toBe(true);
      expect(sharpness.filter(Number.isFinite)).toHaveLength(17);
    },
  );

  test('follows the last jump: the state after it lies ahead', async () => {
    const bench = await finished({
      ...small('linear'),
      teleportations: {
        group: 'general-linear',
        objective: 'gradient-norm',
        direction: 'increase',
        iterations: 5,
        maximumDistance: 1,
        atTime: [0],
      },
    });
    const [jumped] = bench.of('jumps').flatMap(({ jumps }) => jumps);
    const { s, loss, gradientNorm } = await ask(bench, {
      kind: 'orbit',
      frame: 0,
      exploration: { ...exploration, direction: 'jump' },
    });
    expect(-s[0]! / s.at(-1)!).toBeLessThan(0.3);
    const here = s.indexOf(0);
    for (const value of loss) expect(Math.abs(value / loss[here]! - 1)).toBeLessThan(1e-12);
    expect(gradientNorm.at(-1)).toBeGreaterThan(gradientNorm[here]!);
    expect(jumped!.jump.after.gradientNorm).toBeGreaterThan(jumped!.jump.before.gradientNorm);
  });

  test('is put on the chart until it is closed', async () => {
    const bench = await finished(small('linear'));
    const { s } = await ask(bench, { kind: 'orbit', frame: 2, exploration });
    expect(bench.of('chart').at(-1)!.chart.orbit!.s).toEqual(Float32Array.from(s));
    bench.send({ type: 'symmetry-orbit-closed' });
    await bench.idle();
    expect(bench.of('chart').at(-1)!.chart.orbit).toBeNull();
  });

  test('of a group that does not act is refused with its reason', async () => {
    const bench = await finished(small('tanh'));
    await expect(ask(bench, { kind: 'orbit', frame: 0, exploration })).rejects.toThrow(/linear/i);
    const wanted = { ...exploration, group: 'permutation' } as const;
    await expect(ask(bench, { kind: 'orbit', frame: 0, exploration: wanted })).rejects.toThrow(
      /no direction/,
    );
  });
});

describe('alignment', () => {
  test('brings a permuted, rescaled twin back: no barrier is left', async () => {
    const weights = [
      [
        [0.9, -0.4],
        [0.2, 0.8],
        [-0.5, 0.3],
      ],
      [
        [0.7, -0.2, 0.4],
        [0.1, 0.6, -0.8],
      ],
    ] as const;
    const [inner, outer] = weights;
    const order = [2, 0, 1];
    const twin = [
      { weight: order.map((k) => inner[k]!.map((w) => 3 * w)) },
      { weight: outer.map((row) => order.map((k) => row[k]! / 3)) },
    ];
    const experiment: MlpExperiment = {
      ...small('relu'),
      // What the network computes: both ends are minima.
      data: {
        kind: 'explicit',
        inputs: [
          [1, 0],
          [0, 1],
        ],
        targets: [
          [0.59, 0.21],
          [-0.04, 0.24],
        ],
      },
      initialisation: {
        kind: 'explicit',
        parameters: [{ weight: inner.map((row) => [...row]) }, { weight: outer.map((row) => [...row]) }],
      },
      flow: { integrator: 'gradient-descent', stepSize: 1e-6, steps: 1 },
    } as MlpExperiment;
    const trajectory = await (await finished(experiment)).export('final');
    const [first, second] = trajectory.flows;
    const ends = { initial: first!.parameters.initial, final: first!.parameters.initial };
    const bench = createBench(createCpuEngine());
    bench.replay(1, {
      ...trajectory,
      flows: [
        { ...first!, parameters: ends },
        { ...second!, parameters: { initial: twin, final: twin } },
        ...trajectory.flows.slice(2),
      ],
    });
    await bench.idle();
    const { before, after, moved, units } = await ask(bench, { kind: 'alignment', first: 0, second: 1 });
    expect(before.loss[0]).toBeLessThan(1e-20);
    expect(before.barrier).toBeGreaterThan(1e-3);
    expect(after.barrier).toBeLessThan(1e-12);
    expect(after.distance).toBeLessThan(1e-10);
    expect(before.distance).toBeGreaterThan(1);
    expect([moved, units]).toEqual([3, 3]);
  });
});
