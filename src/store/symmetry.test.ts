import { beforeEach, expect, test } from 'vitest';
import { defaultExperiment } from '../experiment/defaults.ts';
import { createClient } from '../workers/client.ts';
import type { ClientMessage } from '../workers/protocol.ts';
import type { MatrixReading, Measurement } from '../workers/symmetry/question.ts';
import { type FakeWorker, fakeSpawn, fakeSummary } from '../workers/testing/fake-port.ts';
import { createSymmetry } from './symmetry.ts';

const matrix: MatrixReading = {
  kind: 'matrix',
  layerPair: 0,
  units: 0,
  content: { kind: 'none', reason: 'none' },
};

const measurement: Measurement = {
  kind: 'measurement',
  point: { loss: 0, gradientNorm: 0 },
  predictions: { hessian: 1, generators: 1, laws: 1, presentLaws: 1 },
  hessian: null,
  generators: null,
  laws: null,
  presentLaws: null,
};

let worker: FakeWorker;
let symmetry: ReturnType<typeof createSymmetry>;
let run: number;

const start = () => {
  const summary = fakeSummary(defaultExperiment);
  worker.send({ type: 'started', run, summary });
  symmetry.receive({ type: 'started', run, summary });
};

beforeEach(() => {
  const { spawn, workers } = fakeSpawn();
  const client = createClient(spawn);
  symmetry = createSymmetry(client);
  run = client.run(defaultExperiment, 'plane');
  worker = workers[0]!;
  start();
});

const asks = () =>
  worker.posted.filter(
    (message): message is Extract<ClientMessage, { type: 'symmetry-ask' }> => message.type === 'symmetry-ask',
  );
const settled = () => new Promise((resolve) => setTimeout(resolve));
const answer = async (answered: MatrixReading | Measurement) => {
  worker.send({ type: 'symmetry-answer', request: asks().at(-1)!.request, answer: answered });
  await settled();
};
const slot = <K extends 'matrix' | 'measurement'>(kind: K) => symmetry.symmetry.getState()[kind];

test('of a hundred questions of a kind the first and the last are asked', async () => {
  for (let frame = 0; frame < 100; frame++) symmetry.readMatrix(0, frame);
  await answer(matrix);
  await answer(matrix);
  expect(asks().map(({ question }) => 'frame' in question && question.frame)).toEqual([0, 99]);
  expect(slot('matrix')).toMatchObject({ status: 'ready', answer: matrix });
});

test('the last answer stays in sight while a newer one is on its way', async () => {
  symmetry.readMatrix(0, 0);
  await answer(matrix);
  symmetry.readMatrix(0, 1);
  expect(slot('matrix')).toMatchObject({ status: 'busy', answer: matrix });
});

test('progress shows what was found so far', async () => {
  symmetry.measureSymmetry();
  const { request } = asks()[0]!;
  worker.send({
    type: 'symmetry-progress',
    request,
    progress: { doing: 'Laws', fraction: 0.5, sofar: measurement },
  });
  expect(slot('measurement')).toMatchObject({
    status: 'busy',
    doing: 'Laws',
    fraction: 0.5,
    answer: measurement,
  });
});

test('a measurement that is stopped keeps what it found, and its late answer is nobody’s', async () => {
  symmetry.measureSymmetry();
  const { request } = asks()[0]!;
  worker.send({
    type: 'symmetry-progress',
    request,
    progress: { doing: '', fraction: 0, sofar: measurement },
  });
  symmetry.cancelMeasure();
  expect(worker.posted.at(-1)).toEqual({ type: 'symmetry-cancel', request });
  await answer({ ...measurement, hessian: 'late' });
  expect(slot('measurement')).toMatchObject({ status: 'cancelled', answer: measurement });
});

test('a new run forgets what was measured of the one before', async () => {
  symmetry.measureSymmetry();
  await answer(measurement);
  expect(slot('measurement').status).toBe('ready');
  start();
  expect(slot('measurement')).toMatchObject({ status: 'empty', answer: null });
});

test('a sentence from the worker is shown; the next question is asked all the same', async () => {
  symmetry.readMatrix(0, 0);
  symmetry.readMatrix(0, 1);
  worker.send({ type: 'symmetry-failed', request: asks()[0]!.request, message: 'Too large.' });
  await settled();
  expect(slot('matrix')).toMatchObject({ status: 'busy', message: 'Too large.' });
  await answer(matrix);
  expect(slot('matrix')).toMatchObject({ status: 'ready', message: '', answer: matrix });
});

test('a worker that dies fails the questions that are open', async () => {
  symmetry.measureSymmetry();
  worker.crash('out of memory');
  await settled();
  expect(slot('measurement')).toMatchObject({
    status: 'failed',
    message: expect.stringMatching(/out of memory/),
  });
});

test('closing the orbit explorer gives up its question and clears the charts', () => {
  const exploration = { group: 'rescaling', layerPair: 0, direction: 'uniform', unit: 0, seed: 1 } as const;
  symmetry.chooseOrbit(exploration);
  symmetry.exploreOrbit(exploration, 0);
  symmetry.closeOrbit();
  expect(worker.posted.slice(-2)).toEqual([
    { type: 'symmetry-cancel', request: asks()[0]!.request },
    { type: 'symmetry-orbit-closed' },
  ]);
  expect(symmetry.symmetry.getState()).toMatchObject({ exploration, orbit: { status: 'empty' } });
});
