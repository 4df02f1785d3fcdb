import type { ActivationName } from '../model/activation.ts';
import type { LossName } from '../model/loss.ts';
import type { LayerParameters } from '../model/parameters.ts';

/**
 * The experiment document: everything needed to repeat a run, and nothing else. The slider, the URL, files, presets, the
 * CLI and the tests all go through it. Field names are normative (docs/design.md); fields may be added, not renamed.
 */
export interface Experiment {
  readonly type: 'orbitscape/experiment';
  readonly version: 1;
  readonly title: string;
  /** One or two sentences on what to look for (optional, shown above the picture). */
  readonly description?: string;
  readonly architecture: {
    readonly kind: 'mlp';
    readonly widths: readonly number[];
    readonly activation: ActivationName;
    readonly bias: boolean;
  };
  readonly data: DataDocument;
  readonly loss: { readonly kind: LossName };
  readonly initialisation: InitialisationDocument;
  readonly conservedQuantity?: ConservedQuantityDocument;
  readonly flow: FlowDocument;
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

export type FlowDocument = {
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
