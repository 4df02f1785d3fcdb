import type { Experiment, ParametersRecorded } from '../experiment/experiment.ts';
import type { ConservedSetting } from '../experiment/resolved-experiment.ts';
import type { TeleportationRecord, Trajectory } from '../experiment/trajectory.ts';
import type { Frames } from '../flow/chunk.ts';
import type { Outcome } from '../flow/outcome.ts';
import type { ConservedLaw } from '../flow/weight-decay.ts';
import type { Chart, ChartKind } from '../landscape/chart.ts';
import type { ConservationCondition, ConservedFormulaName } from '../symmetry/conserved-quantity.ts';
import type { GroupName } from '../symmetry/group-action.ts';
import type { SymmetryAnswer, SymmetryProgress, SymmetryQuestion } from './symmetry/question.ts';

/** The whole wire protocol between the page and the worker. Every message about a run carries its id; stale ones are dropped. */
export type ClientMessage =
  /**
   * Run an experiment. When only the steered Q differs from the run before, only the steered flow is recomputed, unless
   * `restart` asks for all of them.
   */
  | {
      readonly type: 'run';
      readonly run: number;
      readonly experiment: Experiment;
      readonly chart: ChartKind;
      readonly restart?: boolean;
    }
  /** Replay an imported trajectory without recomputing it. */
  | {
      readonly type: 'replay';
      readonly run: number;
      readonly trajectory: Trajectory;
      readonly chart: ChartKind;
    }
  /** Every flow that still runs ends as cancelled, then the run is finished. */
  | { readonly type: 'cancel' }
  /** Choose the chart that is kept up to date. */
  | { readonly type: 'chart'; readonly chart: ChartKind }
  | { readonly type: 'export'; readonly request: number; readonly parameters: ParametersRecorded }
  /** A question about the symmetries of run `run`. The latest of a kind wins; those before it are given up. */
  | {
      readonly type: 'symmetry-ask';
      readonly run: number;
      readonly request: number;
      readonly question: SymmetryQuestion;
    }
  | { readonly type: 'symmetry-cancel'; readonly request: number }
  /** The orbit explorer was closed: its curve leaves the charts. */
  | { readonly type: 'symmetry-orbit-closed' };

export type WorkerMessage =
  | { readonly type: 'started'; readonly run: number; readonly summary: RunSummary }
  /** New frames, without parameters (`parameters` is empty): the worker keeps those. */
  | { readonly type: 'frames'; readonly run: number; readonly frames: Frames }
  /** Jumps that flows took, without parameters; posted before the frames that show the states after them. */
  | { readonly type: 'jumps'; readonly run: number; readonly jumps: readonly JumpEntry[] }
  | { readonly type: 'ended'; readonly run: number; readonly flow: number; readonly outcome: Outcome }
  | { readonly type: 'chart'; readonly run: number; readonly chart: Chart }
  | { readonly type: 'engine'; readonly run: number; readonly engine: EngineSummary }
  /** At most 10 a second. `fraction` of the work done, 0 to 1. `remaining`: seconds still to go, null while unknown. */
  | {
      readonly type: 'progress';
      readonly run: number;
      readonly steps: number;
      readonly stepsPerSecond: number;
      readonly fraction: number;
      readonly remaining: number | null;
    }
  | { readonly type: 'finished'; readonly run: number }
  /** The run could not start or go on; the page keeps showing the run before it. */
  | { readonly type: 'failed'; readonly run: number; readonly message: string }
  | { readonly type: 'exported'; readonly request: number; readonly trajectory: Trajectory }
  | { readonly type: 'export-failed'; readonly request: number; readonly message: string }
  | { readonly type: 'symmetry-answer'; readonly request: number; readonly answer: SymmetryAnswer }
  | { readonly type: 'symmetry-progress'; readonly request: number; readonly progress: SymmetryProgress }
  /** `message`: a sentence, or empty where the question was given up. */
  | { readonly type: 'symmetry-failed'; readonly request: number; readonly message: string };

/** What is known of a run once it has been resolved. */
export interface RunSummary {
  readonly experiment: Experiment;
  /** true: the steered flow and its twin start anew, the other flows and their frames stay. */
  readonly steer: boolean;
  /** true: an imported trajectory is shown, nothing is computed. */
  readonly replay: boolean;
  readonly flows: readonly FlowSummary[];
  /** One per layer pair. */
  readonly conserved: readonly {
    readonly layerPair: number;
    readonly units: number;
    readonly formula: ConservedFormulaName;
    readonly condition: ConservationCondition;
    /** What Q does along a flow between jumps: drift is the departure from it. */
    readonly law: ConservedLaw;
  }[];
  readonly setting: ConservedSetting | null;
  /** Why there is no conserved quantity, empty where there is one. */
  readonly noConservedQuantity: string;
  /** null where the experiment has no teleportations. */
  readonly teleportation: TeleportationSummary | null;
  /** The continuous groups, in the order of the table: those by which flows can teleport, and why the others cannot. */
  readonly groups: readonly GroupChoice[];
  readonly parameterCount: number;
  readonly samples: number;
  /** Charts that fit this run, in the order of the menu. */
  readonly charts: readonly ChartKind[];
}

/** How the flows of a run teleport. */
export interface TeleportationSummary {
  /** false: the schedule is empty. */
  readonly teleports: boolean;
  /** The group of the document, or what 'auto' means at the parameters as initialised. */
  readonly group: GroupName;
  /** Whether the loss is kept exactly there, and one sentence on why, or what is missing. */
  readonly exact: boolean;
  readonly message: string;
}

/** One jump of flow `flow`: a line of the ledger. */
export interface JumpEntry {
  readonly flow: number;
  readonly jump: TeleportationRecord;
}

/** A group by which flows teleport. */
export interface GroupChoice {
  readonly name: GroupName;
  readonly label: string;
  readonly symbol: string;
  /** Why it does not act on the parameters of this run, one sentence; empty where it does. */
  readonly refusal: string;
}

export interface FlowSummary {
  readonly label: string;
  /** 'twin': from the start of the steered flow, without teleporting. */
  readonly role: 'steered' | 'sweep' | 'replica' | 'twin';
  readonly q: number | null;
}

/** Which engine runs and why, for the status line. */
export interface EngineSummary {
  readonly kind: 'cpu' | 'webgpu' | 'tfjs';
  readonly precision: 'float64' | 'float32';
  readonly device: string;
  readonly reason: string;
  /** How long the run was expected to take when the engine was chosen; null when nothing was known. */
  readonly seconds: number | null;
  /** A sentence that the user should see (device lost, self-test failed), else empty. */
  readonly message: string;
}
