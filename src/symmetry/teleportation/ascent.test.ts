import fc from 'fast-check';
import { Matrix, solve } from 'ml-matrix';
import { describe, expect, test } from 'vitest';
import { finish } from '../steps.ts';
import { normals, PROPERTY, seeds } from '../testing/problems.ts';
import { ascend as ascentSteps } from './ascent.ts';
import { type OrbitFunction, orbitPoint } from './orbit-function.ts';
import { searchCurve as searchSteps } from './scan.ts';

const ascend = (...words: Parameters<typeof ascentSteps>) => finish(ascentSteps(...words));
const searchCurve = (...words: Parameters<typeof searchSteps>) => finish(searchSteps(...words));

/** A function on R^n, which is the orbit of its own translations. */
const onSpace = (
  dimension: number,
  value: (x: Float64Array) => number,
  slope: (x: Float64Array) => ArrayLike<number>,
): OrbitFunction => ({
  dimension,
  evaluate(theta, out) {
    out.set(slope(theta));
    return value(theta);
  },
  flow: (coordinates, theta) => theta.map((x, i) => x + coordinates[i]!),
});

/** -1/2 x^T A x + b^T x with a positive definite A, and its maximum. */
function quadratic(n: number, seed: number) {
  const root = new Matrix(Array.from({ length: n }, (_, i) => Array.from(normals(n, seed + i))));
  const a = root.mmul(root.transpose()).add(Matrix.eye(n, n));
  const b = normals(n, seed + n);
  const times = (x: Float64Array) =>
    Float64Array.from(a.mmul(Matrix.columnVector(Array.from(x))).to1DArray());
  const f = onSpace(
    n,
    (x) => times(x).reduce((sum, y, i) => sum + x[i]! * (b[i]! - y / 2), 0),
    (x) => times(x).map((y, i) => b[i]! - y),
  );
  return { f, maximum: solve(a, Matrix.columnVector(Array.from(b))).to1DArray() };
}

describe('the ascent', () => {
  test('finds the maximum of a concave quadratic, in far fewer iterations than plain ascent', () => {
    const { f, maximum } = quadratic(12, 3);
    const start = orbitPoint(f, new Float64Array(12))!;
    const { point, end } = ascend(f, start, { iterations: 60, length: 50 });
    expect(end).toBe('level');
    for (let i = 0; i < 12; i++) expect(point.theta[i]).toBeCloseTo(maximum[i]!, 7);
    const few = ascend(f, start, { iterations: 20, length: 50 });
    let plain = start;
    for (let k = 0; k < 20; k++) {
      plain = ascend(f, plain, { iterations: 1, length: 50 }).point;
    }
    expect(point.value - few.point.value).toBeLessThan(0.01 * (point.value - plain.value));
  });

  test('never falls, keeps to the length and the iterations, and reports both', () => {
    fc.assert(
      fc.property(
        seeds,
        fc.integer({ min: 1, max: 12 }),
        fc.double({ min: 0.01, max: 4, noNaN: true }),
        (seed, iterations, length) => {
          // Many maxima: sum of sines of random frequencies.
          const w = normals(5, seed).map((x) => 3 * x);
          const f = onSpace(
            5,
            (x) => x.reduce((sum, xi, i) => sum + Math.sin(w[i]! * xi + i), 0),
            (x) => x.map((xi, i) => w[i]! * Math.cos(w[i]! * xi + i)),
          );
          const path: number[] = [];
          const watched: OrbitFunction = { ...f, evaluate: (theta, out) => f.evaluate(theta, out) };
          let point = orbitPoint(watched, normals(5, seed + 1))!;
          const whole = ascend(f, point, { iterations, length });
          expect(whole.point.value).toBeGreaterThanOrEqual(point.value);
          expect(whole.length).toBeLessThanOrEqual(length * (1 + 1e-12));
          expect(whole.iterations).toBeLessThanOrEqual(iterations);
          const straight = Math.hypot(...whole.point.theta.map((x, i) => x - point.theta[i]!));
          expect(straight).toBeLessThanOrEqual(whole.length * (1 + 1e-12));
          for (let k = 0; k < 3; k++) {
            point = ascend(f, point, { iterations: 1, length }).point;
            path.push(point.value);
          }
          expect(path).toEqual(path.toSorted((a, b) => a - b));
        },
      ),
      PROPERTY,
    );
  });

  test('goes as far as it may where there is no maximum', () => {
    const f = onSpace(
      2,
      (x) => x[0]! + Math.exp(x[1]!),
      (x) => [1, Math.exp(x[1]!)],
    );
    const { length, end, iterations } = ascend(f, orbitPoint(f, new Float64Array(2))!, {
      iterations: 20,
      length: 3,
    });
    expect(end).toBe('length');
    expect(length).toBeCloseTo(3, 12);
    expect(iterations).toBeLessThanOrEqual(20);
  });

  test('stays inside where the action is not defined or the function not finite', () => {
    const wall = onSpace(
      1,
      (x) => (x[0]! > 1 ? Number.NaN : x[0]!),
      () => [1],
    );
    const thrower: OrbitFunction = {
      ...wall,
      flow(coordinates, theta) {
        if (theta[0]! + coordinates[0]! > 1) throw new RangeError('Out of range.');
        return wall.flow(coordinates, theta);
      },
    };
    for (const f of [wall, thrower]) {
      const { point } = ascend(f, orbitPoint(f, Float64Array.of(0))!, { iterations: 20, length: 5 });
      expect(point.value).toBeLessThanOrEqual(1);
      expect(point.value).toBeGreaterThan(0.99);
    }
    const broken: OrbitFunction = {
      ...wall,
      flow() {
        throw new TypeError('A defect.');
      },
    };
    const start = orbitPoint(wall, Float64Array.of(0))!;
    expect(() => ascend(broken, start, { iterations: 1, length: 1 })).toThrow(TypeError);
  });

  test('stops at the last point that is admitted', () => {
    const f: OrbitFunction = {
      ...onSpace(
        2,
        (x) => x[0]! + 2 * x[1]!,
        () => [1, 2],
      ),
      admits: (x) => x[0]! <= 0.7,
    };
    const { point, end, length } = ascend(f, orbitPoint(f, new Float64Array(2))!, {
      iterations: 9,
      length: 5,
    });
    expect(end).toBe('bound');
    expect(point.theta[0]).toBeLessThanOrEqual(0.7);
    expect(point.theta[0]).toBeGreaterThan(0.68);
    expect(length).toBeCloseTo(Math.hypot(...point.theta), 10);
    const nowhere: OrbitFunction = { ...f, admits: () => false };
    const start = orbitPoint(nowhere, new Float64Array(2))!;
    expect(ascend(nowhere, start, { iterations: 9, length: 5 })).toMatchObject({
      point: start,
      end: 'bound',
      length: 0,
    });
  });

  test('a level start is where it ends', () => {
    const { f, maximum } = quadratic(3, 1);
    const start = orbitPoint(f, Float64Array.from(maximum))!;
    expect(ascend(f, start, { iterations: 5, length: 1 })).toEqual({
      point: start,
      length: 0,
      iterations: 0,
      end: 'level',
    });
  });
});

describe('the search on a curve', () => {
  /** Maxima at -2 (height 1), 1.5 (height 2), 4 (height 3) and 9 (height 4). */
  const bumps = [
    [-2, 1],
    [1.5, 2],
    [4, 3],
    [9, 4],
  ] as const;
  const hills = onSpace(
    1,
    (x) => bumps.reduce((sum, [at, height]) => sum + height * Math.exp(-8 * (x[0]! - at) ** 2), 0),
    (x) => [
      bumps.reduce(
        (sum, [at, height]) => sum - 16 * height * (x[0]! - at) * Math.exp(-8 * (x[0]! - at) ** 2),
        0,
      ),
    ],
  );

  test('takes the highest of several maxima within the length, where an ascent takes the nearest', () => {
    const start = orbitPoint(hills, Float64Array.of(-1.5))!;
    expect(ascend(hills, start, { iterations: 20, length: 6 }).point.theta[0]).toBeCloseTo(-2, 6);
    const { point, length } = searchCurve(hills, start, { iterations: 20, length: 6 });
    expect(point.theta[0]).toBeCloseTo(4, 6);
    expect(length).toBeLessThanOrEqual(6);
    expect(length).toBeGreaterThanOrEqual(5.5 - 1e-6);
  });

  test('takes the highest that is admitted, and the start where nothing is', () => {
    const start = orbitPoint(hills, Float64Array.of(-1.5))!;
    const below: OrbitFunction = { ...hills, admits: (x) => x[0]! < 3 };
    expect(searchCurve(below, start, { iterations: 20, length: 6 }).point.theta[0]).toBeCloseTo(1.5, 6);
    const nowhere: OrbitFunction = { ...hills, admits: () => false };
    expect(searchCurve(nowhere, start, { iterations: 20, length: 6 })).toMatchObject({
      point: start,
      end: 'bound',
    });
  });

  test('of equal maxima takes the nearest', () => {
    const waves = onSpace(
      1,
      (x) => Math.sin(x[0]!),
      (x) => [Math.cos(x[0]!)],
    );
    const { point, length } = searchCurve(waves, orbitPoint(waves, Float64Array.of(2.2))!, {
      iterations: 20,
      length: 20,
    });
    expect(point.theta[0]).toBeCloseTo(Math.PI / 2, 7);
    expect(length).toBeLessThan(0.9);
  });
});
