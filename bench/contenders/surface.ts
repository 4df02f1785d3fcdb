import type { Engine } from '../../src/engine/engine.ts';
import { createNetwork } from '../../src/model/network.ts';
import type { Contender } from '../contest.ts';
import { type Setting, startsOf } from '../problems.ts';

/** Points of a surface along each side. */
export const SIDE = 256;

/** Writes the parameters of point `index` of a plane through a start, along two others: coordinates -1 .. 1. */
function plane(setting: Setting): { size: number; write(index: number, theta: Float64Array): void } {
  const { parameters } = startsOf(setting, 3);
  const size = parameters.length / 3;
  const coordinate = (i: number) => (2 * i) / (SIDE - 1) - 1;
  return {
    size,
    write(index, theta) {
      const a = coordinate(index % SIDE);
      const b = coordinate(Math.floor(index / SIDE));
      for (let i = 0; i < size; i++) {
        theta[i] = parameters[i]! + a * parameters[size + i]! + b * parameters[2 * size + i]!;
      }
    },
  };
}

/** A surface in an engine, its points made and evaluated in batches of `rows`; a unit of work is a surface. */
export function surface(engine: Engine, setting: Setting, rows: number): Contender {
  const { size, write } = plane(setting);
  const thetas = new Float64Array(rows * size);
  return {
    label: engine.kind,
    async run(times) {
      const start = performance.now();
      for (let t = 0; t < times; t++) {
        for (let first = 0; first < SIDE * SIDE; first += rows) {
          for (let i = 0; i < rows; i++) write(first + i, thetas.subarray(i * size, (i + 1) * size));
          await engine.loss(setting.problem, thetas);
        }
      }
      return performance.now() - start;
    },
  };
}

/** The same surface point by point with the readable network. */
export function surfaceLoop(setting: Setting): Contender {
  const { size, write } = plane(setting);
  const network = createNetwork(setting.problem);
  const theta = new Float64Array(size);
  return {
    label: 'TypeScript loop',
    async run(times) {
      const start = performance.now();
      const heights = new Float64Array(SIDE * SIDE);
      for (let t = 0; t < times; t++) {
        for (let i = 0; i < heights.length; i++) {
          write(i, theta);
          heights[i] = network.loss(theta);
        }
      }
      return performance.now() - start;
    },
  };
}
