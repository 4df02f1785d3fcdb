import { describe, expect, it } from 'vitest';
import { workgroupSize } from './tile.ts';

const gpu = { fewestLanes: 32, mostLanes: 256 };

describe('the workgroup size', () => {
  it('grows with the widths, in powers of two, between the bounds', () => {
    const sizes = [2, 20, 50, 64, 200].map((width) => workgroupSize([10, width, 5], 10, gpu));
    expect(sizes).toEqual([32, 32, 64, 128, 256]);
    expect(workgroupSize([16, 64, 64, 4], 64, gpu)).toBe(256);
  });

  it('grows with the samples that are worked on at once', () => {
    expect(workgroupSize([2, 16, 1], 4, gpu)).toBe(32);
    expect(workgroupSize([2, 16, 1], 64, gpu)).toBe(128);
  });

  it('stays where lanes are few', () => {
    expect(workgroupSize([10, 500, 5], 64, { fewestLanes: 4, mostLanes: 4 })).toBe(4);
  });
});
