import fc from 'fast-check';
import { expect, it } from 'vitest';
import { packParameters, parameterCount, parameterLayout, unpackParameters } from './parameters.ts';
import { checks, problemPoints } from './testing/problems.ts';

it('packs layer after layer, the weight row by row, then the bias', () => {
  const architecture = { kind: 'mlp', widths: [2, 1, 3], activation: 'tanh', bias: true } as const;
  const theta = packParameters(architecture, [
    { weight: [[1, 2]], bias: [3] },
    { weight: [[4], [5], [6]], bias: [7, 8, 9] },
  ]);
  expect([...theta]).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9]);
});

it('unpacks what it packed', () => {
  fc.assert(
    fc.property(problemPoints(), ({ problem: { architecture }, theta }) => {
      const layers = unpackParameters(architecture, theta);
      expect(layers).toHaveLength(architecture.widths.length - 1);
      expect(layers.every((layer) => (layer.bias !== undefined) === architecture.bias)).toBe(true);
      expect(packParameters(architecture, layers)).toEqual(theta);
    }),
    checks,
  );
});

it('counts (inputs + 1) x outputs per layer with biases, inputs x outputs without', () => {
  fc.assert(
    fc.property(problemPoints(), ({ problem: { architecture } }) => {
      const { widths, bias } = architecture;
      const expected = widths.slice(1).reduce((sum, n, i) => sum + n * (widths[i]! + (bias ? 1 : 0)), 0);
      expect(parameterCount(architecture)).toBe(expected);
      expect(parameterLayout(architecture).layers.every((layer) => layer.bias >= 0 === bias)).toBe(true);
    }),
    checks,
  );
});
