import type { KernelShape } from './shape.ts';

/** How a workgroup walks through the samples: `tile` at a time. */
export interface Tiling {
  readonly workgroupSize: number;
  /** Samples whose activations are kept at once. */
  readonly tile: number;
  /** Number of tiles that cover the samples. */
  readonly tiles: number;
}

/** What a device gives one workgroup. */
export interface WorkgroupLimits {
  /** Bytes of workgroup memory. */
  readonly memory: number;
  /** Lanes of a workgroup: not fewer than pay off, not more than there are. */
  readonly fewestLanes: number;
  readonly mostLanes: number;
}

/** The arrays over units that a kernel keeps per sample, by name: of each hidden layer and of the output. */
export interface Tape {
  readonly hidden: readonly string[];
  readonly output: readonly string[];
}

/** Cells of a grid (see contraction.ts) for one lane: enough to read each operand for several products. */
const CELLS_PER_LANE = 8;
/** Past this many samples in memory at once a larger tile saves next to nothing. */
const LARGEST_TILE = 64;
/** Bytes kept free for scalars, the reduction over 256 lanes and the alignment of arrays. */
const RESERVE = 2048;

/** Floats of workgroup memory that one sample takes. */
const tapePerSample = (shape: KernelShape, tape: Tape): number =>
  shape.widths.slice(1, -1).reduce((sum, width) => sum + tape.hidden.length * width, 0) +
  tape.output.length * shape.widths.at(-1)!;

/** Bytes of workgroup memory that the kernel needs at the least: the parameters and the tape of one sample. */
export const leastMemory = (shape: KernelShape, tape: Tape): number =>
  RESERVE + 4 * (shape.size + tapePerSample(shape, tape));

/**
 * Chooses the tile for a shape: as many samples at a time as memory holds, in tiles of about equal size. null when not even one sample fits beside the parameters.
 */
export function tiling(shape: KernelShape, tape: Tape, limits: WorkgroupLimits): Tiling | null {
  const free = Math.floor((limits.memory - leastMemory(shape, tape)) / 4) + tapePerSample(shape, tape);
  const fitting = Math.min(LARGEST_TILE, Math.floor(free / tapePerSample(shape, tape)));
  if (fitting < 1) return null;
  const tiles = Math.ceil(shape.samples / fitting);
  const tile = Math.ceil(shape.samples / tiles);
  return { workgroupSize: workgroupSize(shape.widths, tile, limits), tile, tiles };
}

/**
 * Lanes for the largest grid of the passes, which are tile x width and width x width of neighbouring layers: a power of two.
 * Fewer lanes leave a wide network's work to few; more cost a narrow one at every barrier.
 */
export function workgroupSize(
  widths: readonly number[],
  tile: number,
  { fewestLanes, mostLanes }: Pick<WorkgroupLimits, 'fewestLanes' | 'mostLanes'>,
): number {
  const cells = widths.slice(1).map((width, i) => width * Math.max(tile, widths[i]!));
  const lanes = 2 ** Math.ceil(Math.log2(Math.max(...cells) / CELLS_PER_LANE));
  return Math.min(mostLanes, Math.max(fewestLanes, lanes));
}

/** Number of rows that `samples` must hold: the samples, padded to whole tiles. */
export const paddedSamples = (tiling: Tiling): number => tiling.tile * tiling.tiles;

/** The arrays that lanes share, with their lengths: the parameters in `point`, and the tape as `name_layer`. */
export function sharedArrays(shape: KernelShape, tape: Tape, { tile }: Tiling): Record<string, number> {
  const last = shape.layers.length;
  const perLayer = shape.layers.flatMap(({ rows }, i) => {
    const names = i + 1 === last ? tape.output : tape.hidden;
    return names.map((name) => [`${name}${i + 1}`, tile * rows] as const);
  });
  return { point: shape.size, ...Object.fromEntries(perLayer) };
}
