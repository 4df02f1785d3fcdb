import type { StoreApi } from 'zustand/vanilla';
import type { Chart } from '../landscape/chart.ts';
import type { ClientEvent } from '../workers/client.ts';
import type { RunSummary } from '../workers/protocol.ts';
import { FrameBuffer } from './frame-buffer.ts';
import type { FrameClock } from './playback-loop.ts';
import type { RunState } from './run.ts';

/** Milliseconds between two writes of slow facts. */
const SLOW_INTERVAL = 100;

/** Turns events of the client into run state. */
export interface RunWriter {
  receive(event: ClientEvent): void;
  /** Run `run` is the latest that was asked for. Called again with an older id when the latest was given up before it began. */
  asked(run: number): void;
  dispose(): void;
}

/**
 * Frames enter the frame buffer at once and are announced (`revision`) at most once per animation frame; progress and
 * outcomes are written at most 10 times a second; what changes the picture or the status is written at once.
 */
export function createRunWriter(store: StoreApi<RunState>, clock: FrameClock): RunWriter {
  let slow: Partial<RunState> = {};
  let grown = false;
  let handle: number | null = null;
  let lastWrite = Number.NEGATIVE_INFINITY;
  let latest = 0;
  /** The run that is shown, and how it is. */
  let shown = 0;
  let shownStatus: RunState['status'] = 'idle';

  const write = (patch: Partial<RunState>) => {
    const { revision } = store.getState();
    store.setState({ ...slow, ...patch, ...(grown && { revision: revision + 1 }) });
    slow = {};
    grown = false;
  };

  const later = (patch: Partial<RunState>) => {
    slow = { ...slow, ...patch };
    handle ??= clock.request(tick);
  };

  const tick = (time: number) => {
    handle = null;
    if (time - lastWrite >= SLOW_INTERVAL) {
      lastWrite = time;
      write({});
    } else if (grown) {
      grown = false;
      store.setState({ revision: store.getState().revision + 1 });
    }
    if (Object.keys(slow).length > 0) handle = clock.request(tick);
  };

  /** What the store will hold once everything is written. */
  const state = (): RunState => ({ ...store.getState(), ...slow });

  /** 'starting' from the moment a run is asked for until it starts, unless another one is seen running meanwhile. */
  const status = (): RunState['status'] =>
    latest > shown && shownStatus !== 'running' ? 'starting' : shownStatus;

  const started = (run: number, summary: RunSummary) => {
    const before = state();
    shown = run;
    shownStatus = 'running';
    grown = true;
    const common = {
      status: status(),
      summary,
      message: '',
      steps: 0,
      stepsPerSecond: 0,
      fraction: 0,
      remaining: null,
    };
    if (summary.steer) {
      const anew = summary.flows.map(({ role }) => role === 'steered' || role === 'twin');
      anew.forEach((begins, flow) => {
        if (begins) before.frames.clear(flow);
      });
      return write({
        ...common,
        outcomes: before.outcomes.map((outcome, flow) => (anew[flow] ? null : outcome)),
        jumps: before.jumps.map((jumps, flow) => (anew[flow] ? [] : jumps)),
      });
    }
    const frames = new FrameBuffer(summary.conserved.map(({ law }) => law));
    summary.flows.forEach((_, flow) => {
      frames.clear(flow);
    });
    const outcomes = summary.flows.map(() => null);
    const jumps = summary.flows.map(() => []);
    write({
      ...common,
      outcomes,
      jumps,
      frames,
      engine: null,
      chart: kept(before.chart, summary.flows.length),
    });
  };

  const failed = (run: number, message: string) => {
    const nothingElse = shownStatus === 'idle';
    if (run === shown || nothingElse) shownStatus = 'failed';
    // A run that could not start leaves the status line to the run that is still shown.
    write({ status: status(), ...((run === shown || nothingElse) && { message }) });
  };

  return {
    receive(event) {
      switch (event.type) {
        case 'started':
          return started(event.run, event.summary);
        case 'frames':
          store.getState().frames.append(event.frames);
          grown = true;
          return later({});
        case 'jumps': {
          const jumps = [...state().jumps];
          for (const { flow, jump } of event.jumps) {
            jumps[flow] = [...jumps[flow]!, jump];
            store.getState().frames.jumped(flow, jump);
          }
          return later({ jumps });
        }
        case 'ended':
          return later({ outcomes: state().outcomes.with(event.flow, event.outcome) });
        case 'progress': {
          const { steps, stepsPerSecond, fraction, remaining } = event;
          return later({ steps, stepsPerSecond, fraction, remaining });
        }
        case 'chart':
          return write({ chart: event.chart });
        case 'engine': {
          const { message } = event.engine;
          return write({ engine: event.engine, ...(message && { message }) });
        }
        case 'finished':
          shownStatus = endStatus(state());
          return write({ status: status(), fraction: 1, remaining: null });
        case 'failed':
          if (event.run === latest) latest = shown;
          return failed(event.run, event.message);
        case 'crashed':
          shown = event.run;
          return failed(event.run, event.message);
        default:
          event satisfies never;
      }
    },
    asked(run) {
      latest = run;
      if (status() !== store.getState().status) write({ status: status() });
    },
    dispose() {
      if (handle !== null) clock.cancel(handle);
    },
  };
}

/** The picture of the run before stays until the first of the new run comes, without flows that the new run has not. */
const kept = (chart: Chart | null, flows: number): Chart | null =>
  chart && { ...chart, paths: chart.paths.filter(({ flow }) => flow < flows) };

const endStatus = ({ outcomes, summary }: RunState): 'finished' | 'cancelled' =>
  !summary?.replay && outcomes.some((outcome) => outcome?.kind === 'cancelled') ? 'cancelled' : 'finished';
