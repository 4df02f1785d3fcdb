import type { StoreApi } from 'zustand/vanilla';
import type { Experiment, ParametersRecorded } from '../experiment/experiment.ts';
import type { Trajectory } from '../experiment/trajectory.ts';
import type { ChartKind } from '../landscape/chart.ts';
import type { PlaybackState } from './playback.ts';
import type { RunState } from './run.ts';
import type { SymmetryActions } from './symmetry-types.ts';

/** What the user asked for. */
export interface ExperimentState {
  readonly experiment: Experiment;
  readonly canUndo: boolean;
  readonly canRedo: boolean;
}

/** How the user likes to see it: kept in localStorage, in no document. */
export interface PreferencesState {
  readonly theme: 'system' | 'dark' | 'light';
  readonly colourMap: 'viridis' | 'cividis';
  readonly heightScale: 'linear' | 'log';
  readonly chart: ChartKind;
}

/** One sentence for the user, shown until dismissed; the running experiment goes on. */
export interface NoticeState {
  readonly kind: 'error' | 'information';
  readonly text: string;
}

export interface PresetEntry {
  readonly file: string;
  readonly title: string;
}

/** The one object that the components talk to: stores to read, actions to call. Built by `createSession`. */
export interface Session extends SymmetryActions {
  readonly experiment: StoreApi<ExperimentState>;
  readonly run: StoreApi<RunState>;
  readonly playback: StoreApi<PlaybackState>;
  readonly preferences: StoreApi<PreferencesState>;
  readonly notice: StoreApi<NoticeState>;

  /** Replaces the experiment and runs it. Edits with the same `gesture` (one slider drag) make one undo step. */
  edit(experiment: Experiment, gesture?: string): void;
  undo(): void;
  redo(): void;
  /** Runs the present experiment again from its start, same seeds. */
  reset(): void;
  cancel(): void;

  /** The presets of public/presets/index.json. */
  presets(): Promise<readonly PresetEntry[]>;
  openPreset(file: string): Promise<void>;
  /** Opens an experiment or a trajectory; a bad one becomes a notice and nothing else changes. */
  openFile(file: File): Promise<void>;
  openText(text: string): void;
  /** The trajectory of the present run. Rejects with a sentence when there is none. */
  exportTrajectory(parameters: ParametersRecorded): Promise<Trajectory>;
  /** A link that reopens the present experiment. Throws a sentence when the experiment is too long for one. */
  link(): string;

  selectChart(chart: ChartKind): void;
  play(): void;
  pause(): void;
  /** One frame on. */
  step(): void;
  /** Moves the cursor to a fractional frame index. */
  seek(cursor: number): void;
  setSpeed(speed: number): void;
  dispose(): void;
}
