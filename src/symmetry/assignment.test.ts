import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bestAssignment } from './assignment.ts';

/** All permutations of 0 .. n-1. */
function permutations(n: number): number[][] {
  if (n === 0) return [[]];
  return permutations(n - 1).flatMap((shorter) =>
    Array.from({ length: n }, (_, at) => [...shorter.slice(0, at), n - 1, ...shorter.slice(at)]),
  );
}

const total = (score: Float64Array, assigned: ArrayLike<number>): number => {
  const n = Math.sqrt(score.length);
  return Array.from(assigned).reduce((sum, j, i) => sum + score[i * n + j]!, 0);
};

describe('the assignment', () => {
  const scores = fc
    .integer({ min: 1, max: 6 })
    .chain((n) => fc.float64Array({ minLength: n * n, maxLength: n * n, min: -10, max: 10, noNaN: true }));

  it('is a permutation with the largest total score', () => {
    fc.assert(
      fc.property(scores, (score) => {
        const n = Math.sqrt(score.length);
        const assigned = bestAssignment(score);
        expect([...assigned].sort((a, b) => a - b)).toEqual(Array.from({ length: n }, (_, i) => i));
        const best = Math.max(...permutations(n).map((p) => total(score, p)));
        expect(total(score, assigned)).toBeCloseTo(best, 9);
      }),
      { seed: 1, numRuns: 60 },
    );
  });

  it('finds a hidden permutation of many units again', () => {
    const n = 60;
    const hidden = Array.from({ length: n }, (_, i) => (i * 17) % n);
    const score = new Float64Array(n * n).map(
      (_, i) => (hidden[Math.floor(i / n)] === i % n ? 1 : 0) - ((i * 7919) % 101) / 1000,
    );
    expect([...bestAssignment(score)]).toEqual(hidden);
  });
});
