import type { Architecture } from '../model/architecture.ts';
import { parameterLayout } from '../model/parameters.ts';
import { type IntegratorName, integrator } from './integrator.ts';

const GIBIBYTE = 2 ** 30;
const MEBIBYTE = 2 ** 20;
const BYTES = Float64Array.BYTES_PER_ELEMENT;
/** Arrays of [samples][rows] that a network keeps per layer, for values, derivatives, adjoints and their tangents. */
const ARRAYS_PER_LAYER = 8;
/** Arrays of P that a flow keeps besides its stages. */
const ARRAYS_PER_FLOW = 4;

/** What a run may hold in memory, whatever the engine: well within one browser tab, with as much again for what passes through. */
export const MEMORY_LIMIT = GIBIBYTE;

/** The sizes of a problem: known before its numbers are. */
export interface ProblemSize {
  readonly architecture: Architecture;
  readonly samples: number;
}

/** The sizes of a run. */
export interface RunSize {
  readonly integrator: IntegratorName;
  readonly flows: number;
  /** Frames of one flow whose parameters are kept, the last state included. */
  readonly frames: number;
}

/** Bytes that the data and the network of a problem take and, with a run, its flows and the parameters of their frames. */
export function memoryNeeded({ architecture, samples }: ProblemSize, run?: RunSize): number {
  const { layers, size } = parameterLayout(architecture);
  const units = layers.reduce((sum, { rows }) => sum + rows, 0);
  const data = samples * (layers[0]!.columns + layers.at(-1)!.rows);
  const network = data + samples * units * ARRAYS_PER_LAYER + size;
  if (!run) return BYTES * network;
  const stages = integrator(run.integrator).tableau.points.length;
  return BYTES * (network + run.flows * size * (stages + ARRAYS_PER_FLOW + run.frames));
}

/** null when it fits the limit, else one sentence with the sizes, the limit and what to do. */
export function memoryObjection(problem: ProblemSize, run?: RunSize, limit = MEMORY_LIMIT): string | null {
  const bytes = memoryNeeded(problem, run);
  if (bytes <= limit) return null;
  const { samples, architecture } = problem;
  const { size } = parameterLayout(architecture);
  const network = architecture.kind === 'mlp';
  const data = network ? [`${samples} samples`] : [];
  const sizes = run
    ? [
        `${run.flows} flow${run.flows === 1 ? '' : 's'} of ${size} parameters, ${run.frames} frames each`,
        ...data,
      ].join('; ')
    : [`${size} parameters`, ...data].join(', ');
  const smaller = network ? 'smaller widths, fewer flows or samples' : 'fewer flows';
  return `The run would take ${inBytes(bytes)} of memory (${sizes}) and at most ${inBytes(limit)} are allowed: use ${smaller}, or record fewer frames.`;
}

/** '10.2 GiB', '300 MiB'. */
export const inBytes = (bytes: number): string =>
  bytes >= GIBIBYTE
    ? `${Number((bytes / GIBIBYTE).toPrecision(3))} GiB`
    : `${Math.ceil(bytes / MEBIBYTE)} MiB`;
