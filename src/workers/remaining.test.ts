import { describe, expect, it } from 'vitest';
import { batchRemaining, createCountdown } from './remaining.ts';

describe('the time that a batch still takes', () => {
  it('is what was expected before anything is done, and nothing at the end', () => {
    expect(batchRemaining({ spent: 0, fraction: 0, expected: 12 })).toBe(12);
    expect(batchRemaining({ spent: 1, fraction: 0, expected: 12 })).toBe(11);
    expect(batchRemaining({ spent: 5, fraction: 1, expected: 12 })).toBe(0);
  });

  it('is what was expected as long as it goes as expected', () => {
    for (const spent of [1, 4, 8, 11]) {
      expect(batchRemaining({ spent, fraction: spent / 12, expected: 12 })).toBeCloseTo(12 - spent, 10);
    }
  });

  it('moves from the expected to the measured, between the two all the way', () => {
    // 12 s were expected, it takes 40.
    const left = [0.5, 2, 6, 12, 20, 39].map((spent) => ({
      spent,
      seconds: batchRemaining({ spent, fraction: spent / 40, expected: 12 })!,
    }));
    for (const { spent, seconds } of left) {
      expect(seconds).toBeGreaterThanOrEqual(12 - spent);
      expect(seconds).toBeLessThanOrEqual(40 - spent + 1e-9);
    }
    const totals = left.map(({ spent, seconds }) => spent + seconds);
    expect(totals).toEqual(totals.toSorted((a, b) => a - b));
    expect(totals.at(-1)).toBeCloseTo(40, 10);
  });

  it('does not believe a crawling start', () => {
    const seconds = batchRemaining({ spent: 0.5, fraction: 0.001, expected: 5 })!;
    expect(seconds).toBeLessThan(10);
  });

  it('waits for half a second where nothing was expected', () => {
    expect(batchRemaining({ spent: 0.4, fraction: 0.1, expected: null })).toBeNull();
    expect(batchRemaining({ spent: 1, fraction: 0, expected: null })).toBeNull();
    expect(batchRemaining({ spent: 1, fraction: 0.1, expected: null })).toBeCloseTo(9, 10);
  });
});

describe('a countdown', () => {
  it('follows the clock when the estimates agree', () => {
    const countdown = createCountdown();
    for (let time = 0; time <= 9; time += 0.1)
      expect(countdown.at(time, 10 - time)).toBeCloseTo(10 - time, 9);
    expect(countdown.at(9.5, null)).toBeCloseTo(0.5, 9);
    expect(countdown.at(12, null)).toBe(0);
  });

  it('takes a jump up in the course of some seconds', () => {
    const countdown = createCountdown();
    countdown.at(0, 10);
    const jumped = countdown.at(0.1, 100)!;
    expect(jumped).toBeGreaterThan(10);
    expect(jumped).toBeLessThan(20);
    let after = jumped;
    for (let time = 0.2; time <= 12; time += 0.1) after = countdown.at(time, 100 - time)!;
    expect(after).toBeCloseTo(88, 0);
  });

  it('knows nothing before the first estimate', () => expect(createCountdown().at(3, null)).toBeNull());
});
