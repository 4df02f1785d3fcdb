import { beforeEach, describe, expect, test } from 'vitest';
import { defaultExperiment } from '../experiment/defaults.ts';
import type { Trajectory } from '../experiment/trajectory.ts';
import { type Client, type ClientEvent, createClient } from './client.ts';
import type { ClientMessage } from './protocol.ts';
import { type FakeWorker, fakeFrames, fakeSpawn, fakeSummary } from './testing/fake-port.ts';

const titled = (title: string) => ({ ...defaultExperiment, title });

let client: Client;
let workers: FakeWorker[];
let events: ClientEvent[];

beforeEach(() => {
  const fake = fakeSpawn();
  workers = fake.workers;
  client = createClient(fake.spawn);
  events = [];
  client.listen((event) => events.push(event));
});

const worker = () => workers.at(-1)!;
const starts = () =>
  worker().posted.filter(
    (message): message is Extract<ClientMessage, { type: 'run' }> => message.type === 'run',
  );
const start = (run: number) =>
  worker().send({ type: 'started', run, summary: fakeSummary(defaultExperiment) });
const frames = (run: number) => worker().send({ type: 'frames', run, frames: fakeFrames(0, 1) });

describe('latest wins', () => {
  test('of 100 rapid edits only the first and the last run', () => {
    for (let i = 0; i < 100; i++) client.run(titled(`edit ${i}`), 'q-valley');
    start(1);
    frames(1);
    start(100);
    frames(100);
    expect(starts().map(({ experiment }) => experiment.title)).toEqual(['edit 0', 'edit 99']);
  });

  test('a run that has started but shown nothing still holds the next one back', () => {
    client.run(titled('first'), 'plane');
    client.run(titled('second'), 'plane');
    start(1);
    expect(starts()).toHaveLength(1);
    frames(1);
    expect(starts()).toHaveLength(2);
  });

  test.each(['finished', 'failed'] as const)('%s lets the next one go', (type) => {
    client.run(titled('first'), 'plane');
    client.run(titled('second'), 'plane');
    worker().send(type === 'failed' ? { type, run: 1, message: 'No.' } : { type, run: 1 });
    expect(starts()).toHaveLength(2);
  });

  test('cancelling forgets the run that waits', () => {
    client.run(titled('first'), 'plane');
    client.run(titled('second'), 'plane');
    expect(client.cancel()).toBe(1);
    start(1);
    frames(1);
    expect(starts()).toHaveLength(1);
    expect(worker().posted.at(-1)).toEqual({ type: 'cancel' });
  });

  test('a waiting run takes the chart that was chosen meanwhile', () => {
    client.run(titled('first'), 'q-valley');
    client.run(titled('second'), 'q-valley');
    client.chart('plane');
    start(1);
    frames(1);
    expect(starts().at(-1)!.chart).toBe('plane');
  });
});

describe('stale messages', () => {
  test('messages of earlier runs are dropped once a later one has started', () => {
    client.run(titled('first'), 'plane');
    start(1);
    frames(1);
    client.run(titled('second'), 'plane');
    frames(1);
    start(2);
    events.length = 0;
    frames(1);
    worker().send({ type: 'finished', run: 1 });
    frames(2);
    expect(events.map((event) => [event.type, event.run])).toEqual([['frames', 2]]);
  });

  test('the run before goes on when the next one fails to start', () => {
    client.run(titled('first'), 'plane');
    start(1);
    frames(1);
    client.run(titled('second'), 'plane');
    worker().send({ type: 'failed', run: 2, message: 'No.' });
    events.length = 0;
    frames(1);
    expect(events).toHaveLength(1);
  });
});

describe('export', () => {
  const trajectory = { type: 'orbitscape/trajectory' } as Trajectory;

  test('answers reach the request they belong to', async () => {
    client.run(titled('first'), 'plane');
    const [none, all] = [client.export('none'), client.export('all')];
    worker().send({ type: 'export-failed', request: 2, message: 'Too large.' });
    worker().send({ type: 'exported', request: 1, trajectory });
    await expect(all).rejects.toThrow('Too large.');
    await expect(none).resolves.toBe(trajectory);
  });

  test('says so when nothing runs yet', async () => {
    await expect(client.export('none')).rejects.toThrow(/no run/);
  });
});

describe('a worker that dies', () => {
  test('is reported in a sentence and replaced by the next run', async () => {
    client.run(titled('first'), 'plane');
    start(1);
    frames(1);
    const lost = client.export('all');
    const dead = worker();
    dead.crash('out of memory');
    await expect(lost).rejects.toThrow(/out of memory/);
    expect(dead.terminated).toBe(true);
    expect(events.at(-1)).toMatchObject({ type: 'crashed', run: 1 });
    events.length = 0;
    dead.send({ type: 'finished', run: 1 });
    expect(events).toEqual([]);
    expect(workers).toHaveLength(1);
    client.run(titled('again'), 'plane');
    expect(workers).toHaveLength(2);
    expect(starts().map(({ run }) => run)).toEqual([2]);
  });

  test('does not take the waiting run along', () => {
    client.run(titled('first'), 'plane');
    client.run(titled('second'), 'plane');
    worker().crash('');
    expect(workers).toHaveLength(2);
    expect(starts().map(({ experiment }) => experiment.title)).toEqual(['second']);
  });
});
