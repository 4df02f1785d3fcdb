import { beforeAll, describe, expect, it } from 'vitest';
import { createRandom } from '../../../model/random.ts';
import { type Arena, createArena } from './arena.ts';
import type { Kernels } from './kernels.ts';

const POINTS = 1_000_000;
/** The bound of assembly/functions.ts, in units in the last place of JavaScript's own value. */
const LARGEST_ULPS = 2;

const bits = new BigInt64Array(1);
const double = new Float64Array(bits.buffer);
/** Position of a double among all doubles in ascending order; both zeros are 0. */
function rank(x: number): bigint {
  double[0] = x;
  const [word] = bits;
  return word! < 0n ? -(word! & 0x7fff_ffff_ffff_ffffn) : word!;
}

/** Doubles that lie between `actual` and `expected`; infinite where one is NaN and the other is not. */
function ulps(actual: number, expected: number): number {
  if (Object.is(actual, expected)) return 0;
  if (Number.isNaN(actual) || Number.isNaN(expected)) return Infinity;
  const distance = rank(actual) - rank(expected);
  return Number(distance < 0n ? -distance : distance);
}

/** Arguments of every size: uniform where the functions bend, all binades from the smallest double to the largest, and the edges. */
function argumentsOf(count: number): Float64Array {
  const random = createRandom(7, 'ulps');
  const edges = [0, -0, Infinity, -Infinity, NaN, 5e-324, -5e-324, 2.2250738585072014e-308, 1e-300, -1e-300];
  const turns = [709.782712893384, 709.79, -708.4, -745.13, -745.14, -746, 710, 19.06, 22, -22, 44, 88, 1e9];
  const fixed = [...edges, ...turns, ...turns.map((x) => -x), Number.MAX_VALUE, -Number.MAX_VALUE];
  return Float64Array.from({ length: count }, (_, i) => {
    if (i < fixed.length) return fixed[i]!;
    const sign = i % 2 === 0 ? 1 : -1;
    switch ((i % 4) >> 1 === 0 ? 0 : 1 + (i % 3)) {
      case 0:
        return sign * 4 * random.uniform();
      case 1:
        return sign * 40 * random.uniform();
      case 2:
        return sign * 760 * random.uniform();
      default:
        return sign * 2 ** (2098 * random.uniform() - 1074);
    }
  });
}

const functions = {
  exp: { fill: (kernels: Kernels) => kernels.fillExp, expected: Math.exp },
  tanh: { fill: (kernels: Kernels) => kernels.fillTanh, expected: Math.tanh },
  sigmoid: {
    fill: (kernels: Kernels) => kernels.fillSigmoid,
    expected: (x: number) => 1 / (1 + Math.exp(-x)),
  },
};

describe('the functions of the SIMD kernels', () => {
  let arena: Arena;
  const x = argumentsOf(POINTS);
  let from = 0;
  let to = 0;
  beforeAll(() => {
    arena = createArena(() => {})!;
    from = arena.store(x);
    to = arena.allocate(POINTS);
  });

  const worst = (name: keyof typeof functions, expected = functions[name].expected) => {
    functions[name].fill(arena.kernels)(from, to, POINTS);
    const actual = arena.doubles(to, POINTS);
    let largest = 0;
    for (let i = 0; i < POINTS; i++) largest = Math.max(largest, ulps(actual[i]!, expected(x[i]!)));
    return largest;
  };

  for (const name of ['exp', 'tanh', 'sigmoid'] as const) {
    it(`${name} is within ${LARGEST_ULPS} ulp of Math over a million points`, () => {
      expect(worst(name)).toBeLessThanOrEqual(LARGEST_ULPS);
    });
  }

  it('a value three units away is seen', () => {
    const off = (value: number) => {
      double[0] = Math.tanh(value);
      bits[0]! += value === x[40] ? 3n : 0n;
      return double[0]!;
    };
    expect(worst('tanh', off)).toBeGreaterThan(LARGEST_ULPS);
  });

  it('infinities, NaN and negative zero come out as in Math', () => {
    for (const [name, { fill, expected }] of Object.entries(functions)) {
      const edges = Float64Array.of(Infinity, -Infinity, NaN, -0, 0, 800, -800, 5e-324);
      const values = arena.allocate(edges.length);
      fill(arena.kernels)(arena.store(edges), values, edges.length);
      const actual = arena.doubles(values, edges.length);
      edges.forEach((edge, i) => {
        expect(actual[i], `${name}(${edge})`).toBe(expected(edge));
      });
    }
  });
});
