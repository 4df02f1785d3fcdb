import { describe, expect, it } from 'vitest';
import { parameterCount } from '../model/parameters.ts';
import type { MlpProblem } from '../model/problem.ts';
import type { ChartFlow } from './chart-input.ts';
import { affordable, lossWork } from './loss-batch.ts';
import { plane } from './plane.ts';
import { qValley } from './q-valley.ts';
import { inputOf } from './testing/flows.ts';

/** Sizes of a problem on images; its data are never looked at here. */
function problemOf(widths: readonly number[], samples: number): MlpProblem {
  const none = new Float64Array(0);
  return {
    architecture: { kind: 'mlp', widths, activation: 'relu', bias: false },
    dataset: {
      samples,
      inputWidth: widths[0]!,
      outputWidth: widths.at(-1)!,
      inputs: none,
      targets: none,
    },
    loss: 'mean-squared-error',
  };
}

const images = problemOf([784, 256, 10], 10_000);

/** A flow of three frames on a bent path, with a Q of its own. */
function bentFlow(size: number, q: number): ChartFlow {
  const parameters = Float64Array.from({ length: 3 * size }, (_, i) => {
    const frame = Math.floor(i / size);
    return Math.sin(i + q) * (frame + 1) + frame * frame;
  });
  return {
    role: 'sweep',
    count: 3,
    q: Float64Array.of(q, q, q),
    loss: Float64Array.of(3, 2, 1),
    start: parameters.slice(0, size),
    end: parameters.slice(2 * size),
    parameters,
  };
}

describe('charts of large networks', () => {
  it.each([
    ['plane', plane],
    ['q-valley', qValley],
  ] as const)('the %s draws the paths and says why there is no surface', async (_, chart) => {
    const size = parameterCount(images.architecture);
    let losses = 0;
    const flows = [bentFlow(size, 0), bentFlow(size, 1e5)];
    for (const detail of ['preview', 'final'] as const) {
      const input = inputOf(problemOf([1, 1, 1], 1), flows, {
        problem: images,
        detail,
        async loss(thetas) {
          losses += thetas.length / size;
          return new Float64Array(thetas.length / size);
        },
      });
      const { surface, paths, notes } = await chart.build(input);
      expect(surface).toBeNull();
      expect(paths).toHaveLength(2);
      expect(paths[0]!.x).toHaveLength(3);
      expect(notes).toContain('The surface is not drawn: the network and its data are too large.');
    }
    expect(losses).toBe(0);
  });

  it('a surface costs what is affordable, and never less than shows it', () => {
    const input = (problem: MlpProblem) => inputOf(problemOf([1, 1, 1], 1), [], { problem });
    expect(affordable(input(problemOf([10, 50, 5], 10)), 6561, 81)).toBe(6561);
    const middling = problemOf([100, 100, 10], 1000);
    const count = affordable(input(middling), 6561, 81);
    expect(count).toBe(Math.max(81, Math.floor(1e9 / lossWork(middling))));
    expect(affordable(input(images), 6561, 81)).toBe(0);
  });
});
