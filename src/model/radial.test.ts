import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ActivationName } from './activation.ts';
import { orthogonalMatrix } from './initialisation.ts';
import { createNetwork } from './network.ts';
import { packParameters } from './parameters.ts';
import { type RadialActivation, type RadialName, radialActivations } from './radial.ts';
import { createRandom } from './random.ts';
import { checks, combine, dot, norm } from './testing/problems.ts';

const names = Object.keys(radialActivations) as RadialName[];

/** rho(z), computed by a network whose weights are identities. */
function through(activation: ActivationName, z: Float64Array): Float64Array {
  const width = z.length;
  const identity = Array.from({ length: width }, (_, i) =>
    Array.from({ length: width }, (_, j) => Number(i === j)),
  );
  const architecture = { kind: 'mlp', widths: [width, width, width], activation, bias: false } as const;
  const dataset = { samples: 1, inputWidth: width, outputWidth: width, inputs: z, targets: z };
  const network = createNetwork({ architecture, dataset, loss: 'squared-error' });
  return network.outputs(packParameters(architecture, [{ weight: identity }, { weight: identity }]));
}

/** z of one to five numbers at a distance from the origin and from the spheres where some h has a kink, and two directions. */
const vectors = fc
  .record({
    width: fc.integer({ min: 1, max: 5 }),
    radius: fc.oneof(
      ...[
        [0.1, 0.45],
        [0.55, 0.95],
        [1.05, 6],
      ].map(([min, max]) => fc.double({ min: min!, max: max!, noNaN: true })),
    ),
    seed: fc.integer({ min: 0, max: 1e6 }),
  })
  .map(({ width, radius, seed }) => {
    const random = createRandom(seed, 'vectors');
    const draw = () => Float64Array.from({ length: width }, () => random.normal());
    const [z, v, w] = [draw(), draw(), draw()];
    return { z: z.map((x) => (x * radius) / norm(z)), v, w, seed };
  });

const step = 1e-3;

/** The derivative of a vector along v, a central difference of fourth order. */
function derivative(of: (z: Float64Array) => Float64Array, z: Float64Array, v: Float64Array): Float64Array {
  const h = step / norm(v);
  const [p1, m1, p2, m2] = [1, -1, 2, -2].map((s) => of(combine(z, s * h, v)));
  return p1!.map((x, i) => (8 * (x - m1![i]!) - (p2![i]! - m2![i]!)) / (12 * h));
}

const scaled = (a: Float64Array, s: number): Float64Array => a.map((x) => s * x);

const times = (matrix: Float64Array, z: Float64Array): Float64Array =>
  z.map((_, i) => dot(matrix.subarray(i * z.length, (i + 1) * z.length), z));

const distance = (a: Float64Array, b: Float64Array): number => norm(combine(a, -1, b));

describe.each(names)('%s', (name) => {
  const { lambda, slope, bend, homogeneity }: RadialActivation = radialActivations[name];
  const rho = (z: Float64Array) => through(name, z);
  /** J w = lambda w + slope (z . w) z. */
  const jacobian = (z: Float64Array, w: Float64Array) => {
    const r = norm(z);
    return combine(scaled(w, lambda(r)), slope(r) * dot(z, w), z);
  };

  it('is lambda(|z|) z, and 0 at 0', () => {
    fc.assert(
      fc.property(vectors, ({ z }) => {
        expect(distance(rho(z), scaled(z, lambda(norm(z))))).toBeLessThan(1e-14 * (1 + norm(rho(z))));
      }),
      checks,
    );
    expect([...rho(new Float64Array(3))]).toEqual([0, 0, 0]);
  });

  it('has the Jacobian lambda I + slope z z^T', () => {
    fc.assert(
      fc.property(vectors, ({ z, v }) => {
        const error = distance(jacobian(z, v), derivative(rho, z, v));
        expect(error).toBeLessThan(1e-6 * norm(v));
      }),
      checks,
    );
  });

  it('has the second derivative slope (z.v w + z.w v + v.w z) + bend (z.v)(z.w) z', () => {
    fc.assert(
      fc.property(vectors, ({ z, v, w }) => {
        const r = norm(z);
        const [zv, zw, vw] = [dot(z, v), dot(z, w), dot(v, w)];
        const second = scaled(z, slope(r) * vw + bend(r) * zv * zw).map(
          (x, i) => x + slope(r) * (zv * w[i]! + zw * v[i]!),
        );
        const expected = derivative((at) => jacobian(at, w), z, v);
        expect(distance(second, expected)).toBeLessThan(1e-4 * norm(v) * norm(w));
      }),
      checks,
    );
  });

  it('commutes with rotations and reflections', () => {
    fc.assert(
      fc.property(vectors, ({ z, seed }) => {
        const o = orthogonalMatrix(z.length, z.length, createRandom(seed, 'rotation'));
        expect(distance(rho(times(o, z)), times(o, rho(z)))).toBeLessThan(1e-13 * (1 + norm(rho(z))));
      }),
      checks,
    );
  });

  it('is homogeneous of the stated degree, or of none', () => {
    const z = Float64Array.of(0.5, -0.4, 0.2);
    const defect = (a: number, c: number) => distance(rho(scaled(z, c)), scaled(rho(z), c ** a));
    if (homogeneity === null) {
      for (const a of [-1, 0, 1, 2]) expect(Math.max(defect(a, 2), defect(a, 0.5))).toBeGreaterThan(0.01);
    } else {
      for (const c of [0.1, 0.7, 3, 20])
        expect(defect(homogeneity, c)).toBeLessThan(1e-13 * c ** homogeneity);
    }
  });
});

it('a pointwise activation does not commute with rotations', () => {
  const z = Float64Array.of(1, -2, 0.5);
  const o = orthogonalMatrix(3, 3, createRandom(1, 'rotation'));
  expect(distance(through('tanh', times(o, z)), times(o, through('tanh', z)))).toBeGreaterThan(0.1);
});
