import { describe, expect, it } from 'vitest';
import { describeChart } from './description.ts';
import { chartOf, sampled } from './testing/charts.ts';

describe('describeChart', () => {
  it('says what is drawn over what', () => {
    expect(describeChart(null)).toMatch(/^Loss landscape in 3-D, empty/);
    expect(describeChart(chartOf(sampled(() => 1, 2, 2)))).toContain(
      'loss over conserved quantity Q and distance from the minimum, a surface with 0 flows on it.',
    );
    expect(describeChart(chartOf(null))).not.toContain('surface');
  });
});
