import { createNetwork } from '../model/network.ts';
import { conservedQuantities } from '../symmetry/conserved-quantities.ts';
import type { Chart, ChartFloor, ChartPath, ChartSurface } from './chart.ts';
import type { ChartDefinition, ChartInput } from './chart-input.ts';
import {
  type DrawnFlow,
  drawnFlows,
  evenly,
  height,
  heightAxis,
  offChartNote,
  rangeOf,
} from './chart-parts.ts';
import { affordable, lossesOf, lossWork, rest, TOO_COSTLY } from './loss-batch.ts';
import { sharpness } from './sharpness.ts';
import { type ValleyLine, valleyCoordinates, valleyLine } from './valley-line.ts';
import { dot, pointOnLine } from './vector.ts';

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

/**
 * The Q-valley (design.md section 5): x = Q; y = distance from theta*(Q) along the unit vector towards theta0(Q); height =
 * true loss of theta* + y e. One column per flow of the sweep, labelled by the Q of its end.
 */
export const qValley: ChartDefinition = {
  kind: 'q-valley',
  label: 'Q-valley',
  applies: ({ layerPair }) =>
    layerPair === null ? 'The Q-valley needs a conserved quantity, and none is known here.' : null,
  build,
};

async function build(input: ChartInput): Promise<Chart> {
  const { drawn, notes } = drawnFlows(input);
  const scale = conservedScale(drawn);
  const { paths, pathNotes } = drawPaths(drawn, scale, isConserved(input));
  const columns = valleyColumns(drawn, scale);
  const kept = columns.some(({ flow }) => flow.role === 'steered') ? undefined : input.reuse;
  const surface = kept ? kept.surface : await drawSurface(input, columns, drawn);
  const floor = kept ? kept.floor : await drawFloor(input, columns, surface);
  const sweepComes = input.flows.some(({ role, count }) => role === 'sweep' && count === 0);
  if (!surface && !sweepComes && drawn.some(({ count }) => count > 1)) {
    notes.push(
      columns.length >= 2
        ? TOO_COSTLY
        : drawn.some(({ start, end }) => start && end)
          ? 'A surface needs flows of at least two values of Q: add a sweep of Q.'
          : 'A surface needs parameters, and the trajectory was saved without them: export it with the final ones.',
    );
  }
  if (input.detail === 'final' && floor?.sharpness.every(Number.isNaN)) {
    notes.push('The sharpness of the floor is not computed: the network is too large.');
  }
  return {
    kind: 'q-valley',
    x: {
      label: 'conserved quantity Q',
      range: rangeOf([surface?.x ?? [], ...paths.map((path) => path.x)], 1e-3 * scale),
    },
    y: {
      label: 'distance from the minimum',
      range: rangeOf([surface?.y ?? [], ...paths.map((path) => path.y)]),
    },
    height: heightAxis(paths),
    surface,
    floor,
    levels: [],
    paths,
    notes: [...pathNotes, ...notes],
  };
}

/** The natural scale of Q, 1/2 |theta|^2 of the largest start or end: differences of Q far below it are rounding. */
function conservedScale(drawn: readonly DrawnFlow[]): number {
  const squares = drawn.flatMap(({ start, end }) =>
    [start, end].map((theta) => (theta ? dot(theta, theta) : 0)),
  );
  return Math.max(0, ...squares) / 2;
}

/** Whether gradient flow conserves the Q of the chosen layer pair on the present data. */
const isConserved = ({ problem, layerPair }: ChartInput): boolean =>
  conservedQuantities(problem)[layerPair ?? -1]?.condition.holds ?? false;

/** The paths, each on its own line: x is the flow's own Q at every frame, so a path moves sideways where Q is not conserved. */
function drawPaths(
  drawn: readonly DrawnFlow[],
  scale: number,
  conserved: boolean,
): { paths: ChartPath[]; pathNotes: string[] } {
  const paths: ChartPath[] = [];
  const lengths: number[] = [];
  let drift = 0;
  for (const flow of drawn) {
    const coordinates = valleyCoordinates(flow);
    if (!coordinates) continue;
    const q = flow.q.subarray(0, flow.count);
    paths.push({
      flow: flow.index,
      x: Float32Array.from(q),
      y: Float32Array.from(coordinates.distance),
      height: Float32Array.from(flow.loss.subarray(0, flow.count), height),
      offChart: Float32Array.from(coordinates.offChart),
    });
    lengths.push(coordinates.distance[0]!);
    for (const value of q) drift = Math.max(drift, Math.abs(value - q[0]!) || 0);
  }
  const pathNotes = offChartNote(paths, lengths);
  const [low, high] = rangeOf(
    paths.map((path) => path.x.subarray(0, 1)),
    1e-3 * scale,
  );
  if (drift > 0.01 * (high - low)) {
    const size = Number(drift.toPrecision(2));
    pathNotes.push(
      conserved
        ? `Q drifts by up to ${size} along the paths: the steps are finite.`
        : `Q is not conserved: it changes by up to ${size} along the paths.`,
    );
  }
  return { paths, pathNotes };
}

interface Column {
  readonly flow: DrawnFlow;
  readonly q: number;
  readonly line: ValleyLine;
}

/** One column per flow of the sweep in order of Q, each Q once; without a sweep, of all flows. Flows that have not moved have no line. */
function valleyColumns(drawn: readonly DrawnFlow[], scale: number): Column[] {
  const sweep = drawn.filter(({ role }) => role === 'sweep');
  const columns: Column[] = [];
  for (const flow of sweep.length >= 2 ? sweep : drawn) {
    const line = valleyLine(flow);
    const q = Math.fround(flow.q[flow.count - 1]!);
    if (line && line.length > 0 && Number.isFinite(q)) columns.push({ flow, q, line });
  }
  const longest = Math.max(0, ...columns.map(({ line }) => line.length));
  const ordered = columns.filter(({ line }) => line.length > 1e-9 * longest).sort((a, b) => a.q - b.q);
  const span = (ordered.at(-1)?.q ?? 0) - (ordered[0]?.q ?? 0);
  const gap = Math.max(1e-6 * span, 1e-6 * scale);
  const distinct: Column[] = [];
  for (const column of ordered) {
    if (distinct.length === 0 || column.q - distinct.at(-1)!.q > gap) distinct.push(column);
  }
  return distinct;
}

/** True losses on the lines of the columns, over one range of y that reaches beyond the start of every drawn flow. */
async function drawSurface(
  input: ChartInput,
  columns: readonly Column[],
  drawn: readonly DrawnFlow[],
): Promise<ChartSurface | null> {
  if (columns.length < 2) return null;
  const farthest = Math.max(...drawn.map((flow) => valleyLine(flow)?.length ?? 0));
  const { length: width } = columns;
  const count = affordable(input, width * ROWS[input.detail], width * ROWS.fewest);
  if (count === 0) return null;
  const y = rowPositions(REACH * farthest, Math.floor(count / width));
  const rows = y.length;
  const losses = await lossesOf(input, rows * columns.length, (index, theta) => {
    const { line } = columns[index % columns.length]!;
    pointOnLine(theta, line.end, y[Math.floor(index / columns.length)]!, line.direction);
  });
  return {
    columns: columns.length,
    rows,
    x: Float32Array.from(columns, ({ q }) => q),
    y: Float32Array.from(losses, (_, index) => y[Math.floor(index / columns.length)]!),
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
async function drawFloor(
  input: ChartInput,
  columns: readonly Column[],
  surface: ChartSurface | null,
): Promise<ChartFloor | null> {
  if (!surface) return null;
  const at = surface.y.indexOf(0);
  const values = new Float32Array(columns.length).fill(Number.NaN);
  const work = columns.length * SHARPNESS_LOSSES * lossWork(input.problem);
  if (input.detail === 'final' && work <= SHARPNESS_WORK) {
    const network = createNetwork(input.problem);
    for (const [i, { line }] of columns.entries()) {
      values[i] = sharpness(network, line.end);
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
