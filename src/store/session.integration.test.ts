import { expect, test } from 'vitest';
import { createCpuEngine } from '../engine/cpu/cpu-engine.ts';
import { createPause } from '../engine/cpu/pause.ts';
import { defaultExperiment, fallback } from '../experiment/defaults.ts';
import type { Experiment, MlpExperiment } from '../experiment/experiment.ts';
import { experimentToHash } from '../experiment/link.ts';
import { documentText } from '../experiment/validate.ts';
import { createClient, type PortEvents } from '../workers/client.ts';
import type { WorkerMessage } from '../workers/protocol.ts';
import { createRunController } from '../workers/run-controller.ts';
import type { RunState } from './run.ts';
import { createSession } from './session.ts';
import type { Session } from './session-types.ts';

const pause = createPause();

/** A worker in the same thread: messages are cloned and arrive in a later task, as they would from another. */
function spawn(events: PortEvents) {
  const engine = createCpuEngine();
  const later = (deliver: () => void) => void pause().then(deliver);
  const controller = createRunController({
    choose: async () => ({ engine, reason: 'the only one', seconds: null }),
    fallback: engine,
    post(message) {
      const copy: WorkerMessage = structuredClone(message);
      later(() => events.message(copy));
    },
    now: () => performance.now(),
    pause,
  });
  return {
    post(message: Parameters<typeof controller.receive>[0]) {
      const copy = structuredClone(message);
      later(() => controller.receive(copy));
    },
    terminate() {},
  };
}

const experiment: MlpExperiment = {
  ...defaultExperiment,
  title: 'small tanh',
  architecture: { kind: 'mlp', widths: [4, 6, 3], activation: 'tanh', bias: false },
  initialisation: { kind: 'normal', std: [0.5, 0.5], seed: 3 },
  conservedQuantity: { kind: 'total', layerPair: 0, value: 0, sweep: { from: -1, to: 2, count: 4 } },
  flow: { integrator: 'dormand-prince', tolerance: 1e-9, time: 20 },
  record: { count: 30, spacing: 'log', parameters: 'final' },
};

const openSession = (opened: Experiment): Session =>
  createSession({
    client: createClient(spawn),
    presetsUrl: '',
    fetchText: () => Promise.reject(new Error('no presets')),
    storage: null,
    clock: {
      request: (callback) => setTimeout(() => callback(performance.now()), 1) as unknown as number,
      cancel: clearTimeout,
    },
    reducedMotion: true,
    address: { page: '', hash: experimentToHash(opened) },
  });

const until = (session: Session, wanted: (run: RunState) => boolean): Promise<void> =>
  new Promise((resolve) => {
    const look = (run: RunState) => {
      if (!wanted(run)) return;
      stop();
      resolve();
    };
    const stop = session.run.subscribe(look);
    look(session.run.getState());
  });

const finished = (session: Session) => until(session, ({ status }) => status === 'finished');

/** Everything that the page would show of a run. */
const shown = ({ frames, chart, outcomes }: RunState) => ({
  chart,
  outcomes,
  flows: frames.flows.map(({ count, step, time, loss, gradientNorm, conserved }) =>
    [step, time, loss, gradientNorm, conserved].map((values) => Array.from(values.subarray(0, count))),
  ),
});

test('a page from opening to importing what it exported, on the cpu engine', async () => {
  const session = openSession(experiment);
  await finished(session);
  const first = session.run.getState();
  expect(first.engine).toMatchObject({ kind: 'cpu', precision: 'float64' });
  expect(first.summary!.setting).toMatchObject({ method: 'outer-scaling' });
  for (const [flow, q] of [0, -1, 0, 1, 2].entries()) {
    const { count } = first.frames.flows[flow]!;
    expect(first.frames.flows[flow]!.q(0, 0)).toBeCloseTo(q, 9);
    expect(first.frames.flows[flow]!.drift(count - 1, 0)).toBeLessThan(1e-6);
    expect(first.frames.flows[flow]!.loss[count - 1]).toBeLessThan(first.frames.flows[flow]!.loss[0]!);
  }

  // One drag: many edits, the last of which wins; the sweep and its surface stay.
  const sweep = shown(first).flows.slice(1);
  for (let i = 1; i <= 20; i++) {
    const value = -0.9 + i / 20;
    session.edit(
      { ...experiment, conservedQuantity: { ...experiment.conservedQuantity!, kind: 'total', value } },
      'drag',
    );
  }
  await finished(session);
  const steered = session.run.getState();
  expect(steered.summary).toMatchObject({ steer: true });
  expect(steered.frames.flows[0]!.q(0, 0)).toBeCloseTo(0.1, 9);
  expect(shown(steered).flows.slice(1)).toEqual(sweep);
  expect(steered.chart!.surface).toEqual(first.chart!.surface);

  const trajectory = await session.exportTrajectory('final');
  const other = openSession(defaultExperiment);
  other.openText(documentText(trajectory));
  await until(other, ({ summary, status }) => status === 'finished' && summary?.replay === true);
  expect(shown(other.run.getState())).toEqual(shown(steered));
  expect(await other.exportTrajectory('final')).toEqual(trajectory);
  expect(other.experiment.getState().experiment).toEqual(session.experiment.getState().experiment);

  session.undo();
  await finished(session);
  expect(shown(session.run.getState())).toEqual(shown(first));
  session.dispose();
  other.dispose();
});

test('a page whose flows teleport: the ledger, the twin and the drift, also after an import', async () => {
  const teleporting: MlpExperiment = {
    ...experiment,
    title: 'teleporting',
    architecture: { kind: 'mlp', widths: [4, 6, 3], activation: 'linear', bias: false },
    flow: { integrator: 'dormand-prince', tolerance: 1e-9, time: 2, weightDecay: 0.1 },
    teleportations: { atTime: [0.5, 1], ...fallback.teleportations, maximumDistance: 1 },
  };
  const session = openSession(teleporting);
  await finished(session);
  const { jumps, frames, summary } = session.run.getState();
  expect(summary!.flows.at(-1)!.role).toBe('twin');
  expect(summary!.conserved[0]!.law).toEqual({ kind: 'exponential', rate: 0.2 });
  expect(jumps.map((taken) => taken.map(({ time }) => time))).toEqual([...Array(5).fill([0.5, 1]), []]);
  frames.flows.forEach((flow, i) => {
    expect(flow.count).toBe(32);
    for (let frame = 0; frame < flow.count; frame++) expect(flow.drift(frame, 0)).toBeLessThan(1e-5);
    const moved = Math.abs(flow.q(flow.count - 1, 0) - flow.q(0, 0) * Math.exp(-0.2 * 2));
    if (i < 5) expect(moved).toBeGreaterThan(0.01);
    else expect(moved).toBeLessThan(1e-5);
  });
  const other = openSession(defaultExperiment);
  other.openText(documentText(await session.exportTrajectory('all')));
  await until(other, ({ summary, status }) => status === 'finished' && summary?.replay === true);
  expect(other.run.getState().jumps).toEqual(jumps);
  expect(shown(other.run.getState())).toEqual(shown(session.run.getState()));
  session.dispose();
  other.dispose();
});
