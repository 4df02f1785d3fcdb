import { beforeEach, describe, expect, test } from 'vitest';
import { defaultExperiment } from '../experiment/defaults.ts';
import type { Experiment } from '../experiment/experiment.ts';
import { experimentFromHash, experimentToHash } from '../experiment/link.ts';
import type { TeleportationRecord, Trajectory } from '../experiment/trajectory.ts';
import type { Chart } from '../landscape/chart.ts';
import { createClient } from '../workers/client.ts';
import type { ClientMessage, RunSummary } from '../workers/protocol.ts';
import { type FakeWorker, fakeFrames, fakeSpawn, fakeSummary } from '../workers/testing/fake-port.ts';
import { createSession, type SessionOptions } from './session.ts';
import type { Session } from './session-types.ts';
import { createManualClock, type ManualClock } from './testing/manual-clock.ts';

const titled = (title: string): Experiment => ({ ...defaultExperiment, title });

const files: Record<string, string> = {
  'presets/index.json': JSON.stringify([{ file: 'one.json', title: 'One' }]),
  'presets/one.json': JSON.stringify(titled('One')),
};

const state = { loss: 1, gradientNorm: 1, conserved: [1], sharpness: 1 };
const taken: TeleportationRecord = {
  step: 0,
  time: 0,
  group: 'general-linear',
  objective: 'gradient-norm',
  before: state,
  after: state,
  distance: 1,
  displacement: 1,
  iterations: 1,
  gradients: 1,
  message: '',
};

let session: Session;
let worker: FakeWorker;
let clock: ManualClock;

function open(how: Partial<SessionOptions> = {}): Session {
  const { spawn, workers } = fakeSpawn();
  clock = createManualClock();
  const opened = createSession({
    client: createClient(spawn),
    presetsUrl: 'presets',
    fetchText: async (url) => files[url] ?? Promise.reject(new Error('404 Not Found')),
    storage: null,
    clock,
    reducedMotion: false,
    address: { page: 'https://example.org/', hash: '' },
    ...how,
  });
  worker = workers[0]!;
  return opened;
}

beforeEach(() => {
  session = open();
});

const runs = () =>
  worker.posted.filter(
    (message): message is Extract<ClientMessage, { type: 'run' }> => message.type === 'run',
  );
const lastRun = () => runs().at(-1)!;
const start = (flows = 2, how: Partial<RunSummary> = {}) =>
  worker.send({
    type: 'started',
    run: lastRun().run,
    summary: fakeSummary(lastRun().experiment, flows, how),
  });
const frames = (flow: number, count: number, from = 0) =>
  worker.send({ type: 'frames', run: lastRun().run, frames: fakeFrames(flow, count, from) });
const finish = () => worker.send({ type: 'finished', run: lastRun().run });
const fail = (message: string) => worker.send({ type: 'failed', run: lastRun().run, message });
const completed = { kind: 'completed', message: '' } as const;

/** Plays a whole run of two flows. */
function wholeRun(count = 10): void {
  start();
  frames(0, count);
  frames(1, count);
  for (const flow of [0, 1]) worker.send({ type: 'ended', run: lastRun().run, flow, outcome: completed });
  finish();
}

describe('opening the page', () => {
  test('runs the default experiment', () => {
    expect(lastRun().experiment).toEqual(defaultExperiment);
    expect(session.run.getState().status).toBe('starting');
    expect(session.playback.getState().playing).toBe(true);
  });

  test('runs the experiment of a link, which the session gives back', () => {
    session = open({ address: { page: 'https://example.org/', hash: experimentToHash(titled('linked')) } });
    expect(lastRun().experiment.title).toBe('linked');
    expect(session.experiment.getState()).toMatchObject({ canUndo: false });
    const link = new URL(session.link());
    expect(experimentFromHash(link.hash)).toEqual(titled('linked'));
  });

  test('a damaged link is a notice, and the default experiment runs', () => {
    session = open({ address: { page: '', hash: '#experiment=nonsense' } });
    expect(session.notice.getState()).toMatchObject({ kind: 'error', text: expect.stringContaining('link') });
    expect(lastRun().experiment).toEqual(defaultExperiment);
  });
});

describe('a run', () => {
  test('goes from starting to running to finished', () => {
    start();
    expect(session.run.getState()).toMatchObject({ status: 'running', outcomes: [null, null] });
    frames(0, 3);
    worker.send({ type: 'ended', run: 1, flow: 0, outcome: completed });
    finish();
    expect(session.run.getState()).toMatchObject({
      status: 'finished',
      outcomes: [completed, null],
      fraction: 1,
    });
    expect(session.run.getState().frames.flows[0]!.count).toBe(3);
  });

  test('many messages between two animation frames make one revision', () => {
    start();
    clock.advance(20);
    const { revision } = session.run.getState();
    for (let i = 0; i < 50; i++) frames(0, 1, i);
    expect(session.run.getState().revision).toBe(revision);
    clock.advance(20);
    expect(session.run.getState().revision).toBe(revision + 1);
  });

  test('slow facts are written at most 10 times a second', () => {
    start();
    let writes = 0;
    session.run.subscribe((state, before) => {
      if (state.steps !== before.steps) writes++;
    });
    for (let steps = 1; steps <= 100; steps++) {
      worker.send({ type: 'progress', run: 1, steps, stepsPerSecond: 1, fraction: 0.5, remaining: 2 });
      clock.advance(20);
    }
    expect(writes).toBeGreaterThanOrEqual(15);
    expect(writes).toBeLessThanOrEqual(21);
    expect(session.run.getState().steps).toBeGreaterThan(90);
  });

  test('a cancelled run says so', () => {
    start();
    session.cancel();
    expect(worker.posted.at(-1)).toEqual({ type: 'cancel' });
    worker.send({ type: 'ended', run: 1, flow: 1, outcome: { kind: 'cancelled', message: '' } });
    finish();
    expect(session.run.getState().status).toBe('cancelled');
  });

  test('is not called finished while a newer one is on its way', () => {
    start();
    frames(0, 1);
    session.edit(titled('newer'));
    worker.send({ type: 'finished', run: 1 });
    expect(session.run.getState().status).toBe('starting');
  });

  test('an engine that had to be left is named in a notice, once', () => {
    start();
    const engine = {
      kind: 'cpu',
      precision: 'float64',
      device: 'this processor',
      reason: 'lost',
      seconds: null,
    } as const;
    worker.send({ type: 'engine', run: 1, engine: { ...engine, message: 'The device was lost.' } });
    expect(session.notice.getState()).toEqual({ kind: 'information', text: 'The device was lost.' });
    session.notice.setState({ text: '' });
    worker.send({ type: 'engine', run: 1, engine: { ...engine, message: 'The device was lost.' } });
    expect(session.notice.getState().text).toBe('');
  });

  test('a notice is gone with the next edit, undo or redo', () => {
    const deeds = [() => session.edit(titled('another')), () => session.undo(), () => session.redo()];
    for (const deed of deeds) {
      session.notice.setState({ kind: 'information', text: 'Said before.' });
      deed();
      expect(session.notice.getState().text).toBe('');
    }
  });
});

describe('dragging Q', () => {
  test('the steered flow starts anew, the others and the cursor stay', () => {
    wholeRun();
    session.seek(6);
    session.edit(titled('steered'), 'drag');
    const { frames: buffer } = session.run.getState();
    start(2, { steer: true });
    expect(session.run.getState().frames).toBe(buffer);
    expect(buffer.flows.map(({ count }) => count)).toEqual([0, 10]);
    expect(session.run.getState().outcomes).toEqual([null, completed]);
    clock.advance(20);
    expect(session.playback.getState()).toMatchObject({ cursor: 6, last: 9 });
  });

  test('the twin starts anew with it; the jumps of both are forgotten', () => {
    const roles = ['steered', 'sweep', 'twin'] as const;
    const flows = roles.map((role) => ({ label: role, role, q: 0 }));
    start(3, { flows });
    const jump = (flow: number) =>
      worker.send({ type: 'jumps', run: lastRun().run, jumps: [{ flow, jump: taken }] });
    [0, 1].forEach(jump);
    for (const flow of [0, 1, 2]) frames(flow, 3);
    finish();
    expect(session.run.getState().jumps).toEqual([[taken], [taken], []]);
    session.edit(titled('steered'), 'drag');
    start(3, { flows, steer: true });
    const { jumps, frames: buffer } = session.run.getState();
    expect(jumps).toEqual([[], [taken], []]);
    expect(buffer.flows.map(({ count }) => count)).toEqual([0, 3, 0]);
  });

  test('edits faster than the runs post only the first and the last', () => {
    wholeRun();
    const before = runs().length;
    for (let i = 0; i < 100; i++) session.edit(titled(`drag ${i}`), 'drag');
    start(2, { steer: true });
    frames(0, 1);
    expect(
      runs()
        .slice(before)
        .map(({ experiment }) => experiment.title),
    ).toEqual(['drag 0', 'drag 99']);
    session.undo();
    expect(session.experiment.getState().experiment).toEqual(defaultExperiment);
  });
});

describe('a new set-up', () => {
  test('plays from its start and keeps the picture until it has its own', () => {
    wholeRun();
    const chart = { kind: 'plane', paths: [{ flow: 0 }, { flow: 1 }] } as unknown as Chart;
    worker.send({ type: 'chart', run: 1, chart });
    clock.advance(4000);
    expect(session.playback.getState().cursor).toBeGreaterThan(3);
    session.edit(titled('other'));
    start(1);
    expect(session.playback.getState()).toMatchObject({ cursor: 0, last: 0, playing: true });
    expect(session.run.getState().chart!.paths).toEqual([{ flow: 0 }]);
  });

  test('one that cannot start leaves the run before and says why', () => {
    wholeRun();
    session.edit(titled('too large'));
    fail('The run would take 9 GiB.');
    expect(session.notice.getState()).toEqual({ kind: 'error', text: 'The run would take 9 GiB.' });
    expect(session.run.getState()).toMatchObject({ status: 'finished', message: '' });
    expect(session.run.getState().frames.flows[0]!.count).toBe(10);
    expect(session.experiment.getState().experiment.title).toBe('too large');
    session.edit(titled('smaller'));
    start();
    expect(session.notice.getState().text).toBe('');
  });

  test('reset asks for every flow anew, from the start', () => {
    wholeRun();
    session.seek(5);
    session.reset();
    expect(lastRun()).toMatchObject({ restart: true, experiment: defaultExperiment });
    start();
    frames(0, 10);
    clock.advance(20);
    expect(session.playback.getState()).toMatchObject({ cursor: 0, last: 9 });
  });

  test('a worker that dies is a notice, and reset starts another', () => {
    wholeRun();
    worker.crash('out of memory');
    expect(session.run.getState().status).toBe('failed');
    expect(session.notice.getState().text).toMatch(/out of memory.*Reset/);
  });
});

describe('files', () => {
  const file = (text: string, size = text.length) => ({ size, text: async () => text }) as File;

  test('an experiment is run and can be undone', async () => {
    wholeRun();
    await session.openFile(file(JSON.stringify(titled('imported'))));
    expect(lastRun().experiment.title).toBe('imported');
    session.undo();
    expect(session.experiment.getState().experiment).toEqual(defaultExperiment);
  });

  test('a trajectory is replayed', async () => {
    wholeRun();
    const trajectory: Trajectory = {
      type: 'orbitscape/trajectory',
      version: 1,
      experiment: titled('recorded'),
      provenance: { application: 'orbitscape 0.1.0', engine: 'cpu', precision: 'float64' },
      flows: [
        {
          label: 'Q = 0',
          outcome: completed,
          frames: { step: [0], time: [0], loss: [1], gradientNorm: [null], conserved: [[0]] },
          parameters: { initial: [], final: [] },
          teleportations: [],
        },
      ],
    };
    await session.openFile(file(JSON.stringify(trajectory)));
    expect(worker.posted.at(-1)).toEqual({ type: 'replay', run: 2, trajectory, chart: 'q-valley' });
    expect(session.experiment.getState().experiment.title).toBe('recorded');
  });

  test.each([
    ['not JSON', 'hello', /not JSON/],
    ['another type', '{"type":"orbitscape/else"}', /type/],
    ['a wrong field', JSON.stringify({ ...defaultExperiment, engine: 'abacus' }), /engine/],
  ])('%s is a notice and nothing else changes', async (_, text, sentence) => {
    wholeRun();
    const { status, frames: buffer } = session.run.getState();
    await session.openFile(file(text));
    expect(session.notice.getState()).toMatchObject({ kind: 'error', text: expect.stringMatching(sentence) });
    expect(runs()).toHaveLength(1);
    expect(session.run.getState()).toMatchObject({ status, frames: buffer });
    expect(session.experiment.getState()).toMatchObject({ experiment: defaultExperiment, canUndo: false });
  });

  test('a file that is too large is refused before it is read', async () => {
    let read = false;
    await session.openFile({
      size: 65 * 2 ** 20,
      text: async () => {
        read = true;
        return '';
      },
    } as File);
    expect(read).toBe(false);
    expect(session.notice.getState().text).toMatch(/64 MiB/);
  });

  test('an import that cannot start gives the experiment back', async () => {
    wholeRun();
    await session.openFile(file(JSON.stringify(titled('too large'))));
    fail('The run would take 9 GiB.');
    expect(session.experiment.getState()).toMatchObject({ experiment: defaultExperiment, canUndo: false });
  });
});

describe('presets', () => {
  test('are listed and opened', async () => {
    wholeRun();
    expect(await session.presets()).toEqual([{ file: 'one.json', title: 'One' }]);
    await session.openPreset('one.json');
    expect(lastRun().experiment.title).toBe('One');
  });

  test('one that is missing is a notice', async () => {
    await session.openPreset('none.json');
    expect(session.notice.getState().text).toMatch(/none\.json.*404/);
  });
});

test('choosing a chart tells the worker and is remembered', () => {
  session.selectChart('plane');
  expect(worker.posted.at(-1)).toEqual({ type: 'chart', chart: 'plane' });
  expect(session.preferences.getState().chart).toBe('plane');
});

test('a disposed session lets go of everything', () => {
  wholeRun();
  session.dispose();
  expect(worker.terminated).toBe(true);
  expect(clock.requested).toBe(0);
});
