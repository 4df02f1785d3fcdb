import { describe, expect, it } from 'vitest';
import type { Trajectory } from '../../experiment/trajectory.ts';
import { missingFrom } from './export-words.ts';

const layers = [{ weight: [[1]] }, { weight: [[2]] }];

const trajectory = (parameters: object) => ({ flows: [{ parameters }] }) as unknown as Trajectory;

describe('missingFrom', () => {
  const bare = trajectory({ initial: [], final: [] });
  const ends = trajectory({ initial: layers, final: layers });
  const full = trajectory({ initial: layers, final: layers, frames: [layers, layers] });

  it('says nothing when all that was asked for is there', () => {
    expect(missingFrom(bare, 'none')).toBe('');
    expect(missingFrom(ends, 'final')).toBe('');
    expect(missingFrom(full, 'all')).toBe('');
  });
  it('names what is missing', () => {
    expect(missingFrom(ends, 'all')).toContain('no parameters of every frame, so');
    expect(missingFrom(bare, 'all')).toContain('no parameters, so');
    expect(missingFrom(bare, 'final')).toContain('no parameters, so');
  });
});
