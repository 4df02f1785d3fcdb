import { describe, expect, test } from 'vitest';
import type { ActivationName } from '../../model/activation.ts';
import { type LayerParameters, unpackParameters } from '../../model/parameters.ts';
import { createRandom } from '../../model/random.ts';
import { nestedBracket } from './bracket.ts';
import type { Field } from './field.ts';
import { minus, reals, times } from './jet.ts';
import { type FieldSource, type LieClosure, lieClosure } from './lie-closure.ts';
import { randomFields, randomParameters } from './random-fields.ts';
import { onIdentity } from './testing/problems.ts';

const tanh = onIdentity('2-3-2', 'tanh');
const linear = onIdentity('2-2-2', 'linear');
const theta = (problem: typeof tanh) => randomParameters(problem, createRandom(1, 'point'));

const source = (problem: typeof tanh): FieldSource => randomFields(problem, createRandom(1, 'fields'));

function close(fields: FieldSource, at: Float64Array, mostLevels?: number): LieClosure {
  const work = lieClosure(fields, at, mostLevels);
  let step = work.next();
  while (!step.done) step = work.next();
  return step.value;
}

/** X + size Y, with Y a gradient of the same outputs under tanh: without the linear network's symmetries. */
function perturbed(size: number): FieldSource {
  const x = source(linear);
  const y = randomFields(onIdentity('2-2-2', 'tanh'), createRandom(2, 'fields'));
  return {
    draw() {
      const [field, perturbation] = [x.draw(), y.draw()];
      return (factor): Field => {
        const [a, b] = [field(factor), perturbation(-size * factor)];
        return (at) => minus(a(at), b(at));
      };
    },
    uniform: x.uniform,
  };
}

describe('the closure', () => {
  test('fields without the symmetries have fewer laws: a perturbation by a thousandth is seen at once', () => {
    expect(close(source(linear), theta(linear))).toMatchObject({ ranks: [4, 5], dimension: 5, closed: true });
    expect(close(perturbed(1e-3), theta(linear)).dimension).toBeGreaterThan(5);
  });

  test('the gap says how clear it is: perturbations below what counts close it', () => {
    const clear = close(source(linear), theta(linear)).gap;
    const doubtful = close(perturbed(1e-12), theta(linear));
    expect(clear).toBeGreaterThan(1e12);
    expect(doubtful.gap).toBeLessThan(1e-2 * clear);
  });

  test('fields that depend on theta only by rounding noise are not taken for brackets', () => {
    // Multiples of one field: every bracket is zero but for rounding.
    const one = source(linear).draw()(1);
    const random = createRandom(2, 'multiples');
    const multiples: FieldSource = {
      draw() {
        const multiple = random.normal();
        return (factor) => (at) => times(reals(Float64Array.of(multiple * factor)), one(at));
      },
      uniform: () => random.uniform(),
    };
    expect(close(multiples, theta(linear))).toMatchObject({ ranks: [1], dimension: 1, closed: true });
  });

  test('it says when it stopped before it was closed', () => {
    expect(close(source(tanh), theta(tanh))).toMatchObject({ ranks: [4, 7, 9], closed: true });
    expect(close(source(tanh), theta(tanh), 2)).toMatchObject({ ranks: [4, 7], closed: false });
  });

  const halfSquare = (weight: readonly (readonly number[])[], k?: number) =>
    weight.flatMap((row) => (k === undefined ? row : [row[k]!])).reduce((sum, u) => sum + (u * u) / 2, 0);

  test.each<[string, ActivationName, (layers: LayerParameters[]) => number[]]>([
    // math.md B6, and the same at any depth: nothing above the second layer enters.
    ['2-3-2', 'tanh', ([v, u]) => v!.weight.map((row, k) => halfSquare(u!.weight, k) - sinhSquares(row))],
    ['2-3-3-2', 'tanh', ([v, u]) => v!.weight.map((row, k) => halfSquare(u!.weight, k) - sinhSquares(row))],
    // Radial: S' = h/h' at |z_j|, for squash r/2 + r^3/2.
    [
      '3-3-2',
      'squash',
      ([v, u]) => [
        [0, 1, 2].reduce((rest, j) => {
          const square = v!.weight.reduce((sum, row) => sum + row[j]! ** 2, 0);
          return rest - square / 4 - square ** 2 / 8;
        }, halfSquare(u!.weight)),
      ],
    ],
  ])(
    'what the brackets of %s %s on the identity leave out are the gradients of its laws',
    (widths, activation, laws) => {
      const problem = onIdentity(widths, activation);
      const at = theta(problem);
      const values = (point: Float64Array) => laws(unpackParameters(problem.architecture, point));
      const step = 1e-5;
      const gradients = values(at).map((_, law) =>
        at.map((_, i) => {
          const moved = (sign: number) => at.map((x, j) => (j === i ? x + sign * step : x));
          return (values(moved(1))[law]! - values(moved(-1))[law]!) / (2 * step);
        }),
      );
      expect(close(source(problem), at).dimension).toBe(at.length - gradients.length);
      const fields = source(problem);
      for (let level = 1; level <= 4; level++) {
        const drawn = Array.from({ length: level }, () => fields.draw()(1));
        const { coefficients } = nestedBracket(drawn, reals(at));
        const length = Math.hypot(...coefficients);
        for (const gradient of gradients) {
          const along = gradient.reduce((sum, g, i) => sum + g * coefficients[i]!, 0);
          expect(Math.abs(along) / (length * Math.hypot(...gradient))).toBeLessThan(1e-8);
        }
      }
    },
  );
});

/** sum_j S(z_j) of tanh: S = 1/2 sinh^2. */
const sinhSquares = (row: readonly number[]): number =>
  row.reduce((sum, z) => sum + Math.sinh(z) ** 2 / 2, 0);
