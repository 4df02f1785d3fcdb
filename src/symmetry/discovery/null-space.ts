import type { Random } from '../../model/random.ts';
import { createSpan } from './span.ts';

/** The vectors orthogonal to every row of a random source. */
export interface NullSpace {
  /** Orthonormal. */
  readonly basis: readonly Float64Array[];
  /**
   * Rows have length 1. The smallest part that a row which counts has outside the span of those before it, over the largest such
   * part of a row that does not (at least the unit roundoff 2^-52).
   */
  readonly gap: number;
}

/** A row counts if its part outside the span of those before it is longer than this: far above rounding (1e-14). */
const TOLERANCE = 1e-9;
/** Rows in succession that must add nothing. */
const CONFIRMATIONS = 12;

/** Draws rows of length `columns` until twelve in succession add nothing to their span. Yields after every row. */
export function* nullSpace(
  columns: number,
  drawRow: () => Float64Array,
  random: Random,
): Generator<void, NullSpace> {
  const span = createSpan(TOLERANCE);
  let kept = 1;
  let dropped = Number.EPSILON;
  for (let redundant = 0; redundant < CONFIRMATIONS && span.basis.length < columns; ) {
    const outside = span.add(drawRow());
    if (outside < TOLERANCE) {
      redundant++;
      dropped = Math.max(dropped, outside);
    } else {
      redundant = 0;
      kept = Math.min(kept, outside);
    }
    yield;
  }
  const rank = span.basis.length;
  while (span.basis.length < columns) {
    span.add(Float64Array.from({ length: columns }, () => random.normal()));
    yield;
  }
  return { basis: span.basis.slice(rank), gap: kept / dropped };
}
