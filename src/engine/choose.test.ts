import { describe, expect, it, vi } from 'vitest';
import type { FlowPlan } from '../flow/plan.ts';
import { explicitSchedule } from '../flow/record.ts';
import { teacherProblem } from '../flow/testing/flows.ts';
import type { Problem } from '../model/problem.ts';
import { INSTANT, type Speed } from './calibration/speed.ts';
import { type Created, engineCandidates } from './candidates.ts';
import { createEngineChooser } from './choose.ts';
import { createCpuEngine } from './cpu/cpu-engine.ts';
import { type Engine, type EngineKind, EngineRefusedError } from './engine.ts';
import { createTimedEngine, type TimedEngineOptions } from './testing/timed-engine.ts';
import type { DeviceResult } from './webgpu/device.ts';
import { deviceTest } from './webgpu/testing/with-device.ts';

const problem = teacherProblem({ kind: 'mlp', widths: [3, 4, 2], activation: 'tanh', bias: false }, 1);
const large = teacherProblem({ kind: 'mlp', widths: [100, 100, 10], activation: 'tanh', bias: false }, 1);
const plan: FlowPlan = {
  kind: 'fixed-step',
  integrator: 'gradient-descent',
  stepSize: 0.1,
  steps: 100,
  record: explicitSchedule([0]),
  stop: {},
};
const long: FlowPlan = { ...plan, steps: 10_000_000 };
const cpu = createCpuEngine();
const calibration = { store: null };

const processor: Speed = { step: 1e-6, multiplyAdd: 5e-10, flowStep: 1e-6, flowMultiplyAdd: 5e-10 };
const scaled = (factor: number): Speed => ({
  step: factor * processor.step,
  multiplyAdd: factor * processor.multiplyAdd,
  flowStep: factor * processor.flowStep,
  flowMultiplyAdd: factor * processor.flowMultiplyAdd,
});

type Machine = Readonly<
  Partial<Record<EngineKind, Omit<TimedEngineOptions, 'kind'> | { reason: string } | 'hangs'>>
>;

/** A chooser on a machine whose engines have known speeds, on a clock that they move, and what was asked of it. */
function chooserOn(
  machine: Machine,
  verdict: (kind: EngineKind) => string | null = () => null,
  atBest: Partial<Record<EngineKind, Speed>> = {},
) {
  const clock = { time: 0 };
  const asked: EngineKind[] = [];
  const tested: EngineKind[] = [];
  const engines = new Map<EngineKind, Promise<Created>>();
  for (const kind of ['cpu', 'webgpu', 'tfjs'] as const) {
    const made = machine[kind] ?? { reason: `no ${kind}` };
    const check = async () => {
      tested.push(kind);
      return verdict(kind);
    };
    const answer = async (): Promise<Created> => {
      if (made === 'hangs') return new Promise(() => {});
      return 'speed' in made ? { engine: createTimedEngine(clock, { kind, ...made }), check } : made;
    };
    engines.set(kind, answer());
  }
  const { cpu: processorOf } = machine;
  const unsupported = typeof processorOf === 'object' && 'speed' in processorOf && processorOf.unsupported;
  const reference: Engine = { ...cpu, ...(unsupported && { unsupported }) };
  const chooser = createEngineChooser({
    cpu: reference,
    candidates: engineCandidates({ cpu: reference }).map((candidate) => ({
      ...candidate,
      atBest: atBest[candidate.kind] ?? INSTANT,
      async create() {
        asked.push(candidate.kind);
        return engines.get(candidate.kind)!;
      },
    })),
    calibration: { store: null, now: () => clock.time, threads: 1 },
  });
  return { chooser, asked, tested };
}

describe('choosing by the time that a run takes', () => {
  it('asks no other engine for a short run, and measures nothing', async () => {
    const { chooser, asked } = chooserOn({ cpu: { speed: processor }, webgpu: { speed: scaled(0.01) } });
    const { engine, reason, seconds } = await chooser.choose('auto', problem, plan, 1);
    expect([engine.kind, reason]).toEqual(['cpu', 'short run']);
    expect(seconds).toBeLessThan(0.01);
    expect(asked).toEqual(['cpu']);
  });

  it('stays with a processor on which a run that seemed long turns out short', async () => {
    const { chooser, asked } = chooserOn({ cpu: { speed: scaled(0.01) }, webgpu: { speed: scaled(0.001) } });
    const { reason, seconds } = await chooser.choose('auto', problem, { ...plan, steps: 4_000_000 }, 1);
    expect(reason).toBe('short run');
    expect(seconds).toBeGreaterThan(0.01);
    expect(asked).toEqual(['cpu']);
  });

  it.each<[EngineKind, string, Machine]>([
    [
      'webgpu',
      'fastest here: cpu about 13 s',
      { cpu: { speed: processor }, webgpu: { speed: scaled(0.05) }, tfjs: { speed: scaled(0.001) } },
    ],
    [
      'tfjs',
      'fastest here: cpu about 13 s, webgpu about 7 s',
      { cpu: { speed: processor }, webgpu: { speed: scaled(0.5) }, tfjs: { speed: scaled(0.2) } },
    ],
    [
      'cpu',
      'fastest here: webgpu about 39 s, tfjs about 2 h',
      { cpu: { speed: processor }, webgpu: { speed: scaled(3) }, tfjs: { speed: scaled(500) } },
    ],
    [
      'cpu',
      'hardly slower, in float64: webgpu about 12 s; no tfjs',
      { cpu: { speed: processor }, webgpu: { speed: scaled(0.9) } },
    ],
    [
      'cpu',
      'fastest here: tfjs about 39 s; no webgpu',
      { cpu: { speed: processor }, tfjs: { speed: scaled(3) } },
    ],
    ['cpu', 'no webgpu', { cpu: { speed: processor } }],
    [
      'tfjs',
      'The processor: too large',
      { cpu: { speed: processor, unsupported: () => 'too large' }, tfjs: { speed: processor } },
    ],
  ])('takes %s: %s', async (kind, reason, machine) => {
    const { chooser, tested } = chooserOn(machine);
    const choice = await chooser.choose('auto', problem, long, 1);
    expect([choice.engine.kind, choice.reason]).toEqual([kind, reason]);
    expect(choice.seconds).toBeGreaterThan(0.1);
    // Only what is taken is tested.
    expect(tested).toEqual([kind]);
  });

  it('waits for an engine no longer than the run would take without it', async () => {
    vi.useFakeTimers();
    try {
      const { chooser } = chooserOn({ cpu: { speed: scaled(0.2) }, webgpu: 'hangs' });
      const choice = chooser.choose('auto', problem, long, 1);
      await vi.advanceTimersByTimeAsync(3000);
      const { engine, reason } = await choice;
      expect(engine.kind).toBe('cpu');
      expect(reason).toMatch(/^WebGPU did not answer within 2\.\d s$/);
    } finally {
      vi.useRealTimers();
    }
  });

  it('does not ask an engine that would take longer at its best', async () => {
    const machine = {
      cpu: { speed: processor },
      webgpu: { speed: scaled(0.5) },
      tfjs: { speed: scaled(1000) },
    };
    const { chooser, asked } = chooserOn(machine, () => null, { tfjs: scaled(2) });
    const { engine, reason } = await chooser.choose('auto', problem, long, 1);
    expect(engine.kind).toBe('webgpu');
    expect(reason).toBe('fastest here: cpu about 13 s, tfjs at least 26 s');
    expect(asked).toEqual(['cpu', 'webgpu']);
    // Told to, it is asked all the same.
    expect((await chooser.choose('tfjs', problem, long, 1)).engine.kind).toBe('tfjs');
  });

  it.each<[string, Problem, number?]>([
    ['weight decay runs on the cpu engine', problem, 0.1],
    [
      'the test function Booth runs on the cpu engine',
      { architecture: { kind: 'test-function', name: 'booth' } },
    ],
    [
      'row inversion runs on the cpu engine',
      { ...problem, architecture: { ...problem.architecture, activation: 'row-inversion' } },
    ],
  ])('creates no engine for what it cannot run: %s', async (clause, other, weightDecay = 0) => {
    const machine = { cpu: { speed: processor }, webgpu: { speed: scaled(0.01) } };
    const { chooser, asked } = chooserOn(machine, () => null, { webgpu: scaled(100), tfjs: scaled(100) });
    const choice = await chooser.choose('auto', other, { ...long, steps: 1e9, weightDecay }, 1);
    expect([choice.engine.kind, choice.reason]).toEqual(['cpu', `WebGPU: ${clause}`]);
    for (const [pinned, label] of [
      ['webgpu', 'WebGPU'],
      ['tfjs', 'TensorFlow.js'],
    ] as const) {
      const { engine, reason } = await chooser.choose(pinned, other, { ...plan, weightDecay }, 1);
      expect([engine.kind, reason]).toEqual(['cpu', `${label}: ${clause}`]);
    }
    expect(new Set(asked)).toEqual(new Set(['cpu']));
  });

  it('weighs the batch: what many flows gain on a graphics card, one does not', async () => {
    const graphics: Speed = { step: 1e-5, multiplyAdd: 5e-9, flowStep: 0, flowMultiplyAdd: 1e-12 };
    const { chooser } = chooserOn({ cpu: { speed: processor }, webgpu: { speed: graphics } });
    expect((await chooser.choose('auto', problem, long, 1)).engine.kind).toBe('cpu');
    expect((await chooser.choose('auto', problem, long, 256)).engine.kind).toBe('webgpu');
  });

  it('falls back on the next best when the self-test fails, and says so', async () => {
    const machine = {
      cpu: { speed: processor },
      webgpu: { speed: scaled(0.1) },
      tfjs: { speed: scaled(0.5) },
    };
    const { chooser } = chooserOn(machine, (kind) => (kind === 'webgpu' ? 'off by 1' : null));
    const auto = await chooser.choose('auto', problem, { ...long, steps: 1e9 }, 1);
    expect([auto.engine.kind, auto.reason]).toEqual(['tfjs', 'self-test failed: off by 1']);
    const pinned = await chooser.choose('webgpu', problem, plan, 1);
    expect([pinned.engine.kind, pinned.reason]).toEqual(['cpu', 'self-test failed: off by 1']);
  });

  it('does as it is told where it can, with an estimate', async () => {
    const machine = { cpu: { speed: processor }, tfjs: { speed: scaled(100) } };
    const { chooser } = chooserOn(machine);
    const pinned = await chooser.choose('tfjs', problem, long, 1);
    expect([pinned.engine.kind, pinned.reason]).toEqual(['tfjs', 'chosen by you']);
    expect(pinned.seconds).toBeGreaterThan(600);
    const absent = await chooser.choose('webgpu', problem, long, 1);
    expect([absent.engine.kind, absent.reason]).toEqual(['cpu', 'no webgpu']);
  });

  it('refuses with one sentence what every engine refuses, before any is run', async () => {
    const sentence = 'The run would take 3 GiB and at most 1 GiB are allowed: use fewer flows.';
    const unsupported = () => sentence;
    const { chooser, tested } = chooserOn({ cpu: { speed: processor, unsupported } });
    for (const preference of ['auto', 'cpu', 'webgpu'] as const) {
      await expect(chooser.choose(preference, problem, plan, 1)).rejects.toEqual(
        new EngineRefusedError(sentence),
      );
    }
    expect(tested).toEqual([]);
  });
});

describe('choosing among real engines', () => {
  it('takes the cpu when told to, or without an adapter, asked for once', async () => {
    let asked = 0;
    const probe = async (): Promise<DeviceResult> => {
      asked++;
      return { device: null, reason: 'no WebGPU adapter' };
    };
    const chooser = createEngineChooser({ cpu, probe, calibration });
    expect(await chooser.choose('cpu', problem, plan, 1)).toMatchObject({
      engine: cpu,
      reason: 'chosen by you',
    });
    expect(asked).toBe(0);
    for (const _ of [1, 2]) {
      expect(await chooser.choose('webgpu', problem, plan, 1)).toMatchObject({
        engine: cpu,
        reason: 'no WebGPU adapter',
      });
    }
    expect(asked).toBe(1);
  });

  it('passes over a driver that does not answer', async () => {
    const probe = () => new Promise<DeviceResult>(() => {});
    const chooser = createEngineChooser({ cpu, probe, calibration, patience: 20 });
    expect(await chooser.choose('webgpu', problem, plan, 1)).toMatchObject({
      engine: cpu,
      reason: 'WebGPU did not answer within 0.02 s',
    });
  });

  const fine: FlowPlan = {
    kind: 'adaptive',
    integrator: 'dormand-prince',
    tolerance: 1e-8,
    time: 1,
    record: explicitSchedule([0]),
    stop: {},
  };

  deviceTest('takes WebGPU where the problem fits and the self-test passes, and says why', async (device) => {
    const probe = async (): Promise<DeviceResult> => ({ device, info: device.adapterInfo });
    // A known speed of this processor: a measured one depends on what else runs.
    const store = { read: async () => processor, write: async () => {} };
    const chooser = createEngineChooser({ cpu, probe, calibration: { store } });
    const chosen = await chooser.choose('webgpu', problem, plan, 1);
    expect([chosen.engine.kind, chosen.reason]).toEqual(['webgpu', 'chosen by you']);
    expect(chosen.seconds).toBeGreaterThan(0);
    expect((await chooser.choose('webgpu', problem, fine, 1)).reason).toContain('tolerance 1e-6');
    const left = await chooser.choose('auto', problem, { ...plan, steps: 300_000 }, 100);
    expect(left.engine).toBe(cpu);
    expect(left.reason).toBe('fastest here: tfjs at least 60 s; WebGPU: a software adapter');
    const refused = await chooser.choose('webgpu', large, plan, 1);
    expect(refused.engine).toBe(cpu);
    expect(refused.reason).toMatch(
      /^WebGPU: the 11000 parameters of 100-100-10 do not fit in workgroup memory/,
    );
  });

  deviceTest('falls back when a line of a shader is missing', async (device) => {
    const probe = async (): Promise<DeviceResult> => ({ device, info: device.adapterInfo });
    const withoutUpdate = (source: string) => source.replace(/^.*\bstate\[at\] = .*\n/m, '');
    const chooser = createEngineChooser({ cpu, probe, calibration, transformShader: withoutUpdate });
    const { engine, reason } = await chooser.choose('webgpu', problem, plan, 1);
    expect(engine).toBe(cpu);
    expect(reason).toMatch(/^self-test failed: /);
  });

  deviceTest('falls back once the device is lost', async (device) => {
    const probe = async (): Promise<DeviceResult> => ({ device, info: device.adapterInfo });
    const chooser = createEngineChooser({ cpu, probe, calibration });
    expect((await chooser.choose('webgpu', problem, plan, 1)).engine.kind).toBe('webgpu');
    device.destroy();
    await device.lost;
    const { engine, reason } = await chooser.choose('webgpu', problem, plan, 1);
    expect(engine).toBe(cpu);
    expect(reason).toMatch(/^WebGPU: the WebGPU device was lost/);
  });
});
