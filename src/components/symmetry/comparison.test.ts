import { describe, expect, test } from 'vitest';
import type { Laws, Measurement } from '../../workers/symmetry/question.ts';
import { comparisons } from './comparison.ts';
import { valueAt } from './line-plot.ts';
import { explorationFor } from './orbit-options.ts';

const predictions = { hessian: 7, generators: 9, laws: 6, presentLaws: 6 };
const laws = (count: number, gap = 1e10): Laws => ({ count, ranks: [4, 5], gap, doubt: null });
const measured = (how: Partial<Measurement>): Measurement => ({
  kind: 'measurement',
  point: { loss: 0, gradientNorm: 0 },
  predictions,
  hessian: null,
  generators: null,
  laws: null,
  presentLaws: null,
  ...how,
});

describe('theory and measurement', () => {
  test('before anything is measured there is only theory', () => {
    expect(
      comparisons(predictions, null).map(({ predicted, measured: found, agreement }) => [
        predicted,
        found,
        agreement,
      ]),
    ).toEqual([
      [7, null, null],
      [9, null, null],
      [6, null, null],
      [6, null, null],
    ]);
  });

  test('the present data may have more laws than the theory promises, other data may not', () => {
    const rows = comparisons(predictions, measured({ laws: laws(8), presentLaws: laws(8) }));
    expect(rows.slice(2).map(({ agreement }) => agreement)).toEqual(['differs', 'more']);
    const fewer = comparisons(predictions, measured({ laws: laws(6), presentLaws: laws(5) }));
    expect(fewer.slice(2).map(({ agreement }) => agreement)).toEqual(['agrees', 'differs']);
  });

  test('a number without a gap neither agrees nor differs', () => {
    const [row] = comparisons(predictions, measured({ hessian: { count: 7, tolerance: 1e-6, gap: 1.1 } }));
    expect(row).toMatchObject({
      agreement: 'unclear',
      detail: expect.stringMatching(/not come near enough/),
    });
  });

  test('what could not be measured says why', () => {
    const [, row] = comparisons(predictions, measured({ generators: 'Too large.' }));
    expect(row).toMatchObject({ measured: null, agreement: null, refusal: 'Too large.' });
  });
});

test('a value between two points is interpolated over those that are missing', () => {
  const x = Float64Array.of(0, 1, 2);
  expect(valueAt(x, Float64Array.of(1, Number.NaN, 5), 0.5)).toBe(2);
  expect(valueAt(x, Float64Array.of(1, 2, Number.NaN), 1.5)).toBeNaN();
});

test('the explorer begins with nothing where no group has an orbit', () => {
  expect(explorationFor(null, [], { summary: null, jumps: [] })).toBeNull();
});
