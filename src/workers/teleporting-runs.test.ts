import { describe, expect, test } from 'vitest';
import { createCpuEngine } from '../engine/cpu/cpu-engine.ts';
import { type Engine, EngineLostError } from '../engine/engine.ts';
import type { MlpExperiment } from '../experiment/experiment.ts';
import type { Trajectory } from '../experiment/trajectory.ts';
import { documentText, parseDocument } from '../experiment/validate.ts';
import { createBench, scalarExperiment } from './testing/controller-bench.ts';

const cpu = createCpuEngine({ pause: async () => {} });

const experiment: MlpExperiment = {
  ...scalarExperiment,
  architecture: { ...scalarExperiment.architecture, widths: [2, 3, 2] },
  data: { kind: 'whitened', seed: 1 },
  initialisation: { kind: 'normal', std: [0.5, 0.5], seed: 1 },
  conservedQuantity: { kind: 'total', layerPair: 0, value: 0.3, sweep: { from: -1, to: 1, count: 3 } },
  flow: { integrator: 'gradient-descent', stepSize: 0.02, steps: 40 },
  record: { steps: [0, 20, 40], parameters: 'final' },
  teleportations: {
    at: [10],
    group: 'auto',
    objective: 'gradient-norm',
    direction: 'increase',
    iterations: 5,
    maximumDistance: 1,
  },
};
const { teleportations: _, ...untouched } = experiment;
const plain: MlpExperiment = { ...untouched, record: { steps: [0, 10, 20, 40], parameters: 'final' } };

async function ran(of: MlpExperiment, engine: Engine = cpu) {
  const bench = createBench(engine, { fallback: cpu });
  bench.run(1, of);
  await bench.idle();
  expect(bench.of('failed')).toEqual([]);
  return bench;
}

describe('a run whose flows teleport', () => {
  test('says so, with the group and the twin, which comes last', async () => {
    const { summary } = (await ran(experiment)).of('started')[0]!;
    expect(summary.teleportation).toMatchObject({ teleports: true, group: 'general-linear', exact: true });
    expect(summary.flows.map(({ role }) => role)).toEqual(['steered', 'sweep', 'sweep', 'sweep', 'twin']);
    expect(summary.flows.at(-1)!.label).toBe('Q = 0.3, not teleported');
    expect(summary.conserved[0]!.law).toEqual({ kind: 'constant', rate: 0 });
    const idle = { ...experiment, teleportations: { ...experiment.teleportations!, at: [] } };
    const still = (await ran(idle)).of('started')[0]!.summary;
    expect(still.teleportation).toMatchObject({ teleports: false });
    expect(still.flows.map(({ role }) => role)).toEqual(['steered', 'sweep', 'sweep', 'sweep']);
  });

  test('tells the jumps without parameters, before the frames behind them', async () => {
    const { posts } = await ran(experiment);
    const seen = new Map<number, number>();
    const jumped: number[] = [];
    for (const message of posts) {
      if (message.type === 'frames') {
        for (const [i, flow] of message.frames.flow.entries()) seen.set(flow, message.frames.step[i]!);
      }
      if (message.type !== 'jumps') continue;
      for (const { flow, jump } of message.jumps) {
        expect(seen.get(flow)).toBe(0);
        expect(jump).toMatchObject({ step: 10, group: 'general-linear' });
        expect(jump.after.gradientNorm).toBeGreaterThan(jump.before.gradientNorm);
        expect(jump).not.toHaveProperty('to');
        jumped.push(flow);
      }
    }
    expect(jumped.toSorted()).toEqual([0, 1, 2, 3]);
  });

  test('gives every flow the same frames, and the twin those of a run without teleportations', async () => {
    const teleported = await (await ran(experiment)).export('all');
    const reference = await (await ran(plain)).export('all');
    for (const { frames } of teleported.flows) expect(frames.step).toEqual([0, 10, 20, 40]);
    const { frames, parameters } = teleported.flows.at(-1)!;
    expect(frames).toEqual({ ...reference.flows[0]!.frames, valley: frames.valley });
    expect(parameters).toEqual(reference.flows[0]!.parameters);
    expect(teleported.flows[0]!.frames.loss[1]).not.toBe(reference.flows[0]!.frames.loss[2]);
  });

  test('recomputes the steered flow and its twin when Q is steered', async () => {
    const bench = await ran(experiment);
    const steered = {
      ...experiment,
      conservedQuantity: { ...experiment.conservedQuantity!, kind: 'total' as const, value: -0.4 },
    };
    bench.run(2, steered);
    await bench.idle();
    expect(bench.of('started', 2)[0]!.summary.steer).toBe(true);
    expect(new Set(bench.of('ended', 2).map(({ flow }) => flow))).toEqual(new Set([0, 4]));
    const whole = createBench(cpu);
    whole.run(1, steered);
    await whole.idle();
    expect(await bench.export('all')).toEqual(await whole.export('all'));
  });

  test('goes on with the fallback where the engine is lost on a later leg', async () => {
    let legs = 0;
    const losing: Engine = {
      ...cpu,
      kind: 'webgpu',
      async *flow(...run) {
        if (++legs > 1) throw new EngineLostError('it broke');
        yield* cpu.flow(...run);
      },
    };
    const bench = await ran({ ...experiment, engine: 'webgpu' }, losing);
    expect(bench.of('engine').at(-1)!.engine.message).toContain('goes on with the cpu engine');
    const { flows } = await bench.export('all');
    const reference = await (await ran(experiment)).export('all');
    flows.forEach(({ computedBy: _, ...flow }, i) => {
      const { computedBy: __, ...expected } = reference.flows[i]!;
      expect(flow).toEqual(expected);
    });
  });

  test('is cancelled between its jumps', async () => {
    const bench = createBench(cpu);
    bench.run(1, { ...experiment, teleportations: { ...experiment.teleportations!, at: [10, 20, 30] } });
    bench.once(
      () => bench.of('jumps').length === 1,
      () => bench.send({ type: 'cancel' }),
    );
    await bench.idle();
    expect(bench.of('ended').some(({ outcome }) => outcome.kind === 'cancelled')).toBe(true);
    expect(bench.of('finished')).toHaveLength(1);
  });

  test('is refused where the group does not act', async () => {
    const bench = createBench(cpu);
    bench.run(1, { ...experiment, teleportations: { ...experiment.teleportations!, group: 'rotation' } });
    await bench.idle();
    expect(bench.of('failed')[0]!.message).toMatch(/^teleportations\.group: .*\.$/);
  });
});

describe('the trajectory of flows that teleport', () => {
  test.each(['none', 'final', 'all'] as const)('is replayed with its jumps (%s)', async (parameters) => {
    const trajectory = await (await ran(experiment)).export(parameters);
    const read = parseDocument(documentText(trajectory)) as Trajectory;
    expect(read).toEqual(trajectory);
    const bench = createBench(cpu);
    bench.replay(1, read);
    await bench.idle();
    expect(bench.of('jumps').flatMap(({ jumps }) => jumps.map(({ flow }) => flow))).toEqual([0, 1, 2, 3]);
    for (const { teleportations } of trajectory.flows.slice(0, -1)) {
      expect(teleportations).toHaveLength(1);
      expect('parameters' in teleportations[0]!).toBe(parameters === 'all');
    }
    expect(await bench.export(parameters)).toEqual(trajectory);
  });

  test('gives the same picture', async () => {
    const bench = await ran(experiment);
    const again = createBench(cpu);
    again.replay(1, await bench.export('all'));
    await again.idle();
    expect(again.of('chart').at(-1)!.chart).toEqual(bench.of('chart').at(-1)!.chart);
  });
});
