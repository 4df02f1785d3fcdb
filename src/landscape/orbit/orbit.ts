import { applicableGroups, candidateGroups } from '../../symmetry/groups.ts';
import type { Chart, ChartPath } from '../chart.ts';
import type { ChartContext, ChartDefinition, ChartInput } from '../chart-input.ts';
import {
  alongPath,
  type DrawnFlow,
  drawnFlows,
  evenly,
  frameOf,
  heightAxis,
  offChartNote,
  rangeOf,
} from '../chart-parts.ts';
import { rest, TOO_COSTLY } from '../loss-batch.ts';
import { placedOrbit, placedPath } from '../placement.ts';
import { drawFloor, drawValley, sharpnessNote, type ValleyColumn } from '../valley.ts';
import { lineBetween, type ValleyLine, valleyLines } from '../valley-line.ts';
import { type ChosenOrbit, chooseOrbit, groupSymbol } from './generator.ts';
import { nearestAlong } from './nearest.ts';
import { rangeOfOrbit, transportWork } from './range.ts';
import { type Transport, transport } from './transport.ts';

/** Columns along s: the loss does not change along them, so few are enough. */
const COLUMNS = { preview: 17, final: 41 } as const;
/** Multiply-adds that moving the segment to all columns may cost: a second or two. */
const TRANSPORT_WORK = 3e9;
/** A flow that does not belong to the orbit is drawn when its start is nearer to the chart than this share of its own way. */
const NEAR = 0.1;

/**
 * The orbit of the steered flow (design.md section 5): x = s of exp(s M) for a generator M of a continuous symmetry; y = distance along
 * the segment from theta* to theta0 as in the Q-valley; height = true loss of exp(s M) . (theta* + y e). Where the action is
 * exact it is the same at every s: the trough that symmetry carves. The steered flow is at s = 0; other flows, and states after a
 * jump, at the s where they are nearest.
 */
export const orbit: ChartDefinition = {
  kind: 'orbit',
  label: 'Orbit',
  applies(context) {
    if (context.parameters !== 'all') {
      return 'The trajectory was saved without the parameters of every frame.';
    }
    return noExactGroup(context);
  },
  build,
};

/** null when a continuous group can keep the loss, else one sentence. Asked when a run starts, so it looks at sizes only. */
function noExactGroup({ problem }: ChartContext): string | null {
  const continuous = applicableGroups(problem).filter((group) => group.continuous);
  if (continuous.length === 0) {
    return 'The orbit chart needs a continuous symmetry, and none acts on this network.';
  }
  if (candidateGroups(problem).length > 0) return null;
  return 'The orbit chart needs a symmetry that keeps the loss, and none does on so many samples: use at most as many as inputs.';
}

async function build(input: ChartInput): Promise<Chart> {
  const { drawn, notes } = drawnFlows(input);
  const known = drawn.filter(({ parameters }) => parameters !== null);
  const base = known.find(({ role }) => role === 'steered') ?? known[0];
  const line = base && segmentOf(base, known);
  const chosen =
    base && line
      ? chooseOrbit(
          {
            problem: input.problem,
            layerPair: input.layerPair,
            flow: { ...base, start: base.start! },
            swept: isSwept(known),
          },
          input.orbit ?? input.orbitCurve?.choice,
        )
      : 'There is no flow yet whose orbit could be drawn.';
  if (typeof chosen === 'string' || !base || !line) return empty(chosen as string, notes);
  const columns = COLUMNS[input.detail];
  if (transportWork(chosen) * columns > TRANSPORT_WORK) return empty(TOO_COSTLY, notes);
  const [low, high] = rangeOfOrbit(chosen, base, known, input);
  const moved: (Transport & ValleyColumn)[] = [];
  for (const s of evenly(low, high, columns - 1)) {
    moved.push({ ...transport(chosen, line, s), x: s });
    await rest(input);
  }
  const sheet: Sheet = { ...chosen, line, columns: moved, start: base.start! };
  const paths: ChartPath[] = [];
  const missing: DrawnFlow[] = [];
  for (const flow of known) {
    const path = await placedFlow(input, flow, flow === base, sheet);
    await rest(input);
    if (path) paths.push(path);
    else missing.push(flow);
  }
  const surface = line.length > 0 ? await drawValley(input, moved, farthestAlong(paths, line)) : null;
  if (!surface && line.length > 0) notes.push(TOO_COSTLY);
  const floor = await drawFloor(input, moved, surface);
  const curve = input.orbitCurve;
  // Its end lies on the sheet at its own s where the explorer moves along the same M.
  const orbitCurve = await placedOrbit(input, (theta, i) => {
    const end = frameOf(curve!.ends, theta.length, i);
    const s = nearestAlong(chosen, moved, line.end, end, [curve!.s[i]!]);
    return { x: s, ...transport(chosen, line, s).place(theta) };
  });
  return {
    kind: 'orbit',
    x: {
      label: `s along exp(sM) in ${groupSymbol(chosen)}`,
      range: rangeOf([[low, high], ...paths.flatMap((path) => alongPath(path, 'x'))]),
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
    orbit: orbitCurve,
    notes: [
      ...orbitNotes(chosen, base),
      ...offChartNote(
        paths,
        paths.map(() => line.length),
      ),
      ...missingNote(missing.length),
      ...notes,
      ...sharpnessNote(input, floor),
    ],
  };
}

const isSwept = (flows: readonly DrawnFlow[]): boolean => flows.some(({ role }) => role === 'sweep');

/** The segment that is moved: from the start of the flow to its end, or to its twin's where it jumped. */
function segmentOf(base: DrawnFlow, flows: readonly DrawnFlow[]): ValleyLine | null {
  const twin = base.role === 'steered' ? flows.find(({ role }) => role === 'twin') : undefined;
  const [line] = valleyLines(base, twin) ?? [];
  return line ?? (base.start && base.end && lineBetween(base.start, base.end));
}

/** The segment moved to many s. */
interface Sheet extends ChosenOrbit {
  readonly line: ValleyLine;
  /** Where the flow starts whose orbit it is. */
  readonly start: Float64Array;
  readonly columns: readonly Transport[];
}

/**
 * A flow on the sheet. The steered one and its twin start at s = 0, others where the orbit of the steered start comes nearest to
 * theirs, null when that is far away. A jump goes to where the orbit of the state before it comes nearest to that after it.
 */
async function placedFlow(
  input: ChartInput,
  flow: DrawnFlow,
  isBase: boolean,
  sheet: Sheet,
): Promise<ChartPath | null> {
  const { jumps = [] } = flow;
  const { line, columns } = sheet;
  const start = flow.start!;
  const atHome = isBase || flow.role === 'twin';
  const s = [atHome ? 0 : nearestAlong(sheet, columns, sheet.start, start, [0])];
  for (const { from, to } of jumps) {
    const step = from && to ? nearestAlong(sheet, columns, from, to, sheet.jump ? [sheet.jump] : []) : 0;
    s.push(s.at(-1)! + step);
    await rest(input);
  }
  const legs = s.map((at) => transport(sheet, line, at));
  const way = lineBetween(start, flow.end!).length;
  if (!atHome && !(legs[0]!.place(start).offChart <= NEAR * way)) return null;
  return placedPath(flow, start.length, (theta, leg) => ({ x: legs[leg]!.s, ...legs[leg]!.place(theta) }));
}

/** The greatest y of a start, of the segment or after a jump. */
const farthestAlong = (paths: readonly ChartPath[], { length }: ValleyLine): number =>
  Math.max(
    length,
    ...paths.flatMap(({ y, jumps }) => [y[0]!, ...jumps.map(({ to }) => to.y)]).filter(Number.isFinite),
  );

function orbitNotes(chosen: ChosenOrbit, base: DrawnFlow): string[] {
  const { meaning, action } = chosen;
  const { exact, message } = action.exactness(base.start!);
  const [kept, broken] = ['the loss is the same at every s', 'the loss changes along s'];
  return [
    `M is ${meaning} in ${groupSymbol(chosen)}, with |M| = 1: ${exact ? kept : broken}.`,
    ...(exact ? [] : [message]),
  ];
}

const missingNote = (count: number): string[] =>
  count === 0
    ? []
    : [
        count === 1
          ? 'One flow is not on this orbit and not drawn.'
          : `${count} flows are not on this orbit and not drawn.`,
      ];

const empty = (reason: string, notes: readonly string[]): Chart => ({
  kind: 'orbit',
  x: { label: 's along exp(sM)', range: [-1, 1] },
  y: { label: 'distance from the minimum', range: [0, 1] },
  height: { label: 'loss', range: [0, 1] },
  surface: null,
  floor: null,
  levels: [],
  paths: [],
  orbit: null,
  notes: [reason, ...notes],
});
