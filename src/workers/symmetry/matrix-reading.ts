import { activation } from '../../model/activation.ts';
import { isMlpProblem, type MlpProblem } from '../../model/problem.ts';
import { norm } from '../../model/vector.ts';
import {
  conservedMatrix,
  independentConserved,
  rotationConstraint,
  symmetricSpectrum,
} from '../../symmetry/conserved-matrix.ts';
import { noConservedQuantity } from '../../symmetry/conserved-quantities.ts';
import type { FlowHistory } from '../history.ts';
import type { Answerer } from './answers.ts';
import type { ConservedMatrixReading, ConstraintReading, NoMatrix } from './question.ts';
import { thetaAt } from './subject.ts';
import type { Work } from './work.ts';

/** Widest hidden layer whose matrix is computed: about a second. */
const MOST_UNITS = 256;
/** Most cells of the picture along each side. */
const MOST_CELLS = 64;
/** Frames at which a constraint is looked at. */
const CONSTRAINT_FRAMES = 33;

/** Q of a linear layer pair; for rotations, the constraint that is zero instead; else why there is neither. */
export const matrixReading: Answerer<'matrix'> = async (subject, { frame, layerPair }, work) => {
  const { problem, flows } = subject;
  const steered = flows[0]!;
  if (!isMlpProblem(problem)) {
    return {
      kind: 'matrix',
      layerPair,
      units: 0,
      content: { kind: 'none', reason: noConservedQuantity(problem) },
    };
  }
  const units = problem.architecture.widths[layerPair + 1] ?? 0;
  const content =
    refusal(problem, units) ??
    (problem.architecture.activation === 'linear'
      ? conserved(
          problem,
          steered,
          frame,
          layerPair,
          units,
          subject.resolved.conserved.map((q) => q.units),
        )
      : await constraint(problem, steered, frame, layerPair, units, work));
  return { kind: 'matrix', layerPair, units, content };
};

function refusal({ architecture }: MlpProblem, units: number): NoMatrix | null {
  const { kind, label } = activation(architecture.activation);
  if (architecture.activation !== 'linear' && kind !== 'radial') {
    const reason = `Only linear networks keep a whole matrix: with ${label} units no entry off its diagonal is conserved.`;
    return { kind: 'none', reason };
  }
  if (units <= MOST_UNITS) return null;
  const reason = `The matrix of ${units} hidden units is too large to follow: choose a width of at most ${MOST_UNITS}.`;
  return { kind: 'none', reason };
}

function conserved(
  problem: MlpProblem,
  flow: FlowHistory,
  frame: number,
  layerPair: number,
  units: number,
  perLayer: readonly number[],
): ConservedMatrixReading {
  const { architecture } = problem;
  const theta = thetaAt(flow, frame);
  const q = conservedMatrix(architecture, theta, layerPair);
  const first = flow.start && conservedMatrix(architecture, flow.start, layerPair);
  return {
    kind: 'conserved',
    ...aggregated(q, units),
    spectrum: symmetricSpectrum(q),
    trace: q.reduce((sum, entry, i) => (i % (units + 1) === 0 ? sum + entry : sum), 0),
    norm: norm(q),
    drift: first ? norm(q.map((entry, i) => entry - first[i]!)) : Number.NaN,
    independent: independentOf(problem, flow.start ?? theta, perLayer),
    parameters: theta.length,
  };
}

const counts = new WeakMap<MlpProblem, number | null>();

/** The number of independent conserved quantities of a problem, counted once: it is the same at every generic theta. */
function independentOf(problem: MlpProblem, theta: Float64Array, perLayer: readonly number[]): number | null {
  const known = counts.get(problem);
  if (known !== undefined) return known;
  const count = independentConserved(problem, theta, perLayer);
  counts.set(problem, count);
  return count;
}

/** Means over square blocks, so that at most 64 x 64 cells are left. */
function aggregated(
  q: Float64Array,
  units: number,
): Pick<ConservedMatrixReading, 'entries' | 'cells' | 'unitsPerCell'> {
  const unitsPerCell = Math.ceil(units / MOST_CELLS);
  if (unitsPerCell === 1) return { entries: q, cells: units, unitsPerCell };
  const cells = Math.ceil(units / unitsPerCell);
  const sums = new Float64Array(cells * cells);
  const counts = new Float64Array(cells * cells);
  q.forEach((entry, i) => {
    const [row, column] = [Math.floor(i / units), i % units];
    const cell = Math.floor(row / unitsPerCell) * cells + Math.floor(column / unitsPerCell);
    sums[cell]! += entry;
    counts[cell]! += 1;
  });
  return { entries: sums.map((sum, i) => sum / counts[i]!), cells, unitsPerCell };
}

async function constraint(
  { architecture }: MlpProblem,
  flow: FlowHistory,
  frame: number,
  layerPair: number,
  units: number,
  { loss, breathe }: Work,
): Promise<ConstraintReading> {
  const velocity = new Float64Array(loss.size);
  const at = (moment: number): number => {
    const theta = thetaAt(flow, moment);
    loss.gradient(theta, velocity);
    const scale = norm(theta) * norm(velocity);
    const greatest = rotationConstraint(architecture, theta, velocity, layerPair).reduce(
      (most, entry) => Math.max(most, Math.abs(entry)),
      0,
    );
    return scale > 0 ? greatest / scale : 0;
  };
  const present = at(frame);
  const moments = flow.parameters ? evenFrames(flow.count) : [frame];
  let largest = present;
  for (const moment of moments) {
    largest = Math.max(largest, at(moment));
    await breathe();
  }
  const constraints = (units * (units - 1)) / 2;
  return { kind: 'constraint', present, largest, frames: moments.length, constraints };
}

/** At most 33 frames from the first to the last. */
function evenFrames(count: number): number[] {
  const steps = Math.min(count, CONSTRAINT_FRAMES) - 1;
  return Array.from({ length: steps + 1 }, (_, i) => Math.round((i * (count - 1)) / Math.max(1, steps)));
}
