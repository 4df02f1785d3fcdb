import { describe, expect, test } from 'vitest';
import { whitenedDataset } from '../model/data.ts';
import { createNetwork } from '../model/network.ts';
import type { MlpProblem } from '../model/problem.ts';
import { norm } from '../model/vector.ts';
import { conservedQuantities } from '../symmetry/conserved-quantities.ts';
import { groups } from '../symmetry/groups.ts';
import { randomTheta } from '../symmetry/testing/problems.ts';
import type { Chart } from './chart.ts';
import type { ChartFlow, OrbitCurve } from './chart-input.ts';
import { chartKinds, charts } from './charts.ts';
import { descend, flowOf, inputOf, jumpingFlow } from './testing/flows.ts';
import { alongLine, lineBetween } from './valley-line.ts';

const problem: MlpProblem = {
  architecture: { kind: 'mlp', widths: [3, 4, 2], activation: 'linear', bias: false },
  dataset: whitenedDataset(3, 2, 3, 'mean-squared-error'),
  loss: 'mean-squared-error',
};
const network = createNetwork(problem);
const [quantity] = conservedQuantities(problem);
const { size } = network;
const theta0 = randomTheta(problem.architecture, 1);
const action = groups['general-linear'].create(problem);
const algebra = action.algebra!;
const generator = Float64Array.from({ length: algebra.dimension }, (_, i) => Math.sin(1 + i));
const DISTANCE = 0.9;
const direction = generator.map((c) => c / norm(generator));
const jumped = (theta: Float64Array) =>
  algebra.flow(
    direction.map((c) => DISTANCE * c),
    theta,
  );

const steered = jumpingFlow(problem, theta0, jumped, { stepSize: 0.05, before: 6, after: 1200 });
const twin = flowOf(problem, descend(problem, theta0, { stepSize: 0.05, steps: 1200, frames: 40 }), 'twin');
const flows: ChartFlow[] = [steered, twin];
const [jump] = steered.jumps!;
const frame = (flow: ChartFlow, i: number) => flow.parameters!.slice(i * size, (i + 1) * size);

/** theta at a frame moved by exp(s M), with its segment from theta0 to the end of the twin. */
const s = Float64Array.from([-0.4, -0.1, 0, 0.3]);
const moved = (theta: Float64Array) =>
  Float64Array.from(
    [...s].flatMap((at) => [
      ...algebra.flow(
        direction.map((c) => at * c),
        theta,
      ),
    ]),
  );
const orbitCurve: OrbitCurve = {
  s,
  parameters: moved(frame(steered, 3)),
  starts: moved(theta0),
  ends: moved(twin.end!),
};
const built = Object.fromEntries(
  await Promise.all(
    chartKinds
      .filter((kind) => kind !== 'exact')
      .map(
        async (kind) => [kind, await charts[kind].build(inputOf(problem, flows, { orbitCurve }))] as const,
      ),
  ),
) as Record<'q-valley' | 'orbit' | 'plane', Chart>;

describe.each(Object.entries(built))('a jump on the %s', (_, chart) => {
  const [path] = chart.paths;

  test('has both ends at the same true loss', () => {
    const [placed] = path!.jumps;
    expect(placed!.frame).toBe(6);
    expect(placed!.from.height).toBe(network.loss(jump!.from!));
    expect(Math.abs(placed!.to.height / placed!.from.height - 1)).toBeLessThan(1e-10);
    expect(placed!.q).toBe(quantity!.total(jump!.to!));
  });

  test('ends where the frame recorded at it is, and is no part of the path', () => {
    const [{ to }] = path!.jumps as [Chart['paths'][number]['jumps'][number]];
    expect(to.x).toBeCloseTo(path!.x[6]!, 5);
    expect(to.y).toBeCloseTo(path!.y[6]!, 5);
    expect(path!.x).toHaveLength(steered.count);
  });

  test('has the twin beside it, on the same path up to the jump', () => {
    const other = chart.paths[1]!;
    expect(other.flow).toBe(1);
    expect(other.jumps).toEqual([]);
    expect([other.x[0], other.y[0]]).toEqual([path!.x[0], path!.y[0]]);
  });

  test('has the curve of the explorer at true losses that do not change', () => {
    const { height, x, offChart } = chart.orbit!;
    expect(chart.orbit!.s).toEqual(Float32Array.from(s));
    height.forEach((h) => {
      expect(h / network.loss(frame(steered, 3))).toBeCloseTo(1, 6);
    });
    expect(x.every(Number.isFinite)).toBe(true);
    expect(offChart.every((off) => off >= 0)).toBe(true);
    // At s = 0 it is on the path.
    expect(x[2]).toBeCloseTo(path!.x[3]!, 4);
    expect(chart.orbit!.y[2]).toBeCloseTo(path!.y[3]!, 4);
  });
});

describe('the Q-valley of a flow that jumps', () => {
  const [path] = built['q-valley'].paths;

  test('has every state at its own Q', () => {
    path!.x.forEach((q, i) => {
      expect(q).toBeCloseTo(quantity!.total(frame(steered, i)), 4);
    });
    expect(path!.jumps[0]!.from.x).toBe(quantity!.total(jump!.from!));
    expect(path!.jumps[0]!.to.x).toBe(quantity!.total(jump!.to!));
  });

  test('measures each part along its own segment', () => {
    const before = lineBetween(theta0, twin.end!);
    const after = lineBetween(jump!.to!, steered.end!);
    path!.y.forEach((y, i) => {
      const place = alongLine(frame(steered, i), i < 6 ? before : after);
      expect(y).toBeCloseTo(place.y, 5);
      expect(path!.offChart[i]).toBeCloseTo(place.offChart, 5);
    });
    expect(path!.jumps[0]!.to.y).toBeCloseTo(after.length, 9);
  });

  test('without the parameters of the jump its ends are the frames around it', async () => {
    const unknown = { ...steered, jumps: [{ ...jump!, from: null, to: null }], start: null, end: null };
    const valley = {
      distance: new Float64Array(steered.count).fill(2),
      offChart: new Float64Array(steered.count),
    };
    const chart = await charts['q-valley'].build(
      inputOf(problem, [{ ...unknown, parameters: null, valley }]),
    );
    expect(chart.paths[0]!.jumps[0]).toMatchObject({ from: { y: 2 }, to: { y: 2, x: jump!.q[1] } });
  });
});
