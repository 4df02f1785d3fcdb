import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  conservedColour,
  conservedGradient,
  conservedRgb,
  contrastRatio,
  grounds,
  lossColour,
  lossTexels,
  parseColour,
  sharpnessColour,
  type Theme,
} from './colour.ts';

const themes: readonly Theme[] = ['dark', 'light'];
const range = fc
  .tuple(fc.double({ min: -1e3, max: 1e3, noNaN: true }), fc.double({ min: -1e3, max: 1e3, noNaN: true }))
  .map(([a, b]) => [Math.min(a, b), Math.max(a, b)] as const);

describe('conservedColour', () => {
  it('is at least 3 to 1 against the ground for every Q, in both themes', () => {
    const property = fc.property(
      range,
      fc.double({ min: -2e3, max: 2e3, noNaN: true }),
      fc.constantFrom(...themes),
      (span, q, theme) => {
        const ground = parseColour(grounds[theme]);
        expect(contrastRatio(conservedRgb(q, span, theme), ground)).toBeGreaterThanOrEqual(3);
      },
    );
    fc.assert(property, { seed: 1 });
  });

  it('is blue below 0, orange above, and grey at 0, wherever the range lies', () => {
    for (const theme of themes) {
      const [lowRed, , lowBlue] = conservedRgb(-5, [-5, 1], theme);
      const [highRed, , highBlue] = conservedRgb(1, [0.5, 1], theme);
      expect(lowBlue).toBeGreaterThan(lowRed + 0.3);
      expect(highRed).toBeGreaterThan(highBlue + 0.3);
      const grey = conservedColour(0, [-5, 1], theme);
      expect(conservedColour(0, [-1, 100], theme)).toBe(grey);
      expect(conservedColour(null, [-1, 100], theme)).toBe(grey);
      expect(conservedColour(3, [0, 0], theme)).toBe(grey);
    }
  });

  it('runs through the gradient of the slider track in order', () => {
    const gradient = conservedGradient([-2, 4], 'dark');
    expect(
      gradient.startsWith(`linear-gradient(to right, ${conservedColour(-2, [-2, 4], 'dark')} 0.0%`),
    ).toBe(true);
    expect(gradient.endsWith(`${conservedColour(4, [-2, 4], 'dark')} 100.0%)`)).toBe(true);
  });
});

describe('maps of the loss and the sharpness', () => {
  it('hold their ends outside [0, 1]', () => {
    expect(lossColour(-1)).toBe(lossColour(0));
    expect(lossColour(2, 'cividis')).toBe(lossColour(1, 'cividis'));
    expect(sharpnessColour(7)).toBe(sharpnessColour(1));
  });

  it('grow brighter with the loss, so that they can be read without colour', () => {
    for (const map of ['viridis', 'cividis'] as const) {
      const texels = lossTexels(map);
      const black = [0, 0, 0] as const;
      let before = 0;
      for (let i = 0; i < 256; i += 15) {
        const texel = [0, 1, 2].map((k) => texels[4 * i + k]! / 255) as [number, number, number];
        const brightness = contrastRatio(texel, black);
        expect(brightness).toBeGreaterThan(before);
        before = brightness;
      }
    }
  });
});
