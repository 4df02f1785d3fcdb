import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { ActivationName } from '../model/activation.ts';
import { createNetwork } from '../model/network.ts';
import type { MlpProblem } from '../model/problem.ts';
import { conservedQuantities } from './conserved-quantities.ts';
import { reachable, setPerUnit, setTotal, UnreachableError } from './set-conserved.ts';
import {
  datasetOf,
  lossName,
  normals,
  orthonormalSamples,
  PROPERTY,
  randomProblem,
  randomTheta,
  seeds,
  twoLayerWidths,
  widths,
} from './testing/problems.ts';

const homogeneous = fc.constantFrom<ActivationName>('linear', 'relu', 'leaky-relu');
const otherDegrees = fc.constantFrom<ActivationName>('row-inversion', 'radial-square');
const squaredNorm = (theta: Float64Array) => theta.reduce((sum, x) => sum + x * x, 0);

const setups = fc
  .tuple(widths, homogeneous, fc.boolean(), lossName, seeds)
  .map(([w, activation, bias, loss, seed]) => {
    const problem = randomProblem({ widths: w, activation, bias, loss, seed });
    const layerPair = seed % (w.length - 2);
    return {
      problem,
      layerPair,
      units: w[layerPair + 1]!,
      seed,
      theta: randomTheta(problem.architecture, seed + 2),
      quantity: conservedQuantities(problem)[layerPair]!,
    };
  });

const relativeLossChange = (problem: MlpProblem, from: Float64Array, to: Float64Array): number => {
  const network = createNetwork(problem);
  const before = network.loss(from);
  const after = network.loss(to);
  return after === before ? 0 : Math.abs(after - before) / before;
};

describe('setting Q along the orbit', () => {
  const target = fc.double({ min: -50, max: 50, noNaN: true });

  test('the total is met to 1e-12 and the loss kept to 1e-12', () => {
    fc.assert(
      fc.property(setups, target, ({ problem, layerPair, theta, quantity }, value) => {
        const moved = setTotal(problem, theta, layerPair, value);
        expect(Math.abs(quantity.total(moved) - value)).toBeLessThan(1e-12 * squaredNorm(moved));
        expect(relativeLossChange(problem, theta, moved)).toBeLessThan(1e-12);
      }),
      PROPERTY,
    );
  });

  test('every q_k is met to 1e-12 and the loss kept to 1e-12', () => {
    fc.assert(
      fc.property(setups, ({ problem, layerPair, units, seed, theta, quantity }) => {
        const values = normals(units, seed + 4).map((x) => 5 * x);
        const moved = setPerUnit(problem, theta, layerPair, values);
        const error = quantity.perUnit(moved).map((q, k) => Math.abs(q - values[k]!));
        expect(Math.max(...error)).toBeLessThan(1e-12 * squaredNorm(moved));
        expect(relativeLossChange(problem, theta, moved)).toBeLessThan(1e-12);
      }),
      PROPERTY,
    );
  });

  test('far values of either sign lose no digits', () => {
    const problem = randomProblem({
      widths: [3, 4, 2],
      activation: 'relu',
      bias: true,
      loss: 'squared-error',
      seed: 1,
    });
    const theta = randomTheta(problem.architecture, 2);
    const [quantity] = conservedQuantities(problem);
    for (const value of [-1e12, -1e6, -1e-9, 0, 1e-9, 1e6, 1e12]) {
      const moved = setTotal(problem, theta, 0, value);
      expect(Math.abs(quantity!.total(moved) - value)).toBeLessThan(1e-12 * squaredNorm(moved));
      expect(relativeLossChange(problem, theta, moved)).toBeLessThan(1e-12);
    }
  });

  test('a unit without outgoing (incoming) weights reaches q <= 0 (q >= 0) only, one without any only 0', () => {
    const problem: MlpProblem = {
      architecture: { kind: 'mlp', widths: [1, 3, 1], activation: 'linear', bias: false },
      dataset: datasetOf(Float64Array.of(1), 1, 1, 1),
      loss: 'squared-error',
    };
    const theta = Float64Array.of(2, 0, 0, 0, 3, 0);
    expect(reachable(problem, theta, 0)).toEqual({
      method: 'orbit',
      total: { minimum: null, maximum: null },
      units: [
        { minimum: null, maximum: 0 },
        { minimum: 0, maximum: null },
        { minimum: 0, maximum: 0 },
      ],
    });
    const [quantity] = conservedQuantities(problem);
    for (const values of [
      [-7, 5, 0],
      [0, 0, 0],
    ]) {
      expect(Array.from(quantity!.perUnit(setPerUnit(problem, theta, 0, values)))).toEqual(
        values.map((v) => expect.closeTo(v, 12)),
      );
    }
    expect(() => setPerUnit(problem, theta, 0, [1, 5, 0])).toThrow(
      'q of hidden unit 1 = 1 cannot be reached: choose a value up to 0.',
    );
    expect(() => setPerUnit(problem, theta, 0, [-1, 5, 2])).toThrow(
      'q of hidden unit 3 = 2 cannot be reached: its weights allow 0 only.',
    );
    expect(() => setPerUnit(problem, theta, 0, [1, 2])).toThrow('3 hidden units but 2 values');
    expect(() => setTotal(problem, theta, 0, Number.NaN)).toThrow(UnreachableError);
  });
});

describe('setting Q along the orbit of another degree', () => {
  test('the total is met and the loss kept', () => {
    fc.assert(
      fc.property(
        twoLayerWidths,
        otherDegrees,
        fc.boolean(),
        lossName,
        seeds,
        fc.double({ min: -20, max: 20, noNaN: true }),
        (w, activation, bias, loss, seed, wanted) => {
          const problem = randomProblem({ widths: w, activation, bias, loss, seed });
          const theta = randomTheta(problem.architecture, seed + 2);
          // Row inversion: circles, Q is positive.
          const value = activation === 'row-inversion' ? Math.abs(wanted) + 0.1 : wanted;
          const moved = setTotal(problem, theta, 0, value);
          expect(Math.abs(conservedQuantities(problem)[0]!.total(moved) - value)).toBeLessThan(
            1e-11 * Math.max(1, squaredNorm(moved)),
          );
          // A bias of the output layer has no part in it.
          expect(relativeLossChange(problem, theta, moved)).toBeLessThan(1e-10);
        },
      ),
      PROPERTY,
    );
  });

  test('row inversion reaches every positive q of a unit, and no other', () => {
    const problem = randomProblem({
      widths: [3, 2, 2],
      activation: 'row-inversion',
      bias: false,
      loss: 'squared-error',
      seed: 4,
    });
    const theta = randomTheta(problem.architecture, 5);
    const moved = setPerUnit(problem, theta, 0, [0.01, 40]);
    expect(Array.from(conservedQuantities(problem)[0]!.perUnit(moved))).toEqual([
      expect.closeTo(0.01, 12),
      expect.closeTo(40, 9),
    ]);
    expect(relativeLossChange(problem, theta, moved)).toBeLessThan(1e-12);
    expect(() => setTotal(problem, theta, 0, -1)).toThrow(UnreachableError);
    expect(() => setTotal(problem, theta, 0, 0)).toThrow(UnreachableError);
  });

  test('a radial square has one quantity, conserved in total', () => {
    const problem = randomProblem({
      widths: [3, 4, 2],
      activation: 'radial-square',
      bias: true,
      loss: 'squared-error',
      seed: 4,
    });
    const [quantity] = conservedQuantities(problem);
    expect(quantity!.units).toBe(1);
    expect(setPerUnit(problem, randomTheta(problem.architecture, 1), 0, [3])).toEqual(
      setTotal(problem, randomTheta(problem.architecture, 1), 0, 3),
    );
  });
});

describe('setting Q by the outer layer', () => {
  const setup = fc
    .tuple(twoLayerWidths, fc.constantFrom<ActivationName>('tanh', 'sigmoid'), fc.boolean(), seeds)
    .map(([w, activation, bias, seed]) => {
      const samples = 1 + (seed % w[0]);
      const inputs = orthonormalSamples(samples, w[0], samples + 1, bias, seed);
      const problem: MlpProblem = {
        architecture: { kind: 'mlp', widths: w, activation, bias },
        dataset: datasetOf(inputs, samples, w[2], seed),
        loss: 'squared-error',
      };
      return {
        problem,
        theta: randomTheta(problem.architecture, seed),
        quantity: conservedQuantities(problem)[0]!,
      };
    });

  test('every value from the end of the interval up is met to 1e-12, the total and each q_k', () => {
    fc.assert(
      fc.property(
        setup,
        fc.double({ min: 0, max: 30, noNaN: true }),
        ({ problem, theta, quantity }, above) => {
          const { method, total, units } = reachable(problem, theta, 0);
          expect(method).toBe('outer-scaling');
          expect(total.maximum).toBeNull();
          const scale = Math.abs(total.minimum!) + above + 1;
          const moved = setTotal(problem, theta, 0, total.minimum! + above);
          expect(Math.abs(quantity.total(moved) - total.minimum! - above)).toBeLessThan(1e-12 * scale);
          const values = units.map((interval) => interval.minimum! + above);
          const q = quantity.perUnit(setPerUnit(problem, theta, 0, values));
          expect(Math.max(...q.map((x, k) => Math.abs(x - values[k]!)))).toBeLessThan(1e-12 * scale);
          expect(() => setTotal(problem, theta, 0, total.minimum! - 1e-3 * scale)).toThrow(UnreachableError);
        },
      ),
      PROPERTY,
    );
  });

  test('the sentence names the value and an interval that can be reached', () => {
    const problem: MlpProblem = {
      architecture: { kind: 'mlp', widths: [1, 1, 1], activation: 'tanh', bias: false },
      dataset: datasetOf(Float64Array.of(1), 1, 1, 1),
      loss: 'squared-error',
    };
    const theta = Float64Array.of(2.3, 1);
    expect(-(Math.sinh(2.3) ** 2) / 2).toBeCloseTo(-12.1868, 4);
    expect(() => setTotal(problem, theta, 0, -900)).toThrow(
      'Q = -900 cannot be reached: choose a value from -12.18 up.',
    );
    expect(() => setTotal(problem, theta, 0, -12.18)).not.toThrow();
    const dead = Float64Array.of(2.3, 0);
    expect(() => setTotal(problem, dead, 0, 0)).toThrow(
      'Q = 0 cannot be reached: its weights allow -12.1868 only.',
    );
    expect(setTotal(problem, dead, 0, -(Math.sinh(2.3) ** 2) / 2)).toEqual(dead);
  });
});

test('a network without a conserved quantity is refused with the reason', () => {
  const deep = randomProblem({
    widths: [2, 2, 2, 2],
    activation: 'squash',
    bias: false,
    loss: 'squared-error',
    seed: 1,
  });
  expect(() => reachable(deep, randomTheta(deep.architecture, 1), 0)).toThrow(/gives none/);
});
