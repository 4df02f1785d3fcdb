import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { initialise } from './initialisation.ts';
import { createNetwork, type Network } from './network.ts';
import { packParameters, unpackParameters } from './parameters.ts';
import type { MlpProblem } from './problem.ts';
import { invertRows } from './row-inversion.ts';
import { checks, combine, dot, norm, problemPoints } from './testing/problems.ts';

const points = problemPoints({ activations: ['row-inversion'] });

const asLinear = (problem: MlpProblem): MlpProblem => ({
  ...problem,
  architecture: { ...problem.architecture, activation: 'linear' },
});

const gradientOf = (network: Network, theta: Float64Array): Float64Array => {
  const out = new Float64Array(network.size).fill(Number.NaN);
  network.gradient(theta, out);
  return out;
};

const step = 1e-3;

/** Central difference of fourth order of a vector at 0. */
function derivative(of: (s: number) => Float64Array): Float64Array {
  const [p1, m1, p2, m2] = [1, -1, 2, -2].map((s) => of(s * step));
  return p1!.map((x, i) => (8 * (x - m1![i]!) - (p2![i]! - m2![i]!)) / (12 * step));
}

describe('row inversion', () => {
  it('computes U (V / row norms squared) x', () => {
    const architecture = {
      kind: 'mlp',
      widths: [3, 4, 2],
      activation: 'row-inversion',
      bias: false,
    } as const;
    const theta = initialise(architecture, { kind: 'normal', std: [1, 1] }, 3);
    const [inner, outer] = unpackParameters(architecture, theta);
    const x = [0.3, -1.2, 0.7];
    const hidden = inner!.weight.map(
      (row) => row.reduce((sum, w, j) => sum + w * x[j]!, 0) / row.reduce((sum, w) => sum + w * w, 0),
    );
    const expected = outer!.weight.map((row) => row.reduce((sum, u, k) => sum + u * hidden[k]!, 0));
    const dataset = {
      samples: 1,
      inputWidth: 3,
      outputWidth: 2,
      inputs: Float64Array.from(x),
      targets: new Float64Array(2),
    };
    const network = createNetwork({ architecture, dataset, loss: 'squared-error' });
    network.outputs(theta).forEach((y, o) => {
      expect(y).toBeCloseTo(expected[o]!, 13);
    });
    network.preActivations(theta, 0).forEach((z, k) => {
      expect(z).toBeCloseTo(hidden[k]!, 13);
    });
  });

  it('is the linear network on inverted rows, and inverts back', () => {
    fc.assert(
      fc.property(points, ({ problem, theta }) => {
        const inverted = invertRows(problem.architecture, theta);
        const back = invertRows(problem.architecture, inverted);
        expect(norm(combine(back, -1, theta))).toBeLessThan(1e-14 * norm(theta));
        const [network, linear] = [createNetwork(problem), createNetwork(asLinear(problem))];
        expect(network.outputs(theta)).toEqual(linear.outputs(inverted));
        expect(network.loss(theta)).toBe(linear.loss(inverted));
        expect(norm(combine(linear.outputs(theta), -1, network.outputs(theta)))).toBeGreaterThan(1e-6);
      }),
      checks,
    );
  });

  it('has the gradient of its loss', () => {
    fc.assert(
      fc.property(points, ({ problem, theta, v }) => {
        const network = createNetwork(problem);
        const [slope] = derivative((s) => Float64Array.of(network.loss(combine(theta, s, v))));
        const gradient = gradientOf(network, theta);
        expect(Math.abs(dot(gradient, v) - slope!)).toBeLessThan(1e-5 * (norm(gradient) * norm(v) + 1e-3));
        expect(network.gradient(theta, new Float64Array(network.size))).toBe(network.loss(theta));
      }),
      checks,
    );
  });

  it('has the Hessian of its loss', () => {
    fc.assert(
      fc.property(points, ({ problem, theta, v }) => {
        const network = createNetwork(problem);
        const product = new Float64Array(network.size).fill(Number.NaN);
        network.hessianVectorProduct(theta, v, product);
        const expected = derivative((s) => gradientOf(network, combine(theta, s, v)));
        expect(norm(combine(product, -1, expected))).toBeLessThan(1e-5 * (norm(product) + 1e-3));
      }),
      checks,
    );
  });

  it('is of degree -1 in the rows of a hidden layer', () => {
    fc.assert(
      fc.property(points, fc.double({ min: 0.2, max: 5, noNaN: true }), ({ problem, theta }, c) => {
        const { architecture } = problem;
        const layers = unpackParameters(architecture, theta);
        const scaled = layers.map(({ weight, bias }, l) => {
          // The last hidden layer's rows times c, what follows times c: the same outputs but for the last bias.
          const factor = l >= layers.length - 2 ? c : 1;
          return {
            weight: weight.map((row) => row.map((w) => factor * w)),
            ...(bias ? { bias: l === layers.length - 1 ? bias : bias.map((b) => factor * b) } : {}),
          };
        });
        const network = createNetwork(problem);
        const before = network.outputs(theta);
        const after = network.outputs(packParameters(architecture, scaled));
        expect(norm(combine(after, -1, before))).toBeLessThan(1e-12 * (1 + norm(before)));
      }),
      checks,
    );
  });
});
