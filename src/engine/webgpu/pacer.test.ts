import { expect, it } from 'vitest';
import { createPacer } from './pacer.ts';

it('a pacer settles at the work that takes 16 milliseconds, from below, without leaps', () => {
  const pacer = createPacer(8);
  const budgets = Array.from({ length: 12 }, () => {
    const { budget } = pacer;
    pacer.learn(budget, 1 + 0.02 * budget);
    return budget;
  });
  expect(budgets[0]).toBe(8);
  for (let i = 1; i < budgets.length; i++) expect(budgets[i]!).toBeLessThanOrEqual(4 * budgets[i - 1]!);
  expect(1 + 0.02 * budgets.at(-1)!).toBeCloseTo(16, 0);
  // A little work in no time says nothing of the whole budget; any that takes long does.
  const settled = pacer.budget;
  pacer.learn(1, 3);
  expect(pacer.budget).toBe(settled);
  pacer.learn(1, 160);
  expect(pacer.budget).toBe(1);
});
