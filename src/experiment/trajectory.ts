import type { Outcome } from '../flow/outcome.ts';
import type { LayerParameters } from '../model/parameters.ts';
import type { Experiment } from './experiment.ts';

/** The trajectory document: an experiment and what happened when it ran. Numbers are finite or null. */
export interface Trajectory {
  readonly type: 'orbitscape/trajectory';
  readonly version: 1;
  readonly experiment: Experiment;
  readonly provenance: {
    /** 'orbitscape 0.1.0'. */
    readonly application: string;
    readonly engine: 'cpu' | 'webgpu' | 'tfjs';
    readonly precision: 'float64' | 'float32';
  };
  readonly flows: readonly TrajectoryFlow[];
}

export interface TrajectoryFlow {
  readonly label: string;
  readonly outcome: Outcome;
  readonly frames: {
    readonly step: readonly number[];
    readonly time: readonly number[];
    readonly loss: readonly (number | null)[];
    readonly gradientNorm: readonly (number | null)[];
    /** Total Q of each layer pair at each frame. */
    readonly conserved: readonly (readonly (number | null)[])[];
    /**
     * Coordinates on the Q-valley chart (distance from the minimum along the chart, distance off the chart), so that the
     * picture can be redrawn when not all parameters were kept. Absent when there is no valley.
     */
    readonly valley?: {
      readonly distance: readonly (number | null)[];
      readonly offChart: readonly (number | null)[];
    };
  };
  /** `initial` and `final` with 'final' and 'all'; `frames` (one entry per frame) with 'all'; empty with 'none'. */
  readonly parameters: {
    readonly initial: readonly LayerParameters[];
    readonly final: readonly LayerParameters[];
    readonly frames?: readonly (readonly LayerParameters[])[];
  };
  readonly teleportations: readonly never[];
}
