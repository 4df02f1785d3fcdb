import { describe, expect, test } from 'vitest';
import { explicitDataset, whitenedDataset } from '../model/data.ts';
import { createNetwork } from '../model/network.ts';
import type { Problem } from '../model/problem.ts';
import { setTotal } from '../symmetry/set-conserved.ts';
import { randomProblem, randomTheta } from '../symmetry/testing/problems.ts';
import type { Chart } from './chart.ts';
import type { ChartFlow } from './chart-input.ts';
import { chartKinds, charts, fittingCharts } from './charts.ts';
import { descend, flowOf, inputOf } from './testing/flows.ts';

const scalar: Problem = {
  architecture: { kind: 'mlp', widths: [1, 1, 1], activation: 'linear', bias: false },
  dataset: explicitDataset([[1]], [[2]]),
  loss: 'half-squared-error',
};
const still = (theta: readonly number[], count = 3, role: ChartFlow['role'] = 'sweep') =>
  flowOf(scalar, Float64Array.from(Array.from({ length: count }, () => theta).flat()), role);
const falling = (q: number, role: ChartFlow['role'] = 'sweep') =>
  flowOf(
    scalar,
    descend(scalar, setTotal(scalar, Float64Array.of(1, 0.4), 0, q), {
      stepSize: 0.02,
      steps: 400,
      frames: 9,
    }),
    role,
  );
const spoiled = (flow: ChartFlow, value: number): ChartFlow => {
  const loss = flow.loss.slice();
  loss[flow.count - 1] = value;
  const end = flow.end!.map(() => value);
  const parameters = flow.parameters!.slice();
  parameters.set(end, parameters.length - 2);
  return { ...flow, loss, end, parameters };
};
const unborn: ChartFlow = { ...falling(1), count: 0, start: null, end: null, parameters: new Float64Array() };

const degenerate: Record<string, ChartFlow[]> = {
  'no flows': [],
  'flows without frames': [unborn, unborn],
  'one flow': [falling(1, 'steered')],
  'flows at their first frame': [still([1, 0.4], 1), still([0.4, 1], 1)],
  'a start that is a minimum already': [still([1, 2]), falling(1), falling(-1)],
  'all starts minima': [still([1, 2]), still([2, 1])],
  'all flows at one Q': [falling(1), falling(1), falling(1)],
  'flows at the saddle': [still([0, 0]), still([0, 0])],
  'a flow that became infinite': [falling(1), falling(-1), spoiled(falling(0), Infinity)],
  'a flow that became NaN': [falling(1), falling(-1), spoiled(falling(0), Number.NaN)],
  'a flow whose loss grew': [falling(1), falling(-1), spoiled(falling(0), 1e8)],
};

function expectDrawable(chart: Chart): void {
  for (const { range } of [chart.x, chart.y, chart.height]) {
    expect(range.every(Number.isFinite)).toBe(true);
    expect(range[0]).toBeLessThan(range[1]);
  }
  const { surface } = chart;
  if (surface) {
    expect(surface.x).toHaveLength(surface.columns);
    expect(surface.y).toHaveLength(surface.columns * surface.rows);
    expect([...surface.x, ...surface.y, ...surface.height].every(Number.isFinite)).toBe(true);
    surface.x.forEach((x, i) => {
      if (i > 0) expect(x).toBeGreaterThan(surface.x[i - 1]!);
    });
  }
  for (const path of chart.paths) {
    expect(new Set([path.x, path.y, path.height, path.offChart].map(({ length }) => length)).size).toBe(1);
    expect([...path.x, ...path.y, ...path.offChart].every(Number.isFinite)).toBe(true);
  }
}

describe.each(chartKinds)('%s', (kind) => {
  test.each(Object.entries(degenerate))('draws %s without throwing', async (name, flows) => {
    const chart = await charts[kind].build(inputOf(scalar, flows));
    expect(chart.kind).toBe(kind);
    expectDrawable(chart);
    if (name.startsWith('a flow')) {
      expect(chart.paths.map(({ flow }) => flow)).toEqual([0, 1]);
      expect(chart.notes).toContain('One flow diverged and is not drawn.');
    }
  });

  test('transfers: no two arrays share a buffer', async () => {
    const { surface, floor, levels, paths } = await charts[kind].build(
      inputOf(scalar, [falling(1), falling(-1)]),
    );
    const arrays = [surface, floor, ...levels, ...paths].flatMap((part) =>
      Object.values(part ?? {}).filter((value) => value instanceof Float32Array),
    );
    expect(new Set(arrays.map(({ buffer }) => buffer)).size).toBe(arrays.length);
  });

  test('stops when aborted, and passes on a failed loss', async () => {
    const stop = new Error('stop');
    const flows = [falling(1), falling(-1)];
    const signal = {
      throwIfAborted() {
        throw stop;
      },
    };
    await expect(charts[kind].build(inputOf(scalar, flows, { signal }))).rejects.toBe(stop);
    await expect(
      charts[kind].build(inputOf(scalar, flows, { loss: () => Promise.reject(stop) })),
    ).rejects.toBe(stop);
  });
});

test('growing buffers are read up to their count, and not written', async () => {
  const flows = [falling(1), falling(-1)];
  const grown = flows.map((flow) => {
    const longer = (values: Float64Array) => Float64Array.from([...values, ...values.map(() => Number.NaN)]);
    return { ...flow, q: longer(flow.q), loss: longer(flow.loss), parameters: longer(flow.parameters!) };
  });
  for (const kind of chartKinds) {
    expect(await charts[kind].build(inputOf(scalar, grown))).toEqual(
      await charts[kind].build(inputOf(scalar, flows)),
    );
  }
});

test('a large network gets a coarser surface in batches of at most 8 MiB', async () => {
  const widths = [200, 400, 100];
  const problem: Problem = {
    architecture: { kind: 'mlp', widths, activation: 'relu', bias: false },
    dataset: whitenedDataset(200, 100, 1, 'mean-squared-error'),
    loss: 'mean-squared-error',
  };
  const size = createNetwork(problem).size;
  const theta = randomTheta(problem.architecture, 1);
  const flows = [1, 2, 3].map(
    (q): ChartFlow => ({
      role: 'sweep',
      count: 2,
      q: Float64Array.of(1e4 * q, 1e4 * q),
      loss: Float64Array.of(1, 0.5),
      start: theta.map((x) => x + q / 10),
      end: theta,
      parameters: null,
    }),
  );
  let largest = 0;
  const chart = await charts['q-valley'].build(
    inputOf(problem, flows, {
      async loss(thetas) {
        largest = Math.max(largest, thetas.byteLength);
        return new Float64Array(thetas.length / size);
      },
    }),
  );
  expect(chart.surface!.rows).toBeLessThan(33);
  expect(chart.surface!.rows).toBeGreaterThanOrEqual(9);
  expect(largest).toBeLessThanOrEqual(8 * 2 ** 20);
});

test('which charts fit a run', () => {
  expect(fittingCharts({ problem: scalar, layerPair: 0, parameters: 'all' })).toEqual([
    'q-valley',
    'exact',
    'orbit',
    'plane',
  ]);
  const deep = randomProblem({
    widths: [2, 2, 2, 1],
    activation: 'tanh',
    bias: false,
    loss: 'squared-error',
    seed: 1,
  });
  expect(fittingCharts({ problem: deep, layerPair: null, parameters: 'all' })).toEqual(['plane']);
  expect(fittingCharts({ problem: deep, layerPair: null, parameters: 'none' })).toEqual([]);
});
