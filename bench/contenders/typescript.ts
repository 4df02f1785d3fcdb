import { createNetwork } from '../../src/model/network.ts';
import type { Contender } from '../contest.ts';
import { type Setting, startsOf } from '../problems.ts';

const label = 'TypeScript loop';

/** Gradient descent as one would write it down: the readable network of src/model and an update loop, flow after flow. */
export function descentLoop(setting: Setting, count: number): Contender {
  const { problem, stepSize } = setting;
  const network = createNetwork(problem);
  const gradient = new Float64Array(network.size);
  const starts = startsOf(setting, count).parameters;
  return {
    label,
    async run(steps) {
      const start = performance.now();
      for (let flow = 0; flow < count; flow++) {
        const theta = starts.slice(flow * network.size, (flow + 1) * network.size);
        for (let step = 0; step < steps; step++) {
          network.gradient(theta, gradient);
          for (let i = 0; i < theta.length; i++) theta[i] = theta[i]! - stepSize * gradient[i]!;
        }
      }
      return performance.now() - start;
    },
  };
}

/** Hessian-vector products one after another, the rows of `hessianVectorProducts` of engine.ts. */
export function hessianVectorLoop(setting: Setting, rows: number): Contender {
  const network = createNetwork(setting.problem);
  const { parameters } = startsOf(setting, rows + 1);
  const row = (i: number) => parameters.subarray(i * network.size, (i + 1) * network.size);
  const out = new Float64Array(network.size);
  return {
    label,
    async run(times) {
      const start = performance.now();
      for (let i = 0; i < times; i++) {
        for (let r = 0; r < rows; r++) network.hessianVectorProduct(row(r), row(r + 1), out);
      }
      return performance.now() - start;
    },
  };
}
