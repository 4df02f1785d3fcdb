import { describe, expect, test } from 'vitest';
import type { ActivationName } from '../../model/activation.ts';
import { whitenedDataset } from '../../model/data.ts';
import { createLoss } from '../../model/network.ts';
import type { MlpProblem, Problem } from '../../model/problem.ts';
import { norm } from '../../model/vector.ts';
import { conservedQuantities } from '../../symmetry/conserved-quantities.ts';
import type { GroupName } from '../../symmetry/group-action.ts';
import { groups } from '../../symmetry/groups.ts';
import { setTotal } from '../../symmetry/set-conserved.ts';
import { randomTheta } from '../../symmetry/testing/problems.ts';
import type { ChartFlow, GeneratorChoice } from '../chart-input.ts';
import { descend, flowOf, inputOf, jumpingFlow } from '../testing/flows.ts';
import { lineBetween } from '../valley-line.ts';
import { fitGenerator } from './fit-generator.ts';
import { chooseOrbit } from './generator.ts';
import { orbit } from './orbit.ts';

const mlp = (activation: ActivationName): MlpProblem => ({
  architecture: { kind: 'mlp', widths: [3, 4, 2], activation, bias: false },
  dataset: whitenedDataset(3, 2, 3, 'mean-squared-error'),
  loss: 'mean-squared-error',
});
const booth: Problem = { architecture: { kind: 'test-function', name: 'booth' } };
const startOf = (problem: Problem) =>
  problem.architecture.kind === 'mlp' ? randomTheta(problem.architecture, 1) : Float64Array.of(5, -5);
const fall = (problem: Problem, start = startOf(problem), role: ChartFlow['role'] = 'steered') =>
  flowOf(problem, descend(problem, start, { stepSize: 0.05, steps: 600, frames: 20 }), role);

const generators: GeneratorChoice[] = [
  { kind: 'fastest-q' },
  { kind: 'uniform' },
  { kind: 'random', seed: 3 },
];

describe.each([
  ['general-linear', mlp('linear')],
  ['rescaling', mlp('linear')],
  ['rescaling', mlp('leaky-relu')],
  ['orthogonal', mlp('squash')],
  ['rotation', booth],
] as [GroupName, Problem][])('the orbit chart of %s', (group, problem) => {
  const flow = fall(problem);
  const loss = createLoss(problem);

  test.each(generators)('is a trough along $kind: true losses, the same at every s', async (generator) => {
    const choice = { group, generator };
    const { surface } = await orbit.build(inputOf(problem, [flow], { orbit: choice }));
    const { columns, x, y, height } = surface!;
    const chosen = chooseOrbit({ problem, layerPair: 0, flow: { start: flow.start! }, swept: false }, choice);
    if (typeof chosen === 'string') throw new Error(chosen);
    expect(norm(chosen.direction)).toBeCloseTo(1, 12);
    const line = lineBetween(flow.start!, flow.end!);
    const highest = height.reduce((a, b) => Math.max(a, b));
    for (let i = 0; i < height.length; i += 7) {
      const on = line.end.map((t, k) => t + y[i]! * line.direction[k]!);
      const there = chosen.algebra.flow(
        chosen.direction.map((c) => x[i % columns]! * c),
        on,
      );
      expect(Math.abs(height[i]! - loss.loss(there))).toBeLessThanOrEqual(
        1e-7 * height[i]! + 1e-10 * highest,
      );
    }
    const low = Math.min(...x);
    expect(low).toBeLessThan(0);
    for (let row = 0; row < y.length / columns; row++) {
      const along = Array.from(height.slice(row * columns, (row + 1) * columns));
      expect(Math.max(...along) - Math.min(...along)).toBeLessThanOrEqual(
        1e-6 * Math.max(...along) + 1e-10 * highest,
      );
    }
  });

  test('has the losses before rounding to float32 the same to 1e-10', async () => {
    const rows: number[] = [];
    const input = inputOf(problem, [flow], { orbit: { group, generator: { kind: 'auto' } } });
    const chart = await orbit.build({
      ...input,
      async loss(thetas) {
        const losses = await input.loss(thetas);
        rows.push(...losses);
        return losses;
      },
    });
    const { columns, rows: count } = chart.surface!;
    const highest = Math.max(...rows);
    for (let row = 0; row < count; row++) {
      const along = rows.slice(row * columns, (row + 1) * columns);
      expect(Math.max(...along) - Math.min(...along)).toBeLessThan(1e-10 * highest);
    }
  });
});

test('an action that keeps the loss to first order only bends the trough, and the chart says so', async () => {
  const problem: MlpProblem = {
    ...mlp('leaky-relu'),
    dataset: whitenedDataset(3, 2, 3, 'mean-squared-error'),
  };
  const choice = { group: 'after-activation-first-order', generator: { kind: 'random', seed: 3 } } as const;
  const flow = fall(problem);
  const { surface, notes } = await orbit.build(inputOf(problem, [flow], { orbit: choice }));
  const { columns, rows, height } = surface!;
  const start = Array.from(height.slice((rows - 1) * columns));
  expect(Math.max(...start) / Math.min(...start)).toBeGreaterThan(1.01);
  expect(notes[0]).toMatch(/the loss changes along s/);
});

describe('flows on the orbit chart', () => {
  const problem = mlp('linear');
  const start = startOf(problem);
  const { algebra } = groups['general-linear'].create(problem);
  const direction = Float64Array.from({ length: algebra!.dimension }, (_, i) => Math.sin(1 + i));
  const unit = direction.map((c) => c / norm(direction));
  const jump = (theta: Float64Array) =>
    algebra!.flow(
      unit.map((c) => 1.3 * c),
      theta,
    );
  const steered = jumpingFlow(problem, start, jump, { stepSize: 0.05, before: 8, after: 900 });

  test('a jump goes along s from 0 to its distance, and the flow goes on there', async () => {
    const twin = fall(problem, start, 'twin');
    const chart = await orbit.build(inputOf(problem, [steered, twin]));
    const [path, other] = chart.paths;
    const [placed] = path!.jumps;
    expect(placed!.from.x).toBe(0);
    // The stabiliser of theta makes room for a shorter way to the same state.
    const distance = placed!.to.x;
    expect(distance).toBeGreaterThan(1);
    expect(distance).toBeLessThan(1.3 + 1e-6);
    expect(placed!.to.y).toBeCloseTo(placed!.from.y, 1);
    path!.x.forEach((s, i) => {
      expect(s).toBeCloseTo(i < 8 ? 0 : distance, 5);
    });
    expect(other!.x.every((s) => s === 0)).toBe(true);
    expect(chart.x.range[1]).toBeGreaterThan(1.2 * distance);
    expect(chart.notes[0]).toMatch(/direction of the jump in GL/);
  });

  test('the fit finds the direction of a jump, far ones too', () => {
    for (const distance of [0.1, 1, 4]) {
      const coordinates = unit.map((c) => distance * c);
      const { coordinates: found, residual } = fitGenerator(
        algebra!,
        start,
        algebra!.flow(coordinates, start),
      );
      expect(residual).toBeLessThan(1e-8 * norm(algebra!.flow(coordinates, start)));
      expect(norm(found)).toBeLessThan(1.01 * distance);
    }
  });

  test('along the group of the jump, or along the orbit of the explorer', async () => {
    const relu = mlp('leaky-relu');
    const action = groups['after-activation'].create(relu);
    const theta = startOf(relu);
    const c = Float64Array.from({ length: action.algebra!.dimension }, (_, i) => 0.02 * Math.cos(3 * i));
    const flow = jumpingFlow(relu, theta, (at) => action.algebra!.flow(c, at), {
      stepSize: 0.05,
      before: 4,
      after: 100,
    });
    const jumps = [{ ...flow.jumps![0]!, group: 'after-activation' as const }];
    const chart = await orbit.build(inputOf(relu, [{ ...flow, jumps }]));
    expect(chart.x.label).toContain('GL(4)');
    const distance = chart.paths[0]!.jumps[0]!.to.x;
    expect(distance).toBeGreaterThan(0.5 * norm(c));
    expect(distance).toBeLessThan(1.001 * norm(c));
    const orbitCurve = {
      s: Float64Array.of(0),
      parameters: theta,
      starts: theta,
      ends: flow.end!,
      choice: { group: 'rescaling', generator: { kind: 'uniform' } } as const,
    };
    const followed = await orbit.build(inputOf(relu, [{ ...flow, jumps }], { orbitCurve }));
    expect(followed.x.label).toContain('(R>0)^4');
    expect(followed.orbit!.x[0]).toBeCloseTo(0, 9);
  });

  test('the sweep of Q lies on the uniform orbit, each start exactly', async () => {
    const base = fall(problem);
    const sweep = [-3, 0, 2].map((q) => fall(problem, setTotal(problem, start, 0, q), 'sweep'));
    const chart = await orbit.build(inputOf(problem, [base, ...sweep]));
    expect(chart.paths.map(({ flow }) => flow)).toEqual([0, 1, 2, 3]);
    const places = chart.paths.slice(1).map(({ x }) => x[0]!);
    expect([...places].sort((a, b) => a - b)).toEqual(places);
    for (const path of chart.paths) expect(path.offChart[0]).toBeLessThan(1e-6);
    expect(chart.notes[0]).toMatch(/same scaling/);
  });

  test('a flow from elsewhere is left out and counted', async () => {
    const stranger = fall(problem, randomTheta(problem.architecture, 9), 'replica');
    const chart = await orbit.build(inputOf(problem, [fall(problem), stranger]));
    expect(chart.paths.map(({ flow }) => flow)).toEqual([0]);
    expect(chart.notes).toContain('One flow is not on this orbit and not drawn.');
  });
});

test('directions point to where Q grows; the uniform one is the gradient of Q', () => {
  const problem = mlp('relu');
  const start = startOf(problem);
  const [quantity] = conservedQuantities(problem);
  const gradient = new Float64Array(start.length);
  quantity!.gradient(start, gradient);
  for (const kind of ['fastest-q', 'uniform'] as const) {
    const chosen = chooseOrbit(
      { problem, layerPair: 0, flow: { start }, swept: false },
      { group: 'auto', generator: { kind } },
    );
    if (typeof chosen === 'string') throw new Error(chosen);
    const along = (s: number) =>
      quantity!.total(
        chosen.algebra.flow(
          chosen.direction.map((c) => s * c),
          start,
        ),
      );
    expect(along(0.1)).toBeGreaterThan(along(0));
    if (kind === 'fastest-q') continue;
    const tangent = new Float64Array(start.length);
    chosen.algebra.infinitesimal(start, chosen.direction, tangent);
    const factor = norm(gradient) / norm(tangent);
    tangent.forEach((x, i) => {
      expect(factor * x).toBeCloseTo(gradient[i]!, 10);
    });
  }
});

test('fits runs with a continuous group that keeps the loss', () => {
  const context = { layerPair: 0, parameters: 'all' } as const;
  expect(orbit.applies({ ...context, problem: mlp('relu') })).toBeNull();
  expect(orbit.applies({ ...context, problem: booth })).toBeNull();
  expect(orbit.applies({ ...context, problem: mlp('relu'), parameters: 'ends' })).toMatch(/saved without/);
});
