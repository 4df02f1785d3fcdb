import type { Architecture, MlpArchitecture, TestFunctionArchitecture } from '../model/architecture.ts';
import type { LossName } from '../model/loss.ts';
import type { LayerParameters } from '../model/parameters.ts';
import type { GroupName } from '../symmetry/group-action.ts';
import type { ObjectiveName } from '../symmetry/teleportation/options.ts';

/**
 * The experiment document: everything needed to repeat a run, and nothing else. The slider, the URL, files, presets, the
 * CLI and the tests all go through it. Field names are normative (docs/design.md); fields may be added, not renamed.
 */
export type Experiment = MlpExperiment | TestFunctionExperiment;

/** Of a network: with data and a loss. */
export interface MlpExperiment extends ExperimentFields {
  readonly architecture: MlpArchitecture;
  readonly data: DataDocument;
  readonly loss: { readonly kind: LossName };
}

/** Of a test function, which is its own loss and needs no data. `parameters` has one layer with weight [[x, y]]. */
export interface TestFunctionExperiment extends ExperimentFields {
  readonly architecture: TestFunctionArchitecture;
  readonly data?: never;
  readonly loss?: never;
}

/** Whether an experiment is that of a network. */
export const isMlpExperiment = (experiment: Experiment): experiment is MlpExperiment =>
  experiment.architecture.kind === 'mlp';

/** What every experiment has. */
interface ExperimentFields {
  readonly type: 'orbitscape/experiment';
  readonly version: 1;
  readonly title: string;
  /** One or two sentences on what to look for (optional, shown above the picture). */
  readonly description?: string;
  readonly architecture: Architecture;
  readonly initialisation: InitialisationDocument;
  readonly conservedQuantity?: ConservedQuantityDocument;
  readonly flow: FlowDocument;
  /** Jumps along the orbit of a symmetry on the way. */
  readonly teleportations?: TeleportationsDocument;
  readonly record: RecordDocument;
  readonly engine: EngineName;
}

export type EngineName = 'auto' | 'cpu' | 'webgpu' | 'tfjs';

export type DataDocument =
  /** Inputs = the identity, one sample per input; targets N(0, 1) (one-hot of their largest entry for cross-entropy). */
  | { readonly kind: 'whitened'; readonly seed: number }
  /** Inputs N(0, 1); targets = a random network of the same kind (its softmax for cross-entropy). */
  | { readonly kind: 'teacher'; readonly seed: number; readonly samples: number }
  /** One row per sample. */
  | {
      readonly kind: 'explicit';
      readonly inputs: readonly (readonly number[])[];
      readonly targets: readonly (readonly number[])[];
    };

export type InitialisationDocument =
  /** `std`: one standard deviation per layer. `replicas`: further flows from the seeds seed+1, seed+2, .. */
  | {
      readonly kind: 'normal';
      readonly std: readonly number[];
      readonly seed: number;
      readonly replicas?: number;
    }
  | {
      readonly kind: 'xavier' | 'he' | 'lecun' | 'orthogonal';
      /** Multiplies every weight, default 1. */
      readonly gain?: number;
      readonly seed: number;
      readonly replicas?: number;
    }
  | { readonly kind: 'explicit'; readonly parameters: readonly LayerParameters[] };

/** `value` is the Q of the steered flow; `sweep` adds flows over a range of the total. Without `value`: Q as initialised. */
export type ConservedQuantityDocument = {
  readonly layerPair: number;
  readonly sweep?: { readonly from: number; readonly to: number; readonly count: number };
} & (
  | { readonly kind: 'total'; readonly value?: number }
  /** One q per hidden unit. */
  | { readonly kind: 'per-unit'; readonly value: readonly number[] }
);

/**
 * When and how flows teleport (symmetry/teleportation/options.ts). One schedule: `at` step numbers (0 is the start), `every`
 * so many steps, or `whenGradientNormBelow` a bound, at most `limit` times (default 1); `atTime` is for adaptive integrators.
 */
export type TeleportationsDocument = {
  readonly group: GroupName | 'auto';
  readonly objective: ObjectiveName;
  readonly direction: 'increase' | 'decrease';
  /** Total Q of layer pair 0 to go to, with the objective 'conserved-quantity'. */
  readonly target?: number;
  readonly iterations: number;
  readonly maximumDistance: number;
  /**
   * Whether a jump to a larger gradient stops before steps of the flow's fixed size would become unstable
   * (symmetry/teleportation/stability.ts); default true. Orbits of compact groups have no such limit.
   */
  readonly keepStable?: boolean;
  /** Of random directions, default 0. */
  readonly seed?: number;
  /** Which flows jump: 'all' (default) but the twin, or the 'steered' one alone, with the sweep as its context. */
  readonly flows?: 'all' | 'steered';
  /** Whether a flow from the same start that does not teleport is added, last; default true. */
  readonly twin?: boolean;
} & (
  | { readonly at: readonly number[] }
  | { readonly atTime: readonly number[] }
  | { readonly every: number }
  | { readonly whenGradientNormBelow: number; readonly limit?: number }
);

export type FlowDocument = {
  /** lambda of theta' = -grad L - lambda theta, default 0: under it Q(t) = Q(0) e^(-2 lambda t) (math.md B1). */
  readonly weightDecay?: number;
  /** Stop as converged once the gradient norm falls to `gradientNorm`. */
  readonly stop?: { readonly gradientNorm: number };
} & (
  | { readonly integrator: 'gradient-descent' | 'rk4'; readonly stepSize: number; readonly steps: number }
  | { readonly integrator: 'dormand-prince'; readonly tolerance: number; readonly time: number }
);

export type ParametersRecorded = 'none' | 'final' | 'all';

export type RecordDocument = { readonly parameters: ParametersRecorded } & (
  | { readonly count: number; readonly spacing: 'linear' | 'log' }
  | { readonly steps: readonly number[] }
);
