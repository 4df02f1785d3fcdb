import { describe, expect, test } from 'vitest';
import type { ActivationName } from '../model/activation.ts';
import { explicitDataset } from '../model/data.ts';
import { createNetwork } from '../model/network.ts';
import type { MlpProblem } from '../model/problem.ts';
import { exact } from './exact.ts';
import { descend, flowOf, inputOf } from './testing/flows.ts';

const Y = 1.7;
/** (y - u v)^2 / 2, math.md B9. */
const scalar = (activation: ActivationName = 'linear', inputs = [[1]], targets = [[Y]]): MlpProblem => ({
  architecture: { kind: 'mlp', widths: [1, 1, 1], activation, bias: false },
  dataset: explicitDataset(inputs, targets),
  loss: 'half-squared-error',
});
const problem = scalar();
const starts = [
  [0.3, 1.9],
  [1.5, 0.2],
  [-0.5, -0.6],
  [0.4, 0.4],
] as const;
const flowsOf = (of: MlpProblem) =>
  starts.map((start) =>
    flowOf(of, descend(of, Float64Array.from(start), { stepSize: 0.01, steps: 800, frames: 20 })),
  );

const flows = flowsOf(problem);
const chart = await exact.build(inputOf(problem, flows));

describe('the exact chart', () => {
  test('has the closed form of the loss as heights', () => {
    const { columns, x, y, height } = chart.surface!;
    height.forEach((h, i) => {
      const loss = (Y - x[i % columns]! * y[i]!) ** 2 / 2;
      expect(Math.abs(h - loss)).toBeLessThan(1e-6 * loss + 1e-9);
    });
  });

  test('draws paths as they are, inside the window', () => {
    for (const path of chart.paths) {
      const { parameters } = flows[path.flow]!;
      path.x.forEach((v, i) => {
        expect(v).toBe(Math.fround(parameters![2 * i]!));
        expect(path.y[i]).toBe(Math.fround(parameters![2 * i + 1]!));
        expect(Math.max(Math.abs(v), Math.abs(path.y[i]!))).toBeLessThan(chart.x.range[1]);
      });
      expect(Math.max(...path.offChart)).toBe(0);
    }
  });

  test('has levels u^2 - v^2 = 2 Q through the starts, in the window, at true heights', () => {
    const values = chart.levels.map(({ value }) => value);
    for (const { q } of flows) expect(values.some((value) => Math.abs(value - q[0]!) < 1e-9)).toBe(true);
    expect(values).toContain(0);
    for (const { value, x, y, height } of chart.levels) {
      x.forEach((v, i) => {
        if (Number.isNaN(v)) return;
        const u = y[i]!;
        expect(u * u - v * v).toBeCloseTo(2 * value, 5);
        expect(Math.max(Math.abs(u), Math.abs(v))).toBeLessThan(chart.x.range[1] * 1.000001);
        expect(height[i]).toBeCloseTo((Y - u * v) ** 2 / 2, 4);
      });
    }
  });

  test('has the minima u v = y as its floor, as sharp as u^2 + v^2', () => {
    const { x, y, height, sharpness } = chart.floor!;
    expect(x.some(Number.isNaN)).toBe(true);
    x.forEach((v, i) => {
      if (Number.isNaN(v)) return;
      expect(v * y[i]!).toBeCloseTo(Y, 5);
      expect(height[i]).toBeLessThan(1e-12);
      expect(sharpness[i]! / (v * v + y[i]! ** 2)).toBeCloseTo(1, 5);
    });
  });
});

test('for ReLU the floor is the least loss on each side, where the gradient vanishes', async () => {
  const relu = scalar('relu', [[1], [-2], [0.5]], [[1], [-1.2], [0.7]]);
  const chart = await exact.build(inputOf(relu, flowsOf(relu)));
  const network = createNetwork(relu);
  const gradient = new Float64Array(2);
  const { x, y } = chart.floor!;
  expect(x.some((v) => v > 0) && x.some((v) => v < 0)).toBe(true);
  x.forEach((v, i) => {
    if (Number.isNaN(v)) return;
    network.gradient(Float64Array.of(v, y[i]!), gradient);
    expect(Math.hypot(...gradient)).toBeLessThan(1e-5);
  });
});

test('without a closed form for the minima or the levels, the landscape is still whole', async () => {
  const tanh = scalar('tanh');
  const chart = await exact.build(inputOf(tanh, flowsOf(tanh)));
  expect(chart).toMatchObject({ floor: null, levels: [] });
  expect(chart.surface!.height.every(Number.isFinite)).toBe(true);
});

test('a target of zero has its minima on the axes', async () => {
  const zero = scalar('linear', [[1]], [[0]]);
  const chart = await exact.build(inputOf(zero, flowsOf(zero)));
  expect(Math.max(...chart.floor!.height.filter((h) => !Number.isNaN(h)))).toBe(0);
});

test('fits the scalar network alone', () => {
  const context = { problem, layerPair: 0, parameters: 'all' } as const;
  expect(exact.applies(context)).toBeNull();
  expect(exact.applies({ ...context, parameters: 'ends' })).toMatch(/saved without/);
  const wide: MlpProblem = { ...problem, architecture: { ...problem.architecture, widths: [1, 2, 1] } };
  expect(exact.applies({ ...context, problem: wide })).toMatch(/1-1-1/);
});
