import { describe, expect, it } from 'vitest';
import type { Architecture } from './architecture.ts';
import { gradientWork, lossWork } from './work.ts';

const mlp = (...widths: number[]): Architecture => ({ kind: 'mlp', widths, activation: 'tanh', bias: false });

describe('the work of a problem', () => {
  it('is that of its matrix products and activations, counted by hand', () => {
    // 10-50-5 on 10 samples: forward 750, backward 750 for the weights and 250 for the hidden layer, 50 activations.
    expect(lossWork(mlp(10, 50, 5), 10)).toBe(10 * (750 + 500));
    expect(gradientWork(mlp(10, 50, 5), 10)).toBe(10 * (750 + 500 + 750 + 250));
  });

  it('grows with the samples in proportion, and with every width', () => {
    const deep = mlp(16, 64, 64, 4);
    expect(gradientWork(deep, 256)).toBe(256 * gradientWork(deep, 1));
    for (const wider of [mlp(17, 64, 64, 4), mlp(16, 65, 64, 4), mlp(16, 64, 65, 4), mlp(16, 64, 64, 5)]) {
      expect(gradientWork(wider, 8)).toBeGreaterThan(gradientWork(deep, 8));
    }
  });

  it('counts a gradient as two to three losses where the products dominate', () => {
    for (const widths of [
      [784, 256, 10],
      [64, 512, 512, 64],
    ]) {
      const ratio = gradientWork(mlp(...widths), 100) / lossWork(mlp(...widths), 100);
      expect(ratio).toBeGreaterThan(1.9);
      expect(ratio).toBeLessThan(3);
    }
  });
});
