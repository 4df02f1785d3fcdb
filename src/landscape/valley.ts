import { createLoss } from '../model/network.ts';
import { parameterCount } from '../model/parameters.ts';
import { sharpness } from '../model/sharpness.ts';
import type { ChartFloor, ChartSurface } from './chart.ts';
import type { ChartInput } from './chart-input.ts';
import { evenly, height } from './chart-parts.ts';
import { affordable, lossesOf, lossWork, rest } from './loss-batch.ts';

/** One column of a valley: x, and the states along the line of its flow, y = 0 on the floor. */
export interface ValleyColumn {
  readonly x: number;
  /** Writes the state at y, length P. */
  state(y: number, out: Float64Array): void;
}

/** Grid lines along y: a glimpse while flows run, smooth when they have ended, and the fewest that show a valley. */
const ROWS = { preview: 33, final: 97, fewest: 9 } as const;
/** The surface reaches this far beyond the farthest start, and this share of it behind the floor. */
const REACH = 1.1;
const BEHIND = 1 / 3;
/** Rows are spaced as |y|^CROWDING: closer together near the floor, where the loss bends most. */
const CROWDING = 1.5;
/** Multiply-adds that the sharpness of the floor may cost: some seconds. */
const SHARPNESS_WORK = 4e9;
/** Hessian-vector products of one sharpness, and losses' worth of work in one such product. */
const SHARPNESS_LOSSES = 24 * 4;

/** True losses on the lines of the columns, over one range of y that reaches beyond `farthest`; null where too few or too costly. */
export async function drawValley(
  input: ChartInput,
  columns: readonly ValleyColumn[],
  farthest: number,
): Promise<ChartSurface | null> {
  const { length: width } = columns;
  if (width < 2) return null;
  const count = affordable(input, width * ROWS[input.detail], width * ROWS.fewest);
  if (count === 0) return null;
  const y = rowPositions(REACH * farthest, Math.floor(count / width));
  const losses = await lossesOf(input, y.length * width, (index, theta) => {
    columns[index % width]!.state(y[Math.floor(index / width)]!, theta);
  });
  return {
    columns: width,
    rows: y.length,
    x: Float32Array.from(columns, ({ x }) => x),
    y: Float32Array.from(losses, (_, index) => y[Math.floor(index / width)]!),
    height: Float32Array.from(losses, height),
  };
}

/** `rows` positions from behind the floor to `reach`, crowded near the floor, which is one of them (y = 0). */
function rowPositions(reach: number, rows: number): Float32Array {
  const behind = Math.round((rows - 1) / 4);
  const ahead = rows - 1 - behind;
  return evenly(-behind, ahead, rows - 1).map((i) =>
    i < 0 ? -reach * BEHIND * (-i / behind) ** CROWDING : reach * (i / ahead) ** CROWDING,
  );
}

/** The curve y = 0 with its true losses, and its sharpness once the flows have ended (NaN before, and for networks too large). */
export async function drawFloor(
  input: ChartInput,
  columns: readonly ValleyColumn[],
  surface: ChartSurface | null,
): Promise<ChartFloor | null> {
  if (!surface) return null;
  const at = surface.y.indexOf(0);
  const values = new Float32Array(columns.length).fill(Number.NaN);
  const work = columns.length * SHARPNESS_LOSSES * lossWork(input.problem);
  if (input.detail === 'final' && work <= SHARPNESS_WORK) {
    const network = createLoss(input.problem);
    const theta = new Float64Array(parameterCount(input.problem.architecture));
    for (const [i, column] of columns.entries()) {
      column.state(0, theta);
      values[i] = sharpness(network, theta);
      await rest(input);
    }
  }
  return {
    x: surface.x.slice(),
    y: new Float32Array(columns.length),
    height: surface.height.slice(at, at + columns.length),
    sharpness: values,
  };
}

/** Said of a floor whose sharpness was not affordable. */
export const sharpnessNote = ({ detail }: ChartInput, floor: ChartFloor | null): string[] =>
  detail === 'final' && floor?.sharpness.every(Number.isNaN)
    ? ['The sharpness of the floor is not computed: the network is too large.']
    : [];
