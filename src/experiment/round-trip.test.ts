import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { defaultExperiment } from './defaults.ts';
import { experimentArbitrary, trajectoryArbitrary } from './testing/arbitraries.ts';
import { documentText, parseDocument } from './validate.ts';

describe('export followed by import', () => {
  it('is the identity on experiments', () => {
    fc.assert(
      fc.property(experimentArbitrary, (experiment) => {
        expect(parseDocument(documentText(experiment))).toEqual(experiment);
      }),
      { seed: 1, numRuns: 500 },
    );
  });

  it('is the identity on trajectories', () => {
    fc.assert(
      fc.property(trajectoryArbitrary, (trajectory) => {
        expect(parseDocument(documentText(trajectory))).toEqual(trajectory);
      }),
      { seed: 2, numRuns: 300 },
    );
  });

  it('keeps every digit of every number', () => {
    const value = 0.1 + 0.2;
    const experiment = {
      ...defaultExperiment,
      initialisation: { kind: 'normal' as const, std: [value, 1e-300], seed: 1 },
    };
    expect(parseDocument(documentText(experiment))).toEqual(experiment);
  });
});
