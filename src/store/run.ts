import { createStore } from 'zustand/vanilla';
import type { TeleportationRecord } from '../experiment/trajectory.ts';
import type { Outcome } from '../flow/outcome.ts';
import type { Chart } from '../landscape/chart.ts';
import type { EngineSummary, RunSummary } from '../workers/protocol.ts';
import { FrameBuffer } from './frame-buffer.ts';

/** Slow facts about the present run, changed at most 10 times a second. Frames are in `frames`, which is not reactive. */
export interface RunState {
  readonly status: 'idle' | 'starting' | 'running' | 'finished' | 'cancelled' | 'failed';
  readonly summary: RunSummary | null;
  readonly engine: EngineSummary | null;
  /** Outcome of each flow; null while it runs. */
  readonly outcomes: readonly (Outcome | null)[];
  /** The jumps of each flow so far, in order, without parameters. */
  readonly jumps: readonly (readonly TeleportationRecord[])[];
  readonly steps: number;
  readonly stepsPerSecond: number;
  readonly fraction: number;
  /** Seconds still to go; null while unknown and when nothing runs. */
  readonly remaining: number | null;
  /** One sentence about what went wrong or what changed, else empty. */
  readonly message: string;
  readonly chart: Chart | null;
  /** Append-only frames; `revision` grows when they do. Read it by subscription, never through React state. */
  readonly frames: FrameBuffer;
  readonly revision: number;
}

/** The run store. Written by the session that owns the client; read by everyone. */
export const createRunStore = () =>
  createStore<RunState>()(() => ({
    status: 'idle',
    summary: null,
    engine: null,
    outcomes: [],
    jumps: [],
    steps: 0,
    stepsPerSecond: 0,
    fraction: 0,
    remaining: null,
    message: '',
    chart: null,
    frames: new FrameBuffer([]),
    revision: 0,
  }));
