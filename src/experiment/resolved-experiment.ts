import type { FlowPlan } from '../flow/plan.ts';
import type { Problem } from '../model/problem.ts';
import type { ConservedQuantity } from '../symmetry/conserved-quantity.ts';
import type { GroupName } from '../symmetry/group-action.ts';
import type { TeleportationPlan } from '../symmetry/teleportation/options.ts';
import type { Experiment } from './experiment.ts';

/** One flow of a resolved experiment, in document order: the steered flow, the sweep, the replicas, its twin. */
export interface ResolvedFlow {
  readonly role: 'steered' | 'sweep' | 'replica' | 'twin';
  /** 'Q = -2', 'seed 5', 'Q = -2, not teleported'. */
  readonly label: string;
  /** Total Q of the chosen layer pair at the start; null where there is none. */
  readonly q: number | null;
  /** theta at the start, length P. */
  readonly parameters: Float64Array;
  /** Whether it teleports when the run does. */
  readonly teleports: boolean;
}

/** An experiment turned into what an engine needs. Built by `resolveExperiment`. */
export interface ResolvedExperiment {
  readonly experiment: Experiment;
  readonly problem: Problem;
  readonly plan: FlowPlan;
  readonly flows: readonly ResolvedFlow[];
  /** One per layer pair; only the first for smooth activations, empty where none is known. */
  readonly conserved: readonly ConservedQuantity[];
  /** How Q of the chosen layer pair is set, and what can be reached; null where there is none. */
  readonly setting: ConservedSetting | null;
  /** null where the experiment has no teleportations. */
  readonly teleportation: ResolvedTeleportation | null;
}

/** How those flows of an experiment teleport that do. */
export interface ResolvedTeleportation {
  /** null where no flow ever does: the schedule is empty, or no group keeps the loss. */
  readonly plan: TeleportationPlan | null;
  /** The group of the document, or what 'auto' means at the parameters as initialised. */
  readonly group: GroupName;
  /** Whether the loss is kept exactly there. */
  readonly exact: boolean;
  /** One sentence: why it is exact, or what is missing. */
  readonly message: string;
}

/** How the slider sets Q, and its effect on the steered flow. */
export interface ConservedSetting {
  readonly layerPair: number;
  readonly units: number;
  /** 'orbit': along the group orbit, the function is kept. 'outer-scaling': the outer layer is scaled, the function changes. */
  readonly method: 'orbit' | 'outer-scaling';
  /** Reachable total Q; an infinite end is null. */
  readonly interval: { readonly minimum: number | null; readonly maximum: number | null };
  /** Reachable q of each unit. */
  readonly unitIntervals: readonly { readonly minimum: number | null; readonly maximum: number | null }[];
  /** Q and q_k as the initialisation gives them, and of the steered flow's start. */
  readonly initial: { readonly total: number; readonly perUnit: readonly number[] };
  readonly steered: { readonly total: number; readonly perUnit: readonly number[] };
  /** Loss of the steered start minus the loss as initialised. */
  readonly lossChange: number;
  /** Mean and standard deviation of Q over the initialisation scheme; null for explicit parameters. */
  readonly moments: { readonly mean: number; readonly std: number } | null;
}
