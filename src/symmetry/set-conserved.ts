import { activation } from '../model/activation.ts';
import { isMlpProblem, type MlpProblem, type Problem } from '../model/problem.ts';
import { noConservedQuantity } from './conserved-quantities.ts';
import { conservedFormula, conservedFormulas, outerContribution } from './formulas.ts';
import { scaleUnits } from './scale-units.ts';

/** A closed interval; an infinite end is null. */
export interface Interval {
  readonly minimum: number | null;
  readonly maximum: number | null;
}

/** What can be reached by setting Q of one layer pair, and how. */
export interface Reachable {
  /** 'orbit': the group orbit, the function is kept. 'outer-scaling': W_out is scaled, the function changes. */
  readonly method: 'orbit' | 'outer-scaling';
  readonly total: Interval;
  /** One per hidden unit. */
  readonly units: readonly Interval[];
}

/** A value of Q outside what can be reached; the message is one sentence naming the value and the interval. */
export class UnreachableError extends Error {
  override readonly name = 'UnreachableError';
}

/** The intervals of the total Q and of every q_k that can be set from theta. Throws RangeError without a conserved quantity. */
export function reachable(problem: Problem, theta: Float64Array, layerPair: number): Reachable {
  const { setter, method, outer, inner } = halves(problem, theta, layerPair);
  const { interval } = setter;
  return {
    method,
    total: interval(sum(outer), sum(inner)),
    units: Array.from(outer, (o, k) => interval(o, inner[k]!)),
  };
}

/**
 * theta with the total Q set to `value`, every unit scaled by the same factor. Along an orbit that is the one-parameter
 * subgroup exp(sM) of one generator M (-a on W_out, +1 on W_in and its bias) with grad Q = -M theta: the curve along which
 * Q changes fastest, and the only one that treats all units alike. Throws UnreachableError, RangeError without a quantity.
 */
export function setTotal(
  problem: Problem,
  theta: Float64Array,
  layerPair: number,
  value: number,
): Float64Array {
  const { network, setter, outer, inner } = halves(problem, theta, layerPair);
  const factors = unitFactors(setter, sum(outer), sum(inner), value, 'Q');
  return scaleAll(network, theta, layerPair, [factors]);
}

/**
 * theta with q_k of every hidden unit set to `values[k]`, each unit by its own factor. Throws UnreachableError for the
 * first value out of reach, RangeError when the number of values is not the number of units.
 */
export function setPerUnit(
  problem: Problem,
  theta: Float64Array,
  layerPair: number,
  values: ArrayLike<number>,
): Float64Array {
  const { network, setter, outer, inner } = halves(problem, theta, layerPair);
  if (values.length !== outer.length) {
    throw new RangeError(`There are ${outer.length} hidden units but ${values.length} values of q.`);
  }
  const factors = Array.from(outer, (o, k) =>
    unitFactors(setter, o, inner[k]!, values[k]!, `q of hidden unit ${k + 1}`),
  );
  return scaleAll(network, theta, layerPair, factors);
}

/** Scales every hidden unit by its factors; one entry counts for all units. */
function scaleAll(
  { architecture }: MlpProblem,
  theta: Float64Array,
  layerPair: number,
  factors: readonly Factors[],
): Float64Array {
  const units = Array.from(
    { length: architecture.widths[layerPair + 1]! },
    (_, k) => factors[factors.length === 1 ? 0 : k]!,
  );
  return scaleUnits(
    architecture,
    theta,
    layerPair,
    units.map(({ inner }) => inner),
    units.map(({ outer }) => outer),
  );
}

interface Factors {
  readonly inner: number;
  readonly outer: number;
}

/** How q = outer - inner is changed by scaling weights. */
interface Setter {
  /** The values of q that can be reached. */
  interval(outer: number, inner: number): Interval;
  /** Factors of W_in and W_out that give `q`, which lies in the interval. */
  factors(outer: number, inner: number, q: number): Factors;
}

/**
 * q(d) = outer/d^2 - inner d^2 (degree 1): with t = d^2, inner t^2 + q t - outer = 0, in each sign of q the form of the
 * positive root that has no cancellation. A unit whose outgoing (or incoming) weights are zero adds nothing to the
 * function: its other half alone is scaled, down to zero if need be.
 */
const orbit: Setter = {
  interval: (outer, inner) => ({ minimum: inner > 0 ? null : 0, maximum: outer > 0 ? null : 0 }),
  factors(outer, inner, q) {
    if (outer === 0) return { inner: inner > 0 ? Math.sqrt(-q / inner) : 1, outer: 1 };
    if (inner === 0) return { inner: 1, outer: Math.sqrt(q / outer) };
    const root = Math.hypot(q, 2 * Math.sqrt(outer) * Math.sqrt(inner));
    const d = Math.sqrt(q >= 0 ? (2 * outer) / (q + root) : (root - q) / (2 * inner));
    return { inner: d, outer: 1 / d };
  },
};

/** q(d) = outer d^(-2a) - inner d^2 for another degree a > 0: falls with d, so bisection in log d finds it to rounding. */
const steepOrbit = (degree: number): Setter => ({
  interval: orbit.interval,
  factors(outer, inner, q) {
    if (outer === 0 || inner === 0) return orbit.factors(outer, inner, q);
    const at = (s: number) => outer * Math.exp(-2 * degree * s) - inner * Math.exp(2 * s);
    let [low, high] = [-1, 1];
    while (at(low) < q) low *= 2;
    while (at(high) > q) high *= 2;
    for (let middle = (low + high) / 2; middle > low && middle < high; middle = (low + high) / 2) {
      if (at(middle) > q) low = middle;
      else high = middle;
    }
    return { inner: Math.exp(low), outer: Math.exp(-degree * low) };
  },
});

/** Rows of an inverted unit are never nearer to zero than this fraction of what q allows: at q = 0 they would be 0. */
const SMALLEST_SHARE = 1e-9;

/** q(d) = (outer - inner) d^2 for degree -1, where the inner half is negative: circles, both halves grow together. */
const inverseOrbit: Setter = {
  interval: (outer, inner) => ({ minimum: SMALLEST_SHARE * (outer - inner), maximum: null }),
  factors(outer, inner, q) {
    const d = Math.sqrt(q / (outer - inner));
    return { inner: d, outer: d };
  },
};

/** q(s) = s^2 outer - inner. */
const outerScaling: Setter = {
  interval: (outer, inner) => ({ minimum: -inner, maximum: outer > 0 ? null : -inner }),
  factors: (outer, inner, q) => ({ inner: 1, outer: outer > 0 ? Math.sqrt((q + inner) / outer) : 1 }),
};

/** How an activation of degree a is set along its orbit. */
const alongOrbit = (degree: number): Setter =>
  degree === 1 ? orbit : degree > 0 ? steepOrbit(degree) : inverseOrbit;

/** A value this close to an end of its interval, relative to the halves, is the end itself up to rounding. */
const ROUNDING = 1e-12;

function unitFactors(setter: Setter, outer: number, inner: number, value: number, name: string): Factors {
  const { interval, factors } = setter;
  const { minimum, maximum } = interval(outer, inner);
  const nearest = Math.min(Math.max(value, minimum ?? -Infinity), maximum ?? Infinity);
  const slack = ROUNDING * (outer + Math.abs(inner));
  if (!(Math.abs(nearest - value) <= slack && Number.isFinite(value))) {
    throw new UnreachableError(
      `${name} = ${format(value)} cannot be reached: ${advice({ minimum, maximum })}.`,
    );
  }
  return factors(outer, inner, nearest);
}

function advice({ minimum, maximum }: Interval): string {
  if (minimum === null && maximum === null) return 'choose a finite value';
  if (minimum === null) return `choose a value up to ${inward(maximum!, Math.floor)}`;
  if (maximum === null) return `choose a value from ${inward(minimum, Math.ceil)} up`;
  if (minimum === maximum) return `its weights allow ${format(minimum)} only`;
  return `choose a value between ${inward(minimum, Math.ceil)} and ${inward(maximum, Math.floor)}`;
}

/** Four digits, rounded into the interval so that the number shown can itself be reached. */
function inward(value: number, round: (x: number) => number): string {
  if (value === 0) return '0';
  const unit = 10 ** (Math.floor(Math.log10(Math.abs(value))) - 3);
  return format(round(value / unit) * unit);
}

const format = (value: number): string => String(Number(value.toPrecision(6)));

const sum = (values: Float64Array): number => values.reduce((total, x) => total + x, 0);

/** q_k = outer_k - inner_k of every q_k, and how it can be set. */
function halves(problem: Problem, theta: Float64Array, layerPair: number) {
  if (!isMlpProblem(problem)) throw new RangeError(noConservedQuantity(problem));
  const { architecture } = problem;
  const name = conservedFormula(architecture);
  if (name === null) throw new RangeError(noConservedQuantity(problem));
  const { method, inner, scalar } = conservedFormulas[name];
  const halvesOf = (values: Float64Array) => (scalar ? Float64Array.of(sum(values)) : values);
  return {
    network: problem,
    method,
    setter: method === 'orbit' ? alongOrbit(activation(architecture.activation).homogeneity!) : outerScaling,
    outer: halvesOf(outerContribution(architecture, theta, layerPair)),
    inner: halvesOf(inner(problem, layerPair)(theta)),
  };
}
