import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createLoss } from './network.ts';
import { type TestFunctionName, testFunction, testFunctionLoss, testFunctionNames } from './test-function.ts';
import { checks, combine, norm } from './testing/problems.ts';

const lossOf = (name: TestFunctionName) => createLoss({ architecture: { kind: 'test-function', name } });

const gradientOf = (name: TestFunctionName, theta: Float64Array): Float64Array => {
  const out = new Float64Array(2).fill(Number.NaN);
  lossOf(name).gradient(theta, out);
  return out;
};

const hessianTimes = (name: TestFunctionName, theta: Float64Array, v: readonly [number, number]) => {
  const out = new Float64Array(2).fill(Number.NaN);
  lossOf(name).hessianVectorProduct(theta, Float64Array.of(...v), out);
  return out;
};

const coordinate = fc.double({ min: -5, max: 5, noNaN: true });
const points = fc.tuple(coordinate, coordinate);
const step = 1e-3;

/** The derivative at 0, exact for polynomials of degree 4. */
function derivative(of: (s: number) => Float64Array): Float64Array {
  const [p1, m1, p2, m2] = [1, -1, 2, -2].map((s) => of(s * step));
  return p1!.map((x, i) => (8 * (x - m1![i]!) - (p2![i]! - m2![i]!)) / (12 * step));
}

describe.each(testFunctionNames)('%s', (name) => {
  const { residuals, point } = testFunction(name);

  it('is the squared length of its residuals', () => {
    fc.assert(
      fc.property(points, ([x, y]) => {
        const [u, v] = residuals(x, y);
        const theta = Float64Array.of(x, y);
        expect(lossOf(name).loss(theta)).toBe(u * u + v * v);
        expect(lossOf(name).gradient(theta, new Float64Array(2))).toBe(u * u + v * v);
      }),
      checks,
    );
  });

  it('residuals and points are inverse to each other', () => {
    fc.assert(
      fc.property(points, ([a, b]) => {
        const there = point(...residuals(a, b));
        const back = residuals(...point(a, b));
        for (const [i, value] of [a, b].entries()) {
          expect(Math.abs(there[i]! - value)).toBeLessThan(1e-12);
          expect(Math.abs(back[i]! - value)).toBeLessThan(1e-12);
        }
      }),
      checks,
    );
  });

  it('has the gradient and the Hessian of its value', () => {
    fc.assert(
      fc.property(points, points, ([x, y], v) => {
        const theta = Float64Array.of(x, y);
        const direction = Float64Array.of(...v);
        const along = (s: number) => combine(theta, s, direction);
        const [slope] = derivative((s) => Float64Array.of(lossOf(name).loss(along(s))));
        const gradient = gradientOf(name, theta);
        const inner = gradient[0]! * v[0] + gradient[1]! * v[1];
        expect(Math.abs(inner - slope!)).toBeLessThan(1e-8 * (1 + norm(gradient) * norm(direction)));
        const product = hessianTimes(name, theta, v);
        const expected = derivative((s) => gradientOf(name, along(s)));
        expect(norm(combine(product, -1, expected))).toBeLessThan(
          1e-8 * (1 + norm(expected) + norm(gradient)),
        );
      }),
      checks,
    );
  });

  it('keeps its value when its residuals turn, not when x and y do', () => {
    fc.assert(
      fc.property(points, fc.double({ min: 0.1, max: 3, noNaN: true }), ([x, y], angle) => {
        const [c, s] = [Math.cos(angle), Math.sin(angle)];
        const [u, v] = residuals(x, y);
        const { loss } = testFunctionLoss(name);
        const before = loss(Float64Array.of(x, y));
        const turned = loss(Float64Array.of(...point(c * u - s * v, s * u + c * v)));
        expect(Math.abs(turned - before)).toBeLessThan(1e-10 * (1 + before));
      }),
      checks,
    );
    const { loss } = testFunctionLoss(name);
    expect(Math.abs(loss(Float64Array.of(2, 1)) - loss(Float64Array.of(-1, 2)))).toBeGreaterThan(1);
  });

  it('is 0 at its minimum', () => {
    const theta = Float64Array.of(...point(0, 0));
    expect(lossOf(name).loss(theta)).toBe(0);
    expect(norm(gradientOf(name, theta))).toBe(0);
  });
});

describe('published points', () => {
  it('Booth from (5, -5)', () => {
    const theta = Float64Array.of(5, -5);
    expect(lossOf('booth').loss(theta)).toBe(144);
    expect(norm(gradientOf('booth', theta)) ** 2).toBeCloseTo(2880, 9);
    expect([...hessianTimes('booth', theta, [1, 0])]).toEqual([10, 8]);
    expect([...hessianTimes('booth', theta, [0, 1])]).toEqual([8, 10]);
    expect(testFunction('booth').point(0, 0)).toEqual([1, 3]);
  });

  it('Rosenbrock from (-1, -1)', () => {
    const theta = Float64Array.of(-1, -1);
    expect(lossOf('rosenbrock').loss(theta)).toBe(404);
    expect(norm(gradientOf('rosenbrock', theta)) ** 2).toBeCloseTo(806416, 6);
    expect(testFunction('rosenbrock').point(0, 0)).toEqual([1, 1]);
  });
});
