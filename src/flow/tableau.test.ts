import { describe, expect, it } from 'vitest';
import { integratorNames, integrators } from './integrator.ts';
import { orderConditions, type TableauCoefficients, tableau } from './tableau.ts';

const heun: TableauCoefficients = {
  order: 2,
  c: [1],
  a: [[1]],
  b: [1 / 2, 1 / 2],
  embedded: { order: 1, b: [1, 0] },
};

describe('order conditions', () => {
  it('are one per rooted tree: 1, 1, 2, 4, 9, 20 of order 1 to 6', () => {
    const matrix = [[], [1 / 2]];
    const perOrder = [1, 2, 3, 4, 5, 6].map(
      (order) => orderConditions(matrix, 6).filter((tree) => tree.order === order).length,
    );
    expect(perOrder).toEqual([1, 1, 2, 4, 9, 20]);
  });

  it('have the densities of Hairer, Norsett, Wanner, table II.2.1', () => {
    const densities = orderConditions([[]], 4).map((tree) => tree.density);
    expect(densities.sort((x, y) => x - y)).toEqual([1, 2, 3, 4, 6, 8, 12, 24]);
  });
});

describe('tableau', () => {
  it('derives first-same-as-last and the points of a step', () => {
    expect(integratorNames.filter((name) => integrators[name].tableau.firstSameAsLast)).toEqual([
      'dormand-prince',
    ]);
    expect(integratorNames.map((name) => integrators[name].tableau.points.length)).toEqual([2, 5, 7]);
    expect(tableau(heun).error).toEqual([-1 / 2, 1 / 2]);
  });

  it('rejects every coefficient that is off by 1e-6, and a claim of too high an order', () => {
    expect(() => tableau(heun)).not.toThrow();
    const off = (values: readonly number[], at: number) =>
      values.map((value, i) => (i === at ? value + 1e-6 : value));
    const corrupted: TableauCoefficients[] = [
      { ...heun, c: off(heun.c, 0) },
      { ...heun, a: [off(heun.a[0]!, 0)] },
      { ...heun, b: off(heun.b, 0) },
      { ...heun, b: off(heun.b, 1) },
      { ...heun, embedded: { order: 1, b: off([1, 0], 1) } },
      { ...heun, order: 3 },
      { ...heun, embedded: { order: 2, b: [1, 0] } },
      { ...heun, b: [1] },
      { ...heun, a: [[1, 0]] },
    ];
    for (const coefficients of corrupted) expect(() => tableau(coefficients)).toThrow(/^Butcher tableau: /);
  });

  it('holds no entry of dormand-prince that could be another number', () => {
    const { points, error } = integrators['dormand-prince'].tableau;
    const a = points.slice(1).map((row) => [...row]);
    const b = [...a.at(-1)!, 0];
    const c = [1 / 5, 3 / 10, 4 / 5, 8 / 9, 1, 1];
    const embedded = { order: 4, b: b.map((weight, i) => weight - error![i]!) };
    expect(() => tableau({ order: 5, c, a, b, embedded })).not.toThrow();
    a.forEach((row, i) => {
      row.forEach((_, j) => {
        const changed = a.map((other, k) =>
          other.map((value, l) => (k === i && l === j ? value + 1e-9 : value)),
        );
        expect(() => tableau({ order: 5, c, a: changed, b, embedded })).toThrow(/must sum to c/);
      });
    });
    b.forEach((_, i) => {
      const changed = b.map((value, k) => (k === i ? value + 1e-9 : value));
      expect(() => tableau({ order: 5, c, a, b: changed, embedded })).toThrow(/order condition|sum to 0/);
    });
  });
});
