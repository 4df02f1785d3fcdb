import { expect, test } from 'vitest';
import type { Problem } from '../../model/problem.ts';
import { dot, norm } from '../../model/vector.ts';
import { groups } from '../groups.ts';
import { datasetOf, randomProblem, randomTheta } from '../testing/problems.ts';
import { orbitCurvature, randomGenerators } from './curvature.ts';

const booth: Problem = { architecture: { kind: 'test-function', name: 'booth' } };

test('on Booth it is that of the ellipse on which the loss is constant', () => {
  const { algebra } = groups.rotation.create(booth);
  // In the axes of the Hessian the level set L = c is an ellipse with half axes a = sqrt(c/9) along (1, 1) and b = sqrt(c).
  for (const [x, y] of [
    [5, -5],
    [3, 9],
    [1.5, 2],
  ] as const) {
    const [p, q] = [(x + y - 4) / Math.SQRT2, (x - y + 2) / Math.SQRT2];
    const loss = (x + 2 * y - 7) ** 2 + (2 * x + y - 5) ** 2;
    const [a, b] = [Math.sqrt(loss) / 3, Math.sqrt(loss)];
    const speed = Math.hypot((a / b) * q, (b / a) * p);
    const kappa = orbitCurvature(algebra!, Float64Array.of(x, y), Float64Array.of(2));
    expect(kappa / ((a * b) / speed ** 3)).toBeCloseTo(1, 12);
  }
});

test('on the scalar network it is that of the hyperbola u v = p, whatever the length of the generator', () => {
  const problem: Problem = {
    architecture: { kind: 'mlp', widths: [1, 1, 1], activation: 'relu', bias: false },
    dataset: datasetOf(Float64Array.of(1), 1, 1, 1),
    loss: 'squared-error',
  };
  const { algebra } = groups.rescaling.create(problem);
  const [u, v] = [1.7, 0.6];
  const hyperbola = (2 * u * v) / Math.hypot(u, v) ** 3;
  for (const length of [0.1, 1, -3]) {
    expect(orbitCurvature(algebra!, Float64Array.of(v, u), Float64Array.of(length))).toBeCloseTo(
      hyperbola,
      12,
    );
  }
  expect(orbitCurvature(algebra!, new Float64Array(2), Float64Array.of(1))).toBe(0);
});

test('agrees with three points of the curve', () => {
  const problem = randomProblem({
    widths: [3, 4, 2],
    activation: 'linear',
    bias: true,
    loss: 'squared-error',
    seed: 1,
  });
  const theta = randomTheta(problem.architecture, 2);
  const algebra = groups['general-linear'].create(problem).algebra!;
  for (const generator of randomGenerators(algebra.dimension, 3, 5)) {
    const h = 1e-3;
    const at = (s: number) =>
      algebra.flow(
        generator.map((c) => s * c),
        theta,
      );
    // 1/radius of the circle through three points: 4 area / (product of the sides).
    const [before, after] = [at(-h), at(h)];
    const side = (a: Float64Array, b: Float64Array) => a.map((x, i) => x - b[i]!);
    const [p, q] = [side(before, theta), side(after, theta)];
    const area = Math.sqrt(dot(p, p) * dot(q, q) - dot(p, q) ** 2) / 2;
    const circle = (4 * area) / (norm(p) * norm(q) * norm(side(after, before)));
    expect(orbitCurvature(algebra, theta, generator) / circle).toBeCloseTo(1, 4);
  }
});

test('random generators have length 1 and depend on the seed', () => {
  const [a, b] = [randomGenerators(9, 2, 1), randomGenerators(9, 2, 2)];
  for (const m of [...a, ...b]) expect(norm(m)).toBeCloseTo(1, 12);
  expect(randomGenerators(9, 2, 1)).toEqual(a);
  expect(a[0]).not.toEqual(b[0]);
  expect(a[0]).not.toEqual(a[1]);
});
