import { dot, pointOnLine } from '../model/vector.ts';
import { conservedQuantities } from '../symmetry/conserved-quantities.ts';
import type { Chart, ChartJump, ChartOrbit, ChartPath } from './chart.ts';
import type { ChartDefinition, ChartInput } from './chart-input.ts';
import {
  alongPath,
  type DrawnFlow,
  drawnFlows,
  frameOf,
  height,
  heightAxis,
  offChartNote,
  rangeOf,
} from './chart-parts.ts';
import { TOO_COSTLY } from './loss-batch.ts';
import { legOf, type PlaceState, placedJumps, placedOrbit } from './placement.ts';
import { drawFloor, drawValley, sharpnessNote, type ValleyColumn } from './valley.ts';
import {
  alongLine,
  flowSegments,
  lineBetween,
  type ValleyLine,
  valleyCoordinates,
  valleyLine,
  valleyLines,
} from './valley-line.ts';

/** With fewer columns than this most of the surface is interpolated, which is said. */
const FEW_COLUMNS = 5;

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
  const { paths, pathNotes } = drawPaths(drawn, scale, input);
  const orbit = await drawOrbit(input);
  const columns = valleyColumns(drawn, scale);
  const kept = columns.some(({ flow }) => flow.role === 'steered') ? undefined : input.reuse;
  const surface = kept ? kept.surface : await drawValley(input, columns, farthest(drawn));
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
  if (surface && columns.length < FEW_COLUMNS) {
    notes.push(
      `The surface is computed at ${columns.length} values of Q and interpolated between: a sweep of Q computes more.`,
    );
  }
  return {
    kind: 'q-valley',
    x: {
      label: 'conserved quantity Q',
      range: rangeOf([surface?.x ?? [], ...paths.flatMap((path) => alongPath(path, 'x'))], 1e-3 * scale),
    },
    y: {
      label: 'distance from the minimum',
      range: rangeOf([surface?.y ?? [], ...paths.flatMap((path) => alongPath(path, 'y'))]),
    },
    height: heightAxis(paths),
    surface,
    floor,
    levels: [],
    paths,
    orbit,
    notes: [...pathNotes, ...notes, ...sharpnessNote(input, floor)],
  };
}

/** The greatest distance of a start from its minimum, starts after jumps included. */
const farthest = (drawn: readonly DrawnFlow[]): number =>
  Math.max(
    0,
    ...drawn.flatMap((flow) => (valleyLines(flow, twinOf(flow, drawn)) ?? []).map(({ length }) => length)),
  );

/** The flow from the same start that did not jump; the steered flow alone has one. */
const twinOf = (flow: DrawnFlow, drawn: readonly DrawnFlow[]): DrawnFlow | null =>
  (flow.role === 'steered' && drawn.find(({ role }) => role === 'twin')) || null;

/** The natural scale of Q, 1/2 |theta|^2 of the largest start or end: differences of Q far below it are rounding. */
function conservedScale(drawn: readonly DrawnFlow[]): number {
  const squares = drawn.flatMap(({ start, end }) =>
    [start, end].map((theta) => (theta ? dot(theta, theta) : 0)),
  );
  return Math.max(0, ...squares) / 2;
}

/** The conserved quantity that the chart shows. */
const shownQuantity = ({ problem, layerPair }: ChartInput) => conservedQuantities(problem)[layerPair ?? -1];

/** The paths, each on its own line: x is the flow's own Q at every frame, so a path moves sideways where Q is not conserved. */
function drawPaths(
  drawn: readonly DrawnFlow[],
  scale: number,
  input: ChartInput,
): { paths: ChartPath[]; pathNotes: string[] } {
  const paths: ChartPath[] = [];
  const lengths: number[] = [];
  let drift = 0;
  for (const flow of drawn) {
    const twin = twinOf(flow, drawn);
    const coordinates = valleyCoordinates(flow, twin);
    if (!coordinates) continue;
    const x = Float32Array.from(flow.q.subarray(0, flow.count));
    const y = Float32Array.from(coordinates.distance);
    paths.push({
      flow: flow.index,
      x,
      y,
      height: Float32Array.from(flow.loss.subarray(0, flow.count), height),
      offChart: Float32Array.from(coordinates.offChart),
      jumps: drawJumps(flow, { x, y }, valleyLines(flow, twin)),
    });
    lengths.push(
      Math.max(...(valleyLines(flow, twin) ?? []).map(({ length }) => length), coordinates.distance[0]!),
    );
    drift = Math.max(drift, conservedDrift(flow));
  }
  const pathNotes = [...offChartNote(paths, lengths), ...jumpNotes(drawn)];
  const [low, high] = rangeOf(
    paths.map((path) => path.x.subarray(0, 1)),
    1e-3 * scale,
  );
  if (drift > 0.01 * (high - low)) {
    const size = Number(drift.toPrecision(2));
    pathNotes.push(
      shownQuantity(input)?.condition.holds
        ? `Q drifts by up to ${size} along the paths: the steps are finite.`
        : `Q is not conserved: it changes by up to ${size} along the paths.`,
    );
  }
  return { paths, pathNotes };
}

/** The jumps of a flow: x is Q before and after, y is along the line of the part of the flow that ends or begins there. */
function drawJumps(
  flow: DrawnFlow,
  path: Pick<ChartPath, 'x' | 'y'>,
  lines: readonly ValleyLine[] | null,
): ChartJump[] {
  const place: PlaceState = (theta, leg) => ({ x: Number.NaN, ...alongLine(theta, lines![leg]!) });
  return placedJumps(flow, path, lines && place).map((jump, i) => {
    const [before, after] = flow.jumps![i]!.q;
    return { ...jump, from: { ...jump.from, x: before }, to: { ...jump.to, x: after } };
  });
}

/** How far Q moves from its value at the start of the parts of a flow between its jumps. */
function conservedDrift(flow: DrawnFlow): number {
  const starts = [flow.q[0]!, ...(flow.jumps ?? []).map(({ q }) => q[1])];
  let drift = 0;
  for (let i = 0; i < flow.count; i++) {
    drift = Math.max(drift, Math.abs(flow.q[i]! - starts[legOf(flow, i)]!) || 0);
  }
  return drift;
}

function jumpNotes(drawn: readonly DrawnFlow[]): string[] {
  const jumping = drawn.filter(({ jumps = [] }) => jumps.length > 0);
  if (jumping.length === 0) return [];
  const segments = jumping.flatMap((flow) => flowSegments(flow, twinOf(flow, drawn)) ?? []);
  return [
    segments.every(({ own }) => own)
      ? 'Each part of a flow between jumps is measured from where it leads, before a jump from the minimum of the twin if there is one.'
      : 'Parts of flows that a jump cut short are measured from a minimum at another Q.',
  ];
}

/** The curve of the orbit explorer: every state at its own Q, along its own transported line. */
function drawOrbit(input: ChartInput): Promise<ChartOrbit | null> {
  const { orbitCurve: curve } = input;
  const quantity = shownQuantity(input);
  if (!curve || !quantity) return Promise.resolve(null);
  return placedOrbit(input, (theta, i) => {
    const line = lineBetween(frameOf(curve.starts, theta.length, i), frameOf(curve.ends, theta.length, i));
    return { x: quantity.total(theta), ...alongLine(theta, line) };
  });
}

interface Column extends ValleyColumn {
  readonly flow: DrawnFlow;
  readonly length: number;
}

/** One column per flow of the sweep in order of Q, each Q once; without a sweep, of all flows. Flows that have not moved have no line. */
function valleyColumns(drawn: readonly DrawnFlow[], scale: number): Column[] {
  const sweep = drawn.filter(({ role }) => role === 'sweep');
  const columns: Column[] = [];
  for (const flow of sweep.length >= 2 ? sweep : drawn) {
    const valley = valleyLine(flow);
    if (!valley) continue;
    const { line } = valley;
    const q = Math.fround(valley.q);
    if (!(line.length > 0) || !Number.isFinite(q)) continue;
    columns.push({
      flow,
      x: q,
      length: line.length,
      state: (y, out) => pointOnLine(out, line.end, y, line.direction),
    });
  }
  const longest = Math.max(0, ...columns.map(({ length }) => length));
  const ordered = columns.filter(({ length }) => length > 1e-9 * longest).sort((a, b) => a.x - b.x);
  const span = (ordered.at(-1)?.x ?? 0) - (ordered[0]?.x ?? 0);
  const gap = Math.max(1e-6 * span, 1e-6 * scale);
  const distinct: Column[] = [];
  for (const column of ordered) {
    if (distinct.length === 0 || column.x - distinct.at(-1)!.x > gap) distinct.push(column);
  }
  return distinct;
}
