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
 * Every bracket is computed twice, the second time with its fields multiplied by random factors. What the two directions differ
 * by is the rounding error; the unit vector is shrunk until its error is at most 1e-14. Singular values above ten times
 * 1e-14 sqrt(number of brackets), ten times what such errors can make, count. Yields the ranks so far after every bracket.
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
        rows.push(bracketDirection(source, ranks.length + 1, theta));
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

/** The direction of a random bracket of `level` fields, at most of length 1, with at most the allowed rounding error. */
function bracketDirection(source: FieldSource, level: number, theta: Float64Array): Float64Array {
  const fields = Array.from({ length: level }, () => source.draw());
  const evaluate = (factor: () => number): Float64Array =>
    normalised(
      nestedBracket(
        fields.map((field) => field(factor())),
        reals(theta),
      ).coefficients,
    );
  const direction = evaluate(() => 1);
  const again = evaluate(() => 1 + source.uniform());
  const error = Math.hypot(...direction.map((x, i) => x - again[i]!));
  const scale = Math.min(1, ROUNDING / error);
  return direction.map((x) => scale * x);
}

/** A vector divided by its length; zero stays zero. */
function normalised(vector: Float64Array): Float64Array {
  const length = Math.hypot(...vector);
  return length > 0 ? vector.map((x) => x / length) : vector;
}
