import { describe, expect, test } from 'vitest';
import { orthogonalMatrix } from '../model/initialisation.ts';
import { createNetwork } from '../model/network.ts';
import { createRandom } from '../model/random.ts';
import { normals, randomProblem, randomTheta } from '../symmetry/testing/problems.ts';
import { plane } from './plane.ts';
import { principalPlane } from './principal-plane.ts';
import { descend, flowOf, inputOf } from './testing/flows.ts';

const SIZE = 40;
/** A spiral in the plane of two coordinate axes, off the origin. */
const planar = Array.from({ length: 25 }, (_, i) => {
  const point = new Float64Array(SIZE).fill(1);
  point[3] = 3 * Math.cos(i / 5) * Math.exp(-i / 20);
  point[17] = 2 * Math.sin(i / 5) * Math.exp(-i / 20);
  return point;
});
const scores = (points: readonly Float64Array[]) => {
  const { mean, directions } = principalPlane(points);
  return points.map((point) =>
    directions.map((direction) => point.reduce((sum, x, i) => sum + (x - mean[i]!) * direction[i]!, 0)),
  );
};

describe('principal component analysis', () => {
  test('explains all of a planar trajectory, and finds its plane', () => {
    const { explained, directions } = principalPlane(planar);
    expect(explained[0] + explained[1]).toBeCloseTo(1, 12);
    expect(explained[0]).toBeGreaterThan(explained[1]);
    for (const direction of directions) expect(Math.hypot(direction[3]!, direction[17]!)).toBeCloseTo(1, 12);
    expect(directions[0].reduce((sum, x, i) => sum + x * directions[1][i]!, 0)).toBeCloseTo(0, 12);
  });

  test('gives the same coordinates after a rotation of all parameters', () => {
    const rotation = orthogonalMatrix(SIZE, SIZE, createRandom(1, 'rotation'));
    const rotated = planar.map((point) =>
      Float64Array.from({ length: SIZE }, (_, i) =>
        point.reduce((sum, x, j) => sum + rotation[i * SIZE + j]! * x, 0),
      ),
    );
    scores(rotated)
      .flat()
      .forEach((score, i) => {
        expect(score).toBeCloseTo(scores(planar).flat()[i]!, 9);
      });
  });

  test('has the variances of known directions as shares', () => {
    const cross = [4, -4, 2, -2].map((x, i) => {
      const point = new Float64Array(5);
      point[i < 2 ? 1 : 4] = x;
      return point;
    });
    expect(principalPlane(cross).explained).toEqual([expect.closeTo(0.8, 12), expect.closeTo(0.2, 12)]);
  });

  test.each([
    ['points on a line', planar.map((_, i) => normals(SIZE, 1).map((x) => i * x))],
    ['equal points', [planar[0]!, planar[0]!]],
    ['one point', [planar[0]!]],
    ['the smallest network', [Float64Array.of(1, 0), Float64Array.of(3, 0)]],
  ])('gives two orthonormal directions for %s', (_, points) => {
    const [a, b] = principalPlane(points).directions;
    const product = (x: Float64Array, y: Float64Array) => x.reduce((sum, value, i) => sum + value * y[i]!, 0);
    expect(product(a, a)).toBeCloseTo(1, 12);
    expect(product(b, b)).toBeCloseTo(1, 12);
    expect(product(a, b)).toBeCloseTo(0, 12);
  });
});

const problem = randomProblem({
  widths: [3, 5, 2],
  activation: 'tanh',
  bias: true,
  loss: 'half-squared-error',
  seed: 2,
});
const network = createNetwork(problem);
const flows = [1, 2, 3].map((seed) =>
  flowOf(
    problem,
    descend(problem, randomTheta(problem.architecture, seed), { stepSize: 0.02, steps: 400, frames: 20 }),
  ),
);
const chart = await plane.build(inputOf(problem, flows));
const { mean, directions } = principalPlane(
  flows.flatMap(({ parameters, count }) =>
    Array.from({ length: count }, (_, i) => parameters!.slice(i * network.size, (i + 1) * network.size)),
  ),
);
const onPlane = (x: number, y: number) =>
  mean.map((m, i) => m + x * directions[0][i]! + y * directions[1][i]!);

describe('the plane of the trajectories', () => {
  test('has true losses of its points as heights', () => {
    const { columns, x, y, height } = chart.surface!;
    for (let i = 0; i < height.length; i += 7) {
      const loss = network.loss(onPlane(x[i % columns]!, y[i]!));
      expect(Math.abs(height[i]! - loss)).toBeLessThan(1e-6 * loss + 1e-9);
    }
  });

  test('draws paths with their true loss and their distance from the plane, inside the surface', () => {
    for (const { flow, x, y, height, offChart } of chart.paths) {
      const { parameters, loss } = flows[flow]!;
      expect(height).toEqual(Float32Array.from(loss));
      for (const i of [0, 7, 19]) {
        const foot = onPlane(x[i]!, y[i]!);
        const distance = Math.hypot(...foot.map((value, j) => value - parameters![i * network.size + j]!));
        expect(offChart[i]).toBeCloseTo(distance, 5);
        expect(x[i]!).toBeGreaterThan(chart.x.range[0]);
        expect(y[i]!).toBeLessThan(chart.y.range[1]);
      }
    }
  });

  test('says how much of the variance it holds', () => {
    expect(chart.x.label).toMatch(/^first principal direction \(\d+ %\)$/);
    expect(chart.notes[0]).toMatch(/^The plane holds \d+ % of the variance of the paths\.$/);
  });
});

test('a trajectory in a plane is on the chart', async () => {
  const problem = randomProblem({
    widths: [3, 5, 5],
    activation: 'relu',
    bias: false,
    loss: 'squared-error',
    seed: 2,
  });
  const parameters = Float64Array.from(planar.flatMap((point) => Array.from(point)));
  const chart = await plane.build(inputOf(problem, [flowOf(problem, parameters)]));
  expect(Math.max(...chart.paths[0]!.offChart)).toBeLessThan(1e-12);
  expect(chart.notes).toContain('The plane holds 100 % of the variance of the paths.');
});
