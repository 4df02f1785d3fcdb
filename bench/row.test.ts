import { describe, expect, it } from 'vitest';
import { atLeast, atMost, judged, skipped, table } from './row.ts';

const row = { name: 'a flow', unit: 'µs', value: 3 };

describe('a verdict', () => {
  it('is on the value without a peer, on the ratio with one', () => {
    expect(judged({ ...row, bound: atMost(3) }).met).toBe(true);
    expect(judged({ ...row, bound: atMost(2.9) }).met).toBe(false);
    expect(judged({ ...row, peer: 'PyTorch', ratio: 15, bound: atLeast(15) }).met).toBe(true);
    expect(judged({ ...row, peer: 'PyTorch', ratio: 14.9, bound: atLeast(15) }).met).toBe(false);
  });

  it('is absent without a bound or without a figure', () => {
    expect(judged(row)).not.toHaveProperty('met');
    expect(judged({ ...row, value: null, bound: atMost(1) })).not.toHaveProperty('met');
    expect(judged({ ...row, peer: 'PyTorch', bound: atLeast(1) })).not.toHaveProperty('met');
  });

  it('is no on a figure that is not a number', () => {
    expect(judged({ ...row, value: Number.NaN, bound: atMost(1) }).met).toBe(false);
  });
});

describe('the table', () => {
  const text = table([
    judged({
      ...row,
      valueRange: [2, 4],
      peer: 'PyTorch',
      ratio: 14.96,
      ratioRange: [12, 16],
      bound: atLeast(15),
    }),
    judged({ ...row, name: 'a longer name', value: 1234567, bound: atMost(2e6) }),
    skipped('webgpu', 'skipped: no adapter'),
  ]);

  it('says figure, spread, ratio, bound and verdict', () => {
    const [, , first, second, third] = text.split('\n');
    expect(first).toMatch(/^a flow +3 µs \(2\.\.4\) +15 × PyTorch \(12\.\.16\) +at least 15 +not met$/);
    expect(second).toMatch(/^a longer name +1\.23e\+6 µs +at most 2\.00e\+6 +ok$/);
    expect(third).toMatch(/^webgpu +- +skipped: no adapter$/);
  });

  it('has its columns under their heads', () => {
    const [head, , ...lines] = text.split('\n');
    const start = head!.indexOf('figure');
    for (const line of lines) expect(line.slice(start - 2, start + 1)).toMatch(/^ {2}\S$/);
  });
});
