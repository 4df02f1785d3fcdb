import type { MlpArchitecture } from '../model/architecture.ts';
import type { MlpProblem } from '../model/problem.ts';
import { conservedQuantities } from '../symmetry/conserved-quantities.ts';
import { conservedFormula, conservedFormulas, outerContribution } from '../symmetry/formulas.ts';
import { type Interval, reachable } from '../symmetry/set-conserved.ts';
import { buildProblem, initialParameters } from './build.ts';
import type { ConservedQuantityDocument, MlpExperiment } from './experiment.ts';

/** How far a sweep reaches, in units of the two halves of Q at the start (1/2 |W_out|^2 and what is subtracted from it). */
const REACH = 3.5;
/** Where a sweep starts above the least Q that outer scaling reaches (there the outer layer is zero), as a part of its range. */
const MARGIN = 0.02;

/** Number of q of a layer pair that has a conserved quantity: one per hidden unit, or 1 where only the total is conserved. */
export function quantityUnits(architecture: MlpArchitecture, layerPair: number): number {
  const formula = conservedFormula(architecture);
  return formula && conservedFormulas[formula].scalar ? 1 : architecture.widths[layerPair + 1]!;
}

/**
 * A range of totals that shows the valley of a network, from its initialisation: both sides of balance along an orbit,
 * from just above the minimum where there is one. Null where Q cannot be moved. Ends have two significant digits.
 */
export function defaultSweep(
  experiment: MlpExperiment,
  layerPair: number,
): { readonly from: number; readonly to: number } | null {
  const { problem, theta } = start(experiment);
  const outer = outerContribution(problem.architecture, theta, layerPair).reduce((sum, x) => sum + x, 0);
  const total = conservedQuantities(problem)[layerPair]!.total(theta);
  const size = outer + Math.abs(outer - total);
  if (!(size > 0 && Number.isFinite(size))) return null;
  const { minimum, maximum } = reachable(problem, theta, layerPair).total;
  const span = 2 * REACH * size;
  const low = minimum === null ? -REACH * size : minimum + (maximum === null ? MARGIN * span : 0);
  const high = maximum ?? (minimum === null ? REACH * size : minimum + span);
  const from = round(low, Math.ceil);
  const to = round(high, Math.floor);
  return from < to ? { from, to } : null;
}

/** Moves a steered Q and a sweep that the initialisation cannot reach into its interval; per-unit values out of reach are dropped. */
export function fitConservedQuantity(experiment: MlpExperiment): MlpExperiment {
  const quantity = experiment.conservedQuantity;
  if (!quantity || (quantity.value === undefined && !quantity.sweep)) return experiment;
  const { problem, theta } = start(experiment);
  const { total, units } = reachable(problem, theta, quantity.layerPair);
  const fitted = fitSweep(fitValue(quantity, total, units), total);
  return fitted === quantity ? experiment : { ...experiment, conservedQuantity: fitted };
}

const start = (
  experiment: MlpExperiment,
): { readonly problem: MlpProblem; readonly theta: Float64Array } => ({
  problem: buildProblem(experiment),
  theta: initialParameters(experiment),
});

function fitValue(
  quantity: ConservedQuantityDocument,
  total: Interval,
  units: readonly Interval[],
): ConservedQuantityDocument {
  if (quantity.kind === 'per-unit') {
    if (quantity.value.every((q, k) => clamp(q, units[k]!) === q)) return quantity;
    const { value: _, ...rest } = quantity;
    return { ...rest, kind: 'total' };
  }
  if (quantity.value === undefined) return quantity;
  const value = clamp(quantity.value, total);
  return value === quantity.value ? quantity : { ...quantity, value };
}

function fitSweep(quantity: ConservedQuantityDocument, total: Interval): ConservedQuantityDocument {
  if (!quantity.sweep) return quantity;
  const { sweep, ...rest } = quantity;
  const from = clamp(sweep.from, total);
  const to = clamp(sweep.to, total);
  if (from === sweep.from && to === sweep.to) return quantity;
  return from < to ? { ...rest, sweep: { ...sweep, from, to } } : rest;
}

/** Adding 0 turns a negative zero, which JSON does not know, into zero. */
const clamp = (value: number, { minimum, maximum }: Interval): number =>
  Math.min(Math.max(value, minimum ?? -Infinity), maximum ?? Infinity) + 0;

/** Rounds to two significant digits. */
function round(value: number, direction: (x: number) => number): number {
  if (value === 0) return 0;
  const unit = 10 ** (Math.floor(Math.log10(Math.abs(value))) - 1);
  return Number((direction(value / unit) * unit).toPrecision(2));
}
