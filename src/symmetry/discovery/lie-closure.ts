import { nestedBracket } from './bracket.ts';
import type { Field } from './field.ts';
import { reals } from './jet.ts';
import { createSpectrum } from './spectrum.ts';

/** The Lie algebra that fields generate, evaluated at a point. */
export interface LieClosure {
  /** Dimension of the span of the brackets of 1, .., k fields, for each k that added something. */
  readonly ranks: readonly number[];
  /** The last of them, or 0. */
  readonly dimension: number;
  /** Whether a further level was tried and added nothing; true where the span is the whole space. */
  readonly closed: boolean;
  /** The smallest singular value that counts, over the largest that does not (at least the unit roundoff 2^-52). */
  readonly gap: number;
}

/** Where fields are drawn from. */
export interface FieldSource {
  /** Draws a random element of the space that the generators span, as a function of a real factor that scales it. */
  draw(): (factor: number) => Field;
  /** Uniform in [0, 1). */
  uniform(): number;
}

/** Brackets per singular value decomposition. */
const BATCH = 8;
/** A level is done when this many of a batch added nothing. */
const REDUNDANT = 4;
/** Fields in the longest bracket: its algebra has 2^9 coefficients. */
const MOST_LEVELS = 10;
/** Rounding error that a row is allowed to carry into the singular values. */
const ROUNDING = 1e-14;
/** What counts as a singular value, in units of what rounding alone could make. */
const SAFETY = 10;

/**
 * Closes the fields under brackets at theta, level by level. The brackets of a level are multilinear in their k fields, so
 * that random brackets are in general position: each adds a dimension until the level is exhausted.
 *
 * Every bracket is computed twice, the second time with its fields multiplied by random factors. What the two differ by,
 * the factors divided out, is the rounding error; the unit vector is shrunk until its error is at most 1e-14. Singular
 * values above ten times 1e-14 sqrt(number of brackets), ten times what such errors can make, count. Yields the ranks so
 * far after every evaluation.
 */
export function* lieClosure(
  source: FieldSource,
  theta: Float64Array,
  mostLevels = MOST_LEVELS,
): Generator<readonly number[], LieClosure> {
  const spectrum = createSpectrum(theta.length);
  const ranks: number[] = [];
  let brackets = 0;
  let rank = 0;
  let closed = false;
  while (!closed && ranks.length < mostLevels) {
    const before = rank;
    let grown: number;
    do {
      const rows: Float64Array[] = [];
      for (let i = 0; i < BATCH; i++) {
        const bracket = randomBracket(source, ranks.length + 1, theta);
        const value = bracket(() => 1);
        yield rank > before ? [...ranks, rank] : ranks;
        const again = bracket(() => 1 + source.uniform());
        rows.push(directionOf(value, again));
        yield rank > before ? [...ranks, rank] : ranks;
      }
      spectrum.add(rows);
      brackets += BATCH;
      const tolerance = SAFETY * ROUNDING * Math.sqrt(brackets);
      const now = spectrum.singularValues().filter((s) => s > tolerance).length;
      grown = now - rank;
      // Shrunk rows raise the tolerance without adding: a rank does not fall by that.
      rank = Math.max(rank, now);
    } while (grown > BATCH - REDUNDANT && rank < theta.length);
    if (rank > before) ranks.push(rank);
    closed = rank === before || rank === theta.length;
  }
  const values = spectrum.singularValues();
  const dropped = Math.max(values[rank] ?? 0, Number.EPSILON);
  return { ranks, dimension: rank, closed, gap: (values[rank - 1] ?? 1) / dropped };
}

/** A random bracket of `level` fields at theta, computed with a factor drawn for each field and divided by them. */
function randomBracket(
  source: FieldSource,
  level: number,
  theta: Float64Array,
): (factor: () => number) => Float64Array {
  const fields = Array.from({ length: level }, () => source.draw());
  return (factor) => {
    const factors = fields.map(factor);
    const scaled = fields.map((field, k) => field(factors[k]!));
    const product = factors.reduce((all, f) => all * f, 1);
    return nestedBracket(scaled, reals(theta)).coefficients.map((x) => x / product);
  };
}

/** The direction of a vector that was computed twice, shrunk until it carries at most the allowed rounding error. */
function directionOf(value: Float64Array, again: Float64Array): Float64Array {
  const length = Math.hypot(...value);
  if (length === 0) return value;
  const error = Math.hypot(...value.map((x, i) => x - again[i]!)) / length;
  const scale = Math.min(1, ROUNDING / error) / length;
  return value.map((x) => scale * x);
}
