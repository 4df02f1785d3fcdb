import type { Outcome } from '../flow/outcome.ts';
import { type LayerParameters, unpackParameters } from '../model/parameters.ts';
import type { Teleportation, TeleportationState } from '../symmetry/teleportation/options.ts';
import { application } from './application.ts';
import type { Experiment, ParametersRecorded } from './experiment.ts';

/** What computed numbers, and how precisely. */
export interface ComputedBy {
  readonly engine: 'cpu' | 'webgpu' | 'tfjs';
  readonly precision: 'float64' | 'float32';
}

/** The trajectory document: an experiment and what happened when it ran. Numbers are finite or null. */
export interface Trajectory {
  readonly type: 'orbitscape/trajectory';
  readonly version: 1;
  readonly experiment: Experiment;
  /** The engine of the run. */
  readonly provenance: ComputedBy & {
    /** 'orbitscape 0.1.0'. */
    readonly application: string;
  };
  readonly flows: readonly TrajectoryFlow[];
}

export interface TrajectoryFlow {
  readonly label: string;
  readonly outcome: Outcome;
  /** The engines that computed this flow, in order, where that is not the engine of the run alone (a device was lost on the way). */
  readonly computedBy?: readonly ComputedBy[];
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
  /** The jumps of this flow, in order. */
  readonly teleportations: readonly TeleportationRecord[];
}

/** One jump, with the step (and time) at which the flow took it. */
export interface TeleportationRecord extends Teleportation {
  readonly step: number;
  readonly time: number;
  /** Parameters before and after, with 'all'. */
  readonly parameters?: {
    readonly before: readonly LayerParameters[];
    readonly after: readonly LayerParameters[];
  };
}

/** A jump as it was recorded: `from` and `to` are theta before and after, null where they were not kept. */
export interface RecordedJump {
  readonly step: number;
  readonly time: number;
  readonly jump: Teleportation;
  readonly from: ArrayLike<number> | null;
  readonly to: ArrayLike<number> | null;
}

/** What was recorded of one flow. Arrays may be longer than `count`: entries from there on are ignored. */
export interface FlowRecord {
  readonly label: string;
  readonly outcome: Outcome;
  /** The engines that computed it, in order; absent: the engine of the run. */
  readonly computedBy?: readonly ComputedBy[];
  readonly frames: {
    readonly count: number;
    readonly step: ArrayLike<number>;
    readonly time: ArrayLike<number>;
    readonly loss: ArrayLike<number>;
    readonly gradientNorm: ArrayLike<number>;
    /** [count][layerPairs]. */
    readonly conserved: ArrayLike<number>;
  };
  readonly valley?: { readonly distance: ArrayLike<number>; readonly offChart: ArrayLike<number> };
  /** The jumps in order, with theta before and after where the document asks for 'all'. */
  readonly jumps?: readonly RecordedJump[];
  /** theta (length P) at a frame. Asked for the first and the last frame with 'final', for every frame with 'all'. */
  parameters(frame: number): ArrayLike<number>;
}

/**
 * The trajectory document of a run. `flows` in the order of the experiment; `layerPairs` is the row length of `conserved`;
 * `parameters` says which to include. Numbers that are not finite become null.
 */
export function createTrajectory(
  experiment: Experiment,
  engine: ComputedBy,
  flows: readonly FlowRecord[],
  layerPairs: number,
  parameters: ParametersRecorded,
): Trajectory {
  return {
    type: 'orbitscape/trajectory',
    version: 1,
    experiment,
    provenance: { application, engine: engine.engine, precision: engine.precision },
    flows: flows.map((flow) => ({
      label: flow.label,
      outcome: { kind: flow.outcome.kind, message: flow.outcome.message },
      ...otherEngines(flow, engine),
      frames: trajectoryFrames(flow, layerPairs),
      parameters: trajectoryParameters(experiment, flow, parameters),
      teleportations: (flow.jumps ?? []).map((jump) => teleportationRecord(experiment, jump, parameters)),
    })),
  };
}

/** `computedBy` where it says more than the provenance. */
function otherEngines({ computedBy = [] }: FlowRecord, run: ComputedBy): Pick<TrajectoryFlow, 'computedBy'> {
  const same = computedBy.every(
    ({ engine, precision }) => engine === run.engine && precision === run.precision,
  );
  return same ? {} : { computedBy: computedBy.map(({ engine, precision }) => ({ engine, precision })) };
}

const finiteOrNull = (value: number): number | null => (Number.isFinite(value) ? value : null);

function trajectoryFrames({ frames, valley }: FlowRecord, layerPairs: number): TrajectoryFlow['frames'] {
  const { count } = frames;
  const numbers = (values: ArrayLike<number>) => Array.from({ length: count }, (_, i) => values[i]!);
  const nullable = (values: ArrayLike<number>) => numbers(values).map(finiteOrNull);
  const conserved = Array.from({ length: count }, (_, i) =>
    Array.from({ length: layerPairs }, (_, l) => finiteOrNull(frames.conserved[i * layerPairs + l]!)),
  );
  return {
    step: numbers(frames.step),
    time: numbers(frames.time),
    loss: nullable(frames.loss),
    gradientNorm: nullable(frames.gradientNorm),
    conserved,
    ...(valley && {
      valley: { distance: nullable(valley.distance), offChart: nullable(valley.offChart) },
    }),
  };
}

function trajectoryParameters(
  { architecture }: Experiment,
  flow: FlowRecord,
  recorded: ParametersRecorded,
): TrajectoryFlow['parameters'] {
  const { count } = flow.frames;
  if (recorded === 'none' || count === 0) return { initial: [], final: [] };
  const layers = (frame: number) => unpackParameters(architecture, flow.parameters(frame));
  const ends = { initial: layers(0), final: layers(count - 1) };
  return recorded === 'all' ? { ...ends, frames: Array.from({ length: count }, (_, i) => layers(i)) } : ends;
}

function teleportationRecord(
  { architecture }: Experiment,
  { step, time, jump, from, to }: RecordedJump,
  recorded: ParametersRecorded,
): TeleportationRecord {
  const { group, objective, distance, displacement, iterations, gradients, message } = jump;
  const state = ({ loss, gradientNorm, conserved, sharpness }: TeleportationState) => ({
    loss,
    gradientNorm,
    conserved: [...conserved],
    sharpness,
  });
  return {
    step,
    time,
    group,
    objective,
    before: state(jump.before),
    after: state(jump.after),
    distance,
    displacement,
    iterations,
    gradients,
    message,
    ...(recorded === 'all' &&
      from &&
      to && {
        parameters: {
          before: unpackParameters(architecture, from),
          after: unpackParameters(architecture, to),
        },
      }),
  };
}
