import type { Engine } from '../../src/engine/engine.ts';
import type { Contender } from '../contest.ts';
import { descent, type Setting, startsOf } from '../problems.ts';

/** Gradient descent of `count` flows in an engine, at least `least` steps; a unit of work is one step of all of them. */
export function flows(engine: Engine, setting: Setting, count: number, least = 1): Contender {
  const label = engine.kind;
  const batch = startsOf(setting, count);
  return {
    label,
    least,
    async run(steps) {
      const start = performance.now();
      let taken = 0;
      for await (const chunk of engine.flow(setting.problem, batch, descent(setting, steps))) {
        taken += chunk.steps;
        const unfinished = chunk.ended.find(({ outcome }) => outcome.kind !== 'completed');
        if (unfinished) throw new Error(`${label}: a flow ended as ${unfinished.outcome.kind}.`);
      }
      const milliseconds = performance.now() - start;
      if (taken !== steps * count) throw new Error(`${label}: ${taken} steps of ${steps * count}.`);
      return milliseconds;
    },
  };
}

/** One Hessian-vector product per row of `rows` starts, along the next start; a unit of work is all rows. */
export function hessianVectorProducts(engine: Engine, setting: Setting, rows: number): Contender {
  const { parameters } = startsOf(setting, rows);
  const vectors = startsOf(setting, rows + 1).parameters.subarray(-parameters.length);
  return {
    label: engine.kind,
    async run(times) {
      const start = performance.now();
      for (let i = 0; i < times; i++) {
        await engine.hessianVectorProduct(setting.problem, parameters, vectors);
      }
      return performance.now() - start;
    },
  };
}
