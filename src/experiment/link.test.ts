import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { defaultExperiment } from './defaults.ts';
import { DocumentError } from './document-error.ts';
import { experimentFromHash, experimentToHash } from './link.ts';
import { experimentArbitrary } from './testing/arbitraries.ts';

describe('links', () => {
  it('carry any experiment there and back', () => {
    fc.assert(
      fc.property(experimentArbitrary, (experiment) => {
        const hash = experimentToHash(experiment);
        expect(hash).toMatch(/^#experiment=[\w-]+$/);
        expect(experimentFromHash(hash)).toEqual(experiment);
      }),
      { seed: 6, numRuns: 100 },
    );
  });

  it('are short enough for a chat', () => {
    expect(experimentToHash(defaultExperiment).length).toBeLessThan(800);
  });

  it('hold nothing when they are another hash', () => {
    expect(experimentFromHash('')).toBeNull();
    expect(experimentFromHash('#about')).toBeNull();
  });

  it.each([0, 20, 100])('say so when they are damaged from character %d on', (at) => {
    const hash = experimentToHash(defaultExperiment);
    const start = '#experiment='.length + at;
    for (const damaged of [hash.slice(0, start), `${hash.slice(0, start)}!${hash.slice(start + 1)}`]) {
      expect(() => experimentFromHash(damaged)).toThrow(DocumentError);
    }
  });

  it('are refused when an experiment is too long for one', () => {
    const noise = Array.from({ length: 4000 }, (_, i) => [Math.sin(i * i)]);
    const experiment = {
      ...defaultExperiment,
      data: { kind: 'explicit' as const, inputs: noise, targets: noise },
    };
    expect(() => experimentToHash(experiment)).toThrow(
      /^The experiment is too long for a link \(\d+ characters, at most 32000\): export it as a file instead\.$/,
    );
  });
});
