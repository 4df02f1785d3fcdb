import { expect, it } from 'vitest';
import { createTurns, type Turns } from './turns.ts';

const flowsUpTo = (count: number) => Array.from({ length: count }, (_, i) => i);

/** Lets `count` flows take turns where a dispatch of `flows` flows and `steps` steps takes `cost` of them. */
function play(
  turns: Turns,
  count: number,
  dispatches: number,
  cost: (flows: number, steps: number) => number,
) {
  const taken = new Array<number>(count).fill(0);
  const times = Array.from({ length: dispatches }, () => {
    const { flows, steps } = turns.next(flowsUpTo(count));
    for (const flow of flows) taken[flow]! += steps;
    const milliseconds = cost(flows.length, steps);
    turns.learn(flows.length, steps, milliseconds);
    return milliseconds;
  });
  return { taken, times };
}

it('one flow soon takes as many steps as fit', () => {
  const { times } = play(createTurns(), 1, 12, (_, steps) => 1 + 0.02 * steps);
  expect(times[0]).toBeLessThan(2);
  expect(times.at(-1)).toBeCloseTo(16, 0);
});

it('a device that runs flows side by side gets them all', () => {
  const turns = createTurns();
  play(turns, 4096, 12, (_, steps) => 1 + 0.01 * steps);
  const { flows, steps } = turns.next(flowsUpTo(4096));
  expect(flows).toHaveLength(4096);
  expect(steps).toBeGreaterThan(1000);
  // When all but one have ended, that one is not given their share of the time.
  expect(turns.next([7])).toEqual({ flows: [7], steps });
});

it('a device that runs flows one after another is never kept long, and treats them alike', () => {
  const { taken, times } = play(createTurns(), 4096, 400, (flows, steps) => 0.5 + 0.05 * flows * steps);
  expect(Math.max(...times)).toBeLessThan(20);
  expect(times.at(-1)).toBeGreaterThan(8);
  expect(Math.min(...taken)).toBeGreaterThan(0);
  expect(Math.max(...taken) - Math.min(...taken)).toBeLessThanOrEqual(4);
});

it('steps that take longer than the target are taken one by one', () => {
  const { times } = play(createTurns(), 3, 20, (flows, steps) => 40 * flows * steps);
  expect(times.at(-1)).toBe(40);
});
