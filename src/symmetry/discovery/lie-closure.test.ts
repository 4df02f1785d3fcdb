import { describe, expect, test } from 'vitest';
import { createRandom } from '../../model/random.ts';
import { conservedQuantities } from '../conserved-quantities.ts';
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

  test('what the brackets leave out are the gradients of the conserved quantities', () => {
    const at = theta(tanh);
    const [quantity] = conservedQuantities(tanh);
    const step = 1e-5;
    const gradients = [0, 1, 2].map((unit) =>
      at.map((_, i) => {
        const moved = (sign: number) => at.map((x, j) => (j === i ? x + sign * step : x));
        return (quantity!.perUnit(moved(1))[unit]! - quantity!.perUnit(moved(-1))[unit]!) / (2 * step);
      }),
    );
    const fields = source(tanh);
    for (let level = 1; level <= 4; level++) {
      const drawn = Array.from({ length: level }, () => fields.draw()(1));
      const { coefficients } = nestedBracket(drawn, reals(at));
      const length = Math.hypot(...coefficients);
      for (const gradient of gradients) {
        const along = gradient.reduce((sum, g, i) => sum + g * coefficients[i]!, 0);
        expect(Math.abs(along) / (length * Math.hypot(...gradient))).toBeLessThan(1e-8);
      }
    }
  });
});
