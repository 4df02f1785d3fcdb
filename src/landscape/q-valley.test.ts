import { describe, expect, test, vi } from 'vitest';
import { whitenedDataset } from '../model/data.ts';
import { createNetwork } from '../model/network.ts';
import type { Problem } from '../model/problem.ts';
import { sharpness } from '../model/sharpness.ts';
import { setTotal } from '../symmetry/set-conserved.ts';
import { randomProblem, randomTheta } from '../symmetry/testing/problems.ts';
import type { ChartFlow } from './chart-input.ts';
import { qValley } from './q-valley.ts';
import { descend, flowOf, inputOf } from './testing/flows.ts';
import { valleyCoordinates } from './valley-line.ts';

const problem: Problem = {
  architecture: { kind: 'mlp', widths: [4, 6, 2], activation: 'linear', bias: false },
  dataset: whitenedDataset(4, 2, 3, 'mean-squared-error'),
  loss: 'mean-squared-error',
};
const network = createNetwork(problem);
const theta0 = randomTheta(problem.architecture, 1);
const fall = (q: number, role: ChartFlow['role'] = 'sweep') =>
  flowOf(
    problem,
    descend(problem, setTotal(problem, theta0, 0, q), { stepSize: 0.05, steps: 1500, frames: 30 }),
    role,
  );
const steered = fall(2, 'steered');
const sweep = [5, -5, 0, 10, -10].map((q) => fall(q));
const flows = [steered, ...sweep];

/** theta* + y e of a flow, by hand. */
function onLine({ start, end }: ChartFlow, y: number): Float64Array {
  const length = Math.hypot(...start!.map((x, i) => x - end![i]!));
  return end!.map((x, i) => x + (y * (start![i]! - x)) / length);
}

const chart = await qValley.build(inputOf(problem, flows));
const { surface, floor, paths } = chart;
const ordered = [...sweep].sort((a, b) => a.q[0]! - b.q[0]!);

describe('the Q-valley', () => {
  test('has one column per flow of the sweep, ascending in Q', () => {
    expect(Array.from(surface!.x)).toEqual([-10, -5, 0, 5, 10].map((q) => expect.closeTo(q, 1)));
    expect(surface!.x).toEqual(Float32Array.from(ordered, ({ q, count }) => q[count - 1]!));
  });

  test('has heights that are true losses of the parameters on the lines', () => {
    const { columns, rows, y, height } = surface!;
    expect(rows).toBe(97);
    for (let i = 0; i < columns * rows; i++) {
      const loss = network.loss(onLine(ordered[i % columns]!, y[i]!));
      expect(Math.abs(height[i]! - loss)).toBeLessThan(1e-6 * loss + 1e-9);
    }
  });

  test('reaches beyond every start, a third of that behind the floor, and has the floor as a row', () => {
    const farthest = Math.max(...paths.map((path) => path.y[0]!));
    const [low, high] = chart.y.range;
    expect(high / farthest).toBeCloseTo(1.1, 5);
    expect(low / high).toBeCloseTo(-1 / 3, 5);
    expect(Array.from(surface!.y).filter((y) => y === 0)).toHaveLength(surface!.columns);
  });

  test('has a floor of true losses and sharpnesses', () => {
    ordered.forEach(({ end }, i) => {
      expect(floor!.height[i]).toBeCloseTo(network.loss(end!), 6);
      expect(floor!.sharpness[i]! / sharpness(network, end!, { tolerance: 1e-9 })).toBeCloseTo(1, 3);
    });
    // Sharper as |Q| grows (math.md B9).
    expect(floor!.sharpness[0]!).toBeGreaterThan(floor!.sharpness[2]!);
    expect(floor!.sharpness[4]!).toBeGreaterThan(floor!.sharpness[2]!);
  });

  test('draws every path at its own Q and true loss, with its distance off the chart', () => {
    expect(paths.map(({ flow }) => flow)).toEqual([0, 1, 2, 3, 4, 5]);
    for (const path of paths) {
      const { q, loss, parameters, count } = flows[path.flow]!;
      expect(path.x).toEqual(Float32Array.from(q));
      expect(path.height).toEqual(Float32Array.from(loss));
      expect(path.y[count - 1]).toBe(0);
      expect(path.offChart[0]).toBeCloseTo(0, 6);
      const middle = 12;
      const there = parameters!.slice(middle * network.size, (middle + 1) * network.size);
      const foot = onLine(flows[path.flow]!, path.y[middle]!);
      expect(path.offChart[middle]).toBeCloseTo(Math.hypot(...there.map((x, i) => x - foot[i]!)), 5);
    }
    expect(chart.notes[0]).toMatch(
      /^Paths leave the chart by at most [\d.]+ % of the distance from start to end\.$/,
    );
  });

  test('a preview is coarser, has no sharpness, and the same kind of heights', async () => {
    const preview = await qValley.build(inputOf(problem, flows, { detail: 'preview' }));
    expect(preview.surface!.rows).toBe(33);
    expect(preview.floor!.sharpness.every(Number.isNaN)).toBe(true);
    expect(preview.floor!.height).toEqual(floor!.height);
  });

  test('keeps surface and floor when only the steered flow has changed', async () => {
    const loss = vi.fn();
    const again = await qValley.build(
      inputOf(problem, [fall(-3, 'steered'), ...sweep], { reuse: chart, loss }),
    );
    expect(loss).not.toHaveBeenCalled();
    expect(again.surface).toBe(surface);
    expect(again.floor).toBe(floor);
    expect(again.paths[0]!.x[0]).toBeCloseTo(-3, 4);
  });

  test('is redrawn from coordinates when the parameters of the frames were not kept', async () => {
    const imported = flows.map((flow) => ({ ...flow, parameters: null, valley: valleyCoordinates(flow)! }));
    expect(await qValley.build(inputOf(problem, imported))).toEqual(chart);
    const nothing = imported.map((flow) => ({ ...flow, start: null, end: null }));
    const paths = await qValley.build(inputOf(problem, nothing));
    expect(paths.surface).toBeNull();
    expect(paths.paths).toEqual(chart.paths);
  });
});

test('a straight trajectory lies on the chart', () => {
  const count = 11;
  const parameters = new Float64Array(count * network.size);
  for (let i = 0; i < count; i++)
    parameters.set(
      theta0.map((x, j) => x + (1 - i / 10) * Math.sin(j)),
      i * network.size,
    );
  const { distance, offChart } = valleyCoordinates(flowOf(problem, parameters))!;
  expect(Math.max(...offChart)).toBeLessThan(1e-14);
  const length = Math.hypot(...theta0.map((_, j) => Math.sin(j)));
  distance.forEach((y, i) => {
    expect(y).toBeCloseTo(length * (1 - i / 10), 12);
  });
});

test('where Q is conserved, a drift is put down to the steps, and a sweep to come is not asked for', async () => {
  const steps = randomProblem({
    widths: [2, 4, 1],
    activation: 'linear',
    bias: false,
    loss: 'half-squared-error',
    seed: 4,
  });
  const start = randomTheta(steps.architecture, 5);
  const flow = flowOf(steps, descend(steps, start, { stepSize: 0.01, steps: 500, frames: 20 }));
  const empty = { ...flow, role: 'sweep' as const, count: 0, start: null, end: null, parameters: null };
  const { notes } = await qValley.build(inputOf(steps, [{ ...flow, role: 'steered' }, empty]));
  expect(notes.join(' ')).not.toContain('not conserved');
  expect(notes.join(' ')).not.toContain('add a sweep');
  const alone = await qValley.build(inputOf(steps, [{ ...flow, role: 'steered' }]));
  expect(alone.notes.join(' ')).toContain('add a sweep');
});

test('where the data break conservation, paths move sideways and a note says so', async () => {
  const broken = randomProblem({
    widths: [3, 6, 2],
    activation: 'tanh',
    bias: false,
    loss: 'half-squared-error',
    seed: 4,
  });
  const theta = randomTheta(broken.architecture, 5);
  const starts = [0.5, 1, 1.5].map((s) => theta.map((x, i) => (i < 18 ? x : s * x)));
  const moving = starts.map((start) =>
    flowOf(broken, descend(broken, start, { stepSize: 0.01, steps: 500, frames: 20 })),
  );
  const chart = await qValley.build(inputOf(broken, moving));
  expect(chart.paths[0]!.x[19]).not.toBeCloseTo(chart.paths[0]!.x[0]!, 2);
  expect(chart.notes.join(' ')).toMatch(/Q is not conserved: it changes by up to [\d.]+ along the paths/);
});

test('needs a conserved quantity', () => {
  expect(qValley.applies({ problem, layerPair: null, parameters: 'all' })).toMatch(
    /needs a conserved quantity/,
  );
  expect(qValley.applies({ problem, layerPair: 0, parameters: 'none' })).toBeNull();
});

test('flows that end soon after a jump show the valley in which they had come to rest', async () => {
  const late = [-4, 0, 4].map((q) => {
    const flow = fall(q);
    const from = flow.end!;
    const to = setTotal(problem, from, 0, q + 20);
    const after = flowOf(problem, Float64Array.from([...flow.parameters!, ...to]), 'sweep');
    const jump = {
      frame: flow.count,
      from,
      to,
      q: [q, q + 20],
      loss: [network.loss(from), network.loss(to)],
    } as const;
    return { ...after, jumps: [jump] };
  });
  const chart = await qValley.build(inputOf(problem, late));
  expect(Array.from(chart.surface!.x)).toEqual([-4, 0, 4].map((q) => expect.closeTo(q, 1)));
  for (const { jumps, x, y } of chart.paths) {
    expect(jumps[0]!.to.x - jumps[0]!.from.x).toBeCloseTo(20, 9);
    expect(Math.abs(jumps[0]!.from.y)).toBeLessThan(1e-9);
    expect(y[0]!).toBeGreaterThan(0.5);
    expect(x.at(-1)).toBeCloseTo(jumps[0]!.to.x, 4);
  }
  expect(chart.notes.join(' ')).toMatch(/measured from where it leads/);
  // The twin of the steered flow says nothing about the others.
  const twin = fall(30, 'twin');
  const beside = await qValley.build(inputOf(problem, [...late, twin]));
  const farthest = Math.max(...beside.paths.map(({ y }) => y[0]!));
  expect(beside.y.range[1]).toBeLessThan(1.2 * farthest);
});
