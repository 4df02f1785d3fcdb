import type { Port, PortEvents } from '../client.ts';
import type { ClientMessage, RunSummary, WorkerMessage } from '../protocol.ts';

/** A worker that only records what it is told; the test speaks for it. */
export interface FakeWorker {
  readonly posted: ClientMessage[];
  readonly send: (message: WorkerMessage) => void;
  readonly crash: (reason: string) => void;
  terminated: boolean;
}

/** Hands out fake workers; the latest is `workers.at(-1)`. */
export function fakeSpawn(): { spawn: (events: PortEvents) => Port; workers: FakeWorker[] } {
  const workers: FakeWorker[] = [];
  const spawn = (events: PortEvents): Port => {
    const worker: FakeWorker = {
      posted: [],
      send: events.message,
      crash: events.crash,
      terminated: false,
    };
    workers.push(worker);
    return {
      post: (message) => worker.posted.push(message),
      terminate: () => {
        worker.terminated = true;
      },
    };
  };
  return { spawn, workers };
}

/** A summary with `flows` flows and one layer pair. */
export const fakeSummary = (
  experiment: RunSummary['experiment'],
  flows = 1,
  how: Partial<RunSummary> = {},
): RunSummary => ({
  experiment,
  steer: false,
  replay: false,
  flows: Array.from({ length: flows }, (_, i) => ({
    label: `flow ${i}`,
    role: i === 0 ? 'steered' : 'sweep',
    q: i,
  })),
  conserved: [
    {
      layerPair: 0,
      units: 1,
      formula: 'homogeneous',
      condition: { requires: 'any-data', holds: true, message: '' },
      law: { kind: 'constant', rate: 0 },
    },
  ],
  setting: null,
  noConservedQuantity: '',
  teleportation: null,
  groups: [],
  parameterCount: 2,
  samples: 1,
  charts: ['q-valley'],
  ...how,
});

/** Frames `from` .. `from + count - 1` of one flow, loss falling, Q = the index of the flow. */
export function fakeFrames(flow: number, count: number, from = 0) {
  const row = (value: (frame: number) => number) =>
    Float64Array.from({ length: count }, (_, i) => value(from + i));
  return {
    count,
    flow: new Uint32Array(count).fill(flow),
    step: row((frame) => frame),
    time: row((frame) => frame / 10),
    loss: row((frame) => 1 / (1 + frame)),
    gradientNorm: row((frame) => 1 / (1 + frame)),
    conserved: row(() => flow),
    parameters: new Float64Array(0),
  };
}
