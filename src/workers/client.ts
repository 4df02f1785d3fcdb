import type { Experiment, ParametersRecorded } from '../experiment/experiment.ts';
import type { Trajectory } from '../experiment/trajectory.ts';
import type { ChartKind } from '../landscape/chart.ts';
import type { ClientMessage, WorkerMessage } from './protocol.ts';
import type { SymmetryAnswer, SymmetryProgress, SymmetryQuestion } from './symmetry/question.ts';

/** One running worker, as the client sees it. */
export interface Port {
  post(message: ClientMessage): void;
  terminate(): void;
}

/** What a port reports: messages, and that it died. */
export interface PortEvents {
  message(message: WorkerMessage): void;
  /** `reason`: what the platform says, possibly empty. */
  crash(reason: string): void;
}

/** Messages of the present run, and the end of a worker that died; `message` is a sentence for the user. */
export type ClientEvent =
  | Extract<WorkerMessage, { run: number }>
  | { readonly type: 'crashed'; readonly run: number; readonly message: string };

/** The page's side of the protocol. */
export interface Client {
  /** Runs an experiment and returns the run's id. `restart`: computes every flow anew even when only the steered Q changed. */
  run(experiment: Experiment, chart: ChartKind, restart?: boolean): number;
  /** Shows an imported trajectory and returns the run's id. */
  replay(trajectory: Trajectory, chart: ChartKind): number;
  /** Ends the flows that run; what waits is forgotten. Returns the id of the latest run that remains. */
  cancel(): number;
  chart(chart: ChartKind): void;
  /** The trajectory of the present run; rejects with a sentence. */
  export(parameters: ParametersRecorded): Promise<Trajectory>;
  /**
   * Asks about the symmetries of the present run. `answer` is null when it was given up: cancelled, replaced by a later question
   * of its kind, or its run is no longer the present one. Rejects with a sentence.
   */
  ask(question: SymmetryQuestion, progress: (progress: SymmetryProgress) => void): Asked;
  /** The orbit explorer was closed. */
  closeOrbit(): void;
  /** Calls `listener` for every event that is not stale; returns how to stop. */
  listen(listener: (event: ClientEvent) => void): () => void;
  dispose(): void;
}

/** A question that is being worked on. */
export interface Asked {
  readonly answer: Promise<SymmetryAnswer | null>;
  cancel(): void;
}

type Start = Extract<ClientMessage, { type: 'run' | 'replay' }>;

interface Request<T> {
  readonly resolve: (answer: T) => void;
  readonly reject: (error: Error) => void;
}

interface Question extends Request<SymmetryAnswer | null> {
  readonly progress: (progress: SymmetryProgress) => void;
}

/**
 * Builds a client. Latest wins: one run is in flight (posted, and its first frames not yet seen), one waits, none are queued.
 * Events of runs before the present one are dropped. The worker starts with the first message; when it dies, the next
 * message starts another.
 */
export function createClient(spawn: (events: PortEvents) => Port): Client {
  const listeners = new Set<(event: ClientEvent) => void>();
  const requests = new Map<number, Request<Trajectory>>();
  const questions = new Map<number, Question>();
  let port: Port | null = null;
  let lastRun = 0;
  let lastRequest = 0;
  /** The run whose messages are shown: the latest that started. */
  let present = 0;
  let inFlight: number | null = null;
  let waiting: Start | null = null;

  const emit = (event: ClientEvent) => {
    for (const listener of listeners) listener(event);
  };

  const connected = (): Port => {
    if (port) return port;
    const events: PortEvents = {
      message: (message) => {
        if (port === mine) receive(message);
      },
      crash: (reason) => {
        if (port === mine) crash(reason);
      },
    };
    const mine = spawn(events);
    port = mine;
    return mine;
  };

  const start = (message: Start): number => {
    if (inFlight !== null) waiting = message;
    else {
      inFlight = message.run;
      connected().post(message);
    }
    return message.run;
  };

  const acknowledge = (run: number) => {
    if (run !== inFlight) return;
    inFlight = null;
    const next = waiting;
    waiting = null;
    if (next) start(next);
  };

  const settle = <T>(pending: Map<number, T>, request: number, how: (request: T) => void) => {
    const found = pending.get(request);
    pending.delete(request);
    if (found) how(found);
  };

  const rejectAll = (message: string) => {
    for (const pending of [requests, questions]) {
      for (const { reject } of pending.values()) reject(new Error(message));
      pending.clear();
    }
  };

  const receive = (message: WorkerMessage) => {
    switch (message.type) {
      case 'exported':
        return settle(requests, message.request, ({ resolve }) => resolve(message.trajectory));
      case 'export-failed':
        return settle(requests, message.request, ({ reject }) => reject(new Error(message.message)));
      case 'symmetry-answer':
        return settle(questions, message.request, ({ resolve }) => resolve(message.answer));
      case 'symmetry-failed':
        return settle(questions, message.request, ({ resolve, reject }) =>
          message.message ? reject(new Error(message.message)) : resolve(null),
        );
      case 'symmetry-progress':
        return questions.get(message.request)?.progress(message.progress);
      case 'started':
        present = Math.max(present, message.run);
        break;
    }
    if (message.run < present) return;
    emit(message);
    if (message.type === 'frames' || message.type === 'finished' || message.type === 'failed')
      acknowledge(message.run);
  };

  const crash = (reason: string) => {
    port?.terminate();
    port = null;
    present = inFlight ?? lastRun;
    inFlight = null;
    const because = reason ? ` (${reason})` : '';
    const message = `The computation stopped unexpectedly${because}; press Reset to run it again, or try a smaller network.`;
    rejectAll(message);
    emit({ type: 'crashed', run: present, message });
    const next = waiting;
    waiting = null;
    if (next) start(next);
  };

  return {
    run: (experiment, chart, restart = false) =>
      start({ type: 'run', run: ++lastRun, experiment, chart, restart }),
    replay: (trajectory, chart) => start({ type: 'replay', run: ++lastRun, trajectory, chart }),
    cancel() {
      waiting = null;
      port?.post({ type: 'cancel' });
      return inFlight ?? present;
    },
    chart(chart) {
      if (waiting) waiting = { ...waiting, chart };
      port?.post({ type: 'chart', chart });
    },
    export: (parameters) =>
      new Promise((resolve, reject) => {
        if (!port) return reject(new Error('There is no run to export yet; run an experiment first.'));
        const request = ++lastRequest;
        requests.set(request, { resolve, reject });
        port.post({ type: 'export', request, parameters });
      }),
    ask(question, progress) {
      const request = ++lastRequest;
      const answer = new Promise<SymmetryAnswer | null>((resolve, reject) => {
        if (!port) return resolve(null);
        questions.set(request, { resolve, reject, progress });
        port.post({ type: 'symmetry-ask', run: present, request, question });
      });
      return { answer, cancel: () => port?.post({ type: 'symmetry-cancel', request }) };
    },
    closeOrbit: () => port?.post({ type: 'symmetry-orbit-closed' }),
    listen(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    dispose() {
      port?.terminate();
      port = null;
      rejectAll('The page was closed.');
      listeners.clear();
    },
  };
}
