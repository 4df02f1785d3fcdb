import { describe, expect, it } from 'vitest';
import { loss } from './loss.ts';
import { outputLosses, softmaxRows } from './output-loss.ts';

const crossEntropy = outputLosses['cross-entropy'];

describe('losses of two samples with three outputs', () => {
  const outputs = Float64Array.of(1, 2, 3, 4, 5, 6);
  const targets = Float64Array.of(0, 2, 3, 4, 7, 6);
  it.each([
    ['mean-squared-error', 5 / 6],
    ['half-squared-error', 5 / 2],
    ['squared-error', 5],
  ] as const)('%s', (name, expected) => {
    const { scale, rowLoss } = loss(name);
    expect(outputLosses[rowLoss].value(outputs, targets, 3, scale(2, 3))).toBeCloseTo(expected, 15);
  });
});

describe('cross-entropy', () => {
  it('of equal logits is the logarithm of their number, averaged over samples', () => {
    const scale = loss('cross-entropy').scale(2, 4);
    const targets = Float64Array.of(1, 0, 0, 0, 0, 0.5, 0.5, 0);
    expect(crossEntropy.value(new Float64Array(8).fill(7), targets, 4, scale)).toBeCloseTo(Math.log(4), 15);
  });

  it('keeps its digits near zero and its size for huge logits', () => {
    const value = (logits: number[], targets: number[]) =>
      crossEntropy.value(Float64Array.from(logits), Float64Array.from(targets), logits.length, 1);
    expect(value([40, 0], [1, 0]) / Math.exp(-40)).toBeCloseTo(1, 14);
    expect(value([1000, 0], [0, 1])).toBe(1000);
    expect(value([-1000, -1000], [1, 0])).toBeCloseTo(Math.LN2, 15);
  });

  it('shows logits that are not finite', () => {
    for (const bad of [Number.NaN, Number.POSITIVE_INFINITY]) {
      for (const place of [0, 1, 2]) {
        const logits = Float64Array.of(1, 2, 3);
        logits[place] = bad;
        expect(crossEntropy.value(logits, Float64Array.of(1, 0, 0), 3, 1)).toBeNaN();
      }
    }
  });

  it('does not see a shift of all logits: its gradient sums to zero', () => {
    const out = new Float64Array(3);
    crossEntropy.gradient(Float64Array.of(1, -2, 0.5), Float64Array.of(0.2, 0.3, 0.1), 3, 1, out);
    expect(out[0]! + out[1]! + out[2]!).toBeCloseTo(0, 15);
  });
});

it('softmax rows are positive and sum to one', () => {
  const rows = Float64Array.of(1, 2, 3, 800, -800, 0);
  softmaxRows(rows, 3);
  expect(rows[0]! + rows[1]! + rows[2]!).toBeCloseTo(1, 15);
  expect(rows[2]! / rows[1]!).toBeCloseTo(Math.E, 14);
  expect([...rows.subarray(3)]).toEqual([1, 0, 0]);
});
