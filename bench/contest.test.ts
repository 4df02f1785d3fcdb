import { describe, expect, it } from 'vitest';
import { type Contender, contest } from './contest.ts';
import { atLeast } from './row.ts';

const effort = { rounds: 5, milliseconds: 100 };

/** A contender on a clock of its own: `once` milliseconds per call and `each` per unit of work. Notes its calls. */
function simulated(
  label: string,
  each: number,
  { once = 0, log = [] as string[], weather = (): number => 1 } = {},
) {
  const amounts: number[] = [];
  const contender: Contender = {
    label,
    async run(amount) {
      amounts.push(amount);
      log.push(label);
      return (once + each * amount) * weather();
    },
  };
  return { contender, amounts };
}

describe('a contest', () => {
  const base = { name: 'race', unit: 'µs', factor: 1000 };

  it('gives work that takes the time of a turn, and figures per unit of it', async () => {
    const fast = simulated('fast', 0.5);
    const slow = simulated('slow', 250);
    const [row] = await contest(
      { ...base, subject: fast.contender, peers: [{ contender: slow.contender, bound: atLeast(400) }] },
      effort,
    );
    expect(fast.amounts.slice(-5)).toEqual(Array(5).fill(200));
    expect(slow.amounts.slice(-5)).toEqual(Array(5).fill(1));
    expect(row).toEqual({
      ...base,
      factor: undefined,
      value: 500,
      valueRange: [500, 500],
      peer: 'slow',
      peerValue: 250_000,
      ratio: 500,
      ratioRange: [500, 500],
      bound: atLeast(400),
      met: true,
    });
  });

  it('takes turns, forwards and backwards', async () => {
    const log: string[] = [];
    const one = simulated('one', 1000, { log });
    const two = simulated('two', 1000, { log });
    await contest({ ...base, subject: one.contender, peers: [{ contender: two.contender }] }, effort);
    expect(log.slice(-10).join(' ')).toBe('one two two one one two two one one two');
  });

  it('keeps its ratio while the machine is slow for some of the turns', async () => {
    let calls = 0;
    const weather = () => (calls++ < 8 ? 10 : 1);
    const one = simulated('one', 100, { weather });
    const two = simulated('two', 300, { weather });
    const [row] = await contest(
      { ...base, subject: one.contender, peers: [{ contender: two.contender }] },
      effort,
    );
    expect(row!.ratio).toBeCloseTo(3, 12);
    expect(row!.valueRange![1]).toBeGreaterThan(5 * row!.valueRange![0]);
  });

  it('does no less work than beside which a fixed cost is small', async () => {
    const { contender, amounts } = simulated('costly', 1, { once: 500 });
    await contest({ ...base, subject: { ...contender, least: 5000 }, peers: [] }, effort);
    expect(Math.min(...amounts)).toBe(5000);
  });

  it('has a row that says so for a peer that is not there', async () => {
    const { contender } = simulated('alone', 1);
    const rows = await contest(
      {
        ...base,
        subject: contender,
        peers: [{ contender: { label: 'PyTorch', missing: 'skipped' }, bound: atLeast(15) }],
      },
      effort,
    );
    expect(rows).toHaveLength(1);
    expect(rows[0]).toMatchObject({ value: 1000, peer: 'PyTorch', note: 'skipped' });
    expect(rows[0]).not.toHaveProperty('ratio');
    expect(rows[0]).not.toHaveProperty('met');
  });
});
