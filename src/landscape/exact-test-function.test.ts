import { describe, expect, test } from 'vitest';
import type { Problem } from '../model/problem.ts';
import { testFunction } from '../model/test-function.ts';
import type { FlowJump } from './chart-input.ts';
import { exact } from './exact.ts';
import { descend, flowOf, inputOf } from './testing/flows.ts';

const booth: Problem = { architecture: { kind: 'test-function', name: 'booth' } };
const rosenbrock: Problem = { architecture: { kind: 'test-function', name: 'rosenbrock' } };

/** Two stretches of descent with a rotation of the residuals to `to` between them; the frame of the jump shows the state after it. */
function jumping(
  problem: Problem,
  start: readonly number[],
  to: readonly number[],
  stepSizes: readonly [number, number],
) {
  const before = descend(problem, Float64Array.from(start), { stepSize: stepSizes[0], steps: 4, frames: 5 });
  const after = descend(problem, Float64Array.from(to), { stepSize: stepSizes[1], steps: 40, frames: 41 });
  const flow = flowOf(problem, Float64Array.from([...before, ...after]), 'steered');
  const jump: FlowJump = {
    frame: 5,
    loss: [flow.loss[4]!, flow.loss[5]!],
    q: [Number.NaN, Number.NaN],
    from: before.slice(-2),
    to: Float64Array.from(to),
  };
  return { ...flow, jumps: [jump] };
}

describe('Booth', () => {
  const { point, residuals } = testFunction('booth');
  const fall = descend(booth, Float64Array.of(5, -5), { stepSize: 0.08, steps: 4, frames: 5 });
  const [u, v] = residuals(fall[8]!, fall[9]!);
  const size = Math.hypot(u, v) / Math.SQRT2;
  const target = point(size, size);
  const flow = jumping(booth, [5, -5], target, [0.08, 0.08]);

  test('has true losses as heights, everywhere in a window that holds the flow', async () => {
    const chart = await exact.build(inputOf(booth, [flow]));
    const { columns, x, y, height } = chart.surface!;
    height.forEach((h, i) => {
      const [a, b] = residuals(x[i % columns]!, y[i]!);
      expect(Math.abs(h - (a * a + b * b))).toBeLessThanOrEqual(1e-6 * h);
    });
    const { range } = chart.x;
    for (const path of chart.paths) {
      expect(Math.min(...path.x)).toBeGreaterThan(range[0]);
      expect(Math.max(...path.x)).toBeLessThan(range[1]);
    }
    for (let column = 0; column < columns; column++) {
      for (let i = column + columns; i < y.length; i += columns)
        expect(y[i]!).toBeGreaterThan(y[i - columns]!);
    }
    expect(chart.height.range).toEqual([0, 144]);
  });

  test('places the jump where the flow was, at constant loss, on an orbit that is drawn', async () => {
    const chart = await exact.build(inputOf(booth, [flow]));
    const [jump] = chart.paths[0]!.jumps;
    expect(jump).toMatchObject({
      frame: 5,
      from: { x: fall[8], y: fall[9] },
      to: { x: target[0], y: target[1] },
    });
    expect(jump!.to.height / jump!.from.height).toBeCloseTo(1, 12);
    const level = chart.levels.find(({ value }) => Math.abs(value / jump!.to.height - 1) < 1e-9)!;
    expect(level.quantity).toBe('loss');
    const off = level.x.map((x, i) => Math.hypot(x - target[0], level.y[i]! - target[1]));
    expect(Math.min(...off.filter((d) => !Number.isNaN(d)))).toBeLessThan(0.05);
    level.height.forEach((h) => {
      if (!Number.isNaN(h)) expect(h / level.value).toBeCloseTo(1, 5);
    });
    expect(chart.levels.map(({ value }) => value)).toContainEqual(expect.closeTo(144, 9));
  });

  test('has the minimum (1, 3) as its floor, as sharp as 18', async () => {
    const { floor } = await exact.build(inputOf(booth, [flow]));
    expect([floor!.x[0], floor!.y[0], floor!.height[0]]).toEqual([1, 3, 0]);
    expect(floor!.sharpness[0]).toBeCloseTo(18, 4);
  });
});

describe('Rosenbrock', () => {
  // The point of the orbit of (-1, -1) with the largest gradient (math.md E1).
  const target = [14.97347, 222.75998];
  const flow = jumping(rosenbrock, [-1, -1], target, [0, 1e-6]);

  test('shows the far end of the orbit and the valley on the way there, resolved by rows', async () => {
    const chart = await exact.build(inputOf(rosenbrock, [flow]));
    expect(chart.height.range[1]).toBeCloseTo(404, 1);
    expect(chart.y.range[1]).toBeGreaterThan(223);
    expect(chart.y.range[0]).toBeLessThan(-1);
    const { columns, rows, x, height } = chart.surface!;
    // In every column between the minimum and the target enough rows lie in the valley below the ceiling.
    for (let column = 0; column < columns; column++) {
      if (x[column]! < 1 || x[column]! > target[0]!) continue;
      const low = Array.from({ length: rows }, (_, row) => height[row * columns + column]!).filter(
        (h) => h < 404,
      );
      expect(low.length).toBeGreaterThanOrEqual(6);
    }
  });

  test('cuts off what a flow overshoots to, and says so', async () => {
    const wild = { ...flow, loss: flow.loss.map((loss, i) => (i === 7 ? 3e6 : loss)) };
    const chart = await exact.build(inputOf(rosenbrock, [wild]));
    expect(chart.height.range[1]).toBeCloseTo(404, 1);
    expect(chart.notes.join(' ')).toMatch(/above 404 are cut off; the paths reach 3000000/);
  });
});
