import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type ActivationName, activationNames } from '../../model/activation.ts';
import type { MlpArchitecture } from '../../model/architecture.ts';
import { createNetwork } from '../../model/network.ts';
import { normals, PROPERTY, randomTheta, seeds } from '../testing/problems.ts';
import { nestedBracket } from './bracket.ts';
import { type Field, gradientField, type OutputCombination } from './field.ts';
import { extend, type Jets, part, reals } from './jet.ts';

const architectures = fc.record<MlpArchitecture>({
  kind: fc.constant('mlp' as const),
  widths: fc.constantFrom([2, 3, 2], [1, 2, 1], [2, 2, 3, 1]),
  activation: fc.constantFrom<ActivationName>(...activationNames),
  bias: fc.boolean(),
});

const SAMPLES = 3;
/** Of central differences with the step 1e-5, relative. */
const TOLERANCE = 1e-6;

function combination({ widths }: MlpArchitecture, seed: number): OutputCombination {
  return {
    samples: SAMPLES,
    inputs: normals(SAMPLES * widths[0]!, seed),
    weights: normals(SAMPLES * widths.at(-1)!, seed + 1),
  };
}

const field = (architecture: MlpArchitecture, seed: number): Field =>
  gradientField(architecture, combination(architecture, seed));

/** |a - b| relative to the larger of |b| and 1. */
const distance = (a: Float64Array, b: Float64Array): number =>
  Math.hypot(...a.map((x, i) => x - b[i]!)) / Math.max(1, Math.hypot(...b));

const plus = (a: Float64Array, factor: number, b: Float64Array): Float64Array =>
  a.map((x, i) => x + factor * b[i]!);

describe('gradient fields over the algebra', () => {
  test('real parts are the gradients of the network, every activation', () => {
    fc.assert(
      fc.property(architectures, seeds, (architecture, seed) => {
        const { samples, inputs, weights } = combination(architecture, seed);
        const theta = randomTheta(architecture, seed + 2);
        const dataset = {
          samples,
          inputs,
          inputWidth: architecture.widths[0]!,
          outputWidth: architecture.widths.at(-1)!,
        };
        // The gradient of 1/2 |f - y|^2 is that of <f - y, f>: choose y = f - weights.
        const loss = 'half-squared-error';
        const outputs = createNetwork({
          architecture,
          dataset: { ...dataset, targets: weights },
          loss,
        }).outputs(theta);
        const expected = new Float64Array(theta.length);
        createNetwork({
          architecture,
          dataset: { ...dataset, targets: plus(outputs, -1, weights) },
          loss,
        }).gradient(theta, expected);
        const actual = field(architecture, seed)(reals(theta)).coefficients;
        // f - y loses the digits that f has beyond the weights.
        const lost = Math.max(1, ...outputs.map(Math.abs));
        expect(distance(actual, expected)).toBeLessThan(1e-13 * lost);
      }),
      { ...PROPERTY, numRuns: 120 },
    );
  });

  test('coefficients of eps_1, and of eps_1 eps_2, are directional derivatives, every activation', () => {
    const step = 1e-5;
    fc.assert(
      fc.property(architectures, seeds, (architecture, seed) => {
        const x = field(architecture, seed);
        const theta = randomTheta(architecture, seed + 2);
        const [u, v] = [normals(theta.length, seed + 3), normals(theta.length, seed + 4)];
        const along = (at: Float64Array): Jets => part('derivative', x(extend(reals(at), reals(u))));
        const difference = (f: (at: Float64Array) => Float64Array, direction: Float64Array) =>
          plus(f(plus(theta, step, direction)), -1, f(plus(theta, -step, direction))).map(
            (d) => d / (2 * step),
          );
        const first = difference((at) => x(reals(at)).coefficients, u);
        expect(distance(first, along(theta).coefficients)).toBeLessThan(TOLERANCE);
        const second = difference((at) => along(at).coefficients, v);
        const nested = extend(
          extend(reals(theta), reals(u)),
          extend(reals(v), reals(new Float64Array(theta.length))),
        );
        const mixed = part('derivative', part('derivative', x(nested)));
        expect(distance(second, mixed.coefficients)).toBeLessThan(TOLERANCE);
      }),
      { ...PROPERTY, numRuns: 120 },
    );
  });
});
describe('brackets', () => {
  /** f = u <v, x>, packed v, u: grad f = (u x, <v, x>). */
  const scalar: MlpArchitecture = { kind: 'mlp', widths: [2, 1, 1], activation: 'linear', bias: false };
  const at = (x: readonly [number, number]): Field =>
    gradientField(scalar, { samples: 1, inputs: Float64Array.from(x), weights: Float64Array.of(1) });

  test('closed form: the fields of two inputs of u <v, x> bracket to a rotation of v', () => {
    const [x, y, v] = [
      [1, 2],
      [3, -1],
      [0.3, 0.7],
    ] as const;
    const dot = (a: readonly number[], b: readonly number[]) => a[0]! * b[0]! + a[1]! * b[1]!;
    const theta = reals(Float64Array.of(...v, 5));
    // [X, Y] = DY X - DX Y = (<v, x> y - <v, y> x, 0).
    const [vx, vy] = [dot(v, x), dot(v, y)];
    const expected = Float64Array.of(vx * y[0] - vy * x[0], vx * y[1] - vy * x[1], 0);
    expect(distance(nestedBracket([at(y), at(x)], theta).coefficients, expected)).toBeLessThan(1e-15);
  });

  test('[X, Y] = -[Y, X] and the identity of Jacobi hold to rounding', () => {
    fc.assert(
      fc.property(architectures, seeds, (architecture, seed) => {
        const [x, y, z] = [1, 2, 3].map((k) => field(architecture, seed + 10 * k)) as [Field, Field, Field];
        const theta = reals(randomTheta(architecture, seed));
        const bracket = (...fields: Field[]) => nestedBracket(fields, theta).coefficients;
        const cyclic = [bracket(x, y, z), bracket(y, z, x), bracket(z, x, y)] as const;
        const scale = Math.max(1, ...cyclic.map((terms) => Math.hypot(...terms)));
        expect(Math.hypot(...plus(bracket(x, y), 1, bracket(y, x)))).toBeLessThan(1e-11 * scale);
        const sum = plus(plus(cyclic[0], 1, cyclic[1]), 1, cyclic[2]);
        expect(Math.hypot(...sum)).toBeLessThan(1e-11 * scale);
      }),
      PROPERTY,
    );
  });

  test('every level is exact: a bracket of five fields is multilinear to rounding, its nested differences are not near it', () => {
    const architecture: MlpArchitecture = { kind: 'mlp', widths: [2, 3, 2], activation: 'tanh', bias: false };
    const fields = [1, 2, 3, 4, 5].map((k) => field(architecture, 10 * k));
    const theta = randomTheta(architecture, 7);
    const scaled = fields.map((f, k): Field => {
      const factor = 1 + 0.37 * (k + 1);
      return (at) => {
        const { coefficients, size } = f(at);
        return { coefficients: coefficients.map((c) => factor * c), size };
      };
    });
    const factor = [1, 2, 3, 4, 5].reduce((p, k) => p * (1 + 0.37 * k), 1);
    const exact = nestedBracket(fields, reals(theta)).coefficients;
    const again = nestedBracket(scaled, reals(theta)).coefficients.map((c) => c / factor);
    expect(distance(again, exact)).toBeLessThan(1e-13);
    const differences = bracketByDifferences(fields, 1e-4)(theta);
    expect(distance(differences, exact)).toBeGreaterThan(1e-3);
    // With two fields the differences are good, so that they are a fair comparison.
    const two = fields.slice(0, 2);
    expect(
      distance(bracketByDifferences(two, 1e-4)(theta), nestedBracket(two, reals(theta)).coefficients),
    ).toBeLessThan(1e-6);
  });
});

/** The nested bracket by central differences at every level. */
function bracketByDifferences(fields: readonly Field[], step: number): (theta: Float64Array) => Float64Array {
  const outer = (theta: Float64Array) => fields.at(-1)!(reals(theta)).coefficients;
  if (fields.length === 1) return outer;
  const inner = bracketByDifferences(fields.slice(0, -1), step);
  const along = (f: typeof outer, theta: Float64Array, u: Float64Array) =>
    plus(f(plus(theta, step, u)), -1, f(plus(theta, -step, u))).map((d) => d / (2 * step));
  return (theta) => plus(along(inner, theta, outer(theta)), -1, along(outer, theta, inner(theta)));
}
