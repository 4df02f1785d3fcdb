import { expect, it } from 'vitest';
import { formatDuration } from './duration.ts';

it.each([
  [0, 'under 1 s'],
  [0.999, 'under 1 s'],
  [1, '1 s'],
  [12.4, '12 s'],
  [89.4, '89 s'],
  [90, '2 min'],
  [240, '4 min'],
  [5399, '90 min'],
  [5400, '1.5 h'],
  [7 * 3600 + 1700, '7.5 h'],
  [30 * 3600, '30 h'],
  [72 * 3600, '3 days'],
  [1e12, 'years'],
  [Number.POSITIVE_INFINITY, 'years'],
])('%d seconds are %j', (seconds, words) => expect(formatDuration(seconds)).toBe(words));
