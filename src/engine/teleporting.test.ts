import { describe, expect, it } from 'vitest';
import { jumpPoints, recordedWith } from '../flow/jump-points.ts';
import type { FlowPlan } from '../flow/plan.ts';
import { explicitSchedule, timeSchedule } from '../flow/record.ts';
import { genericStart, relativeError, solveFlow, teacherProblem } from '../flow/testing/flows.ts';
import { createLoss } from '../model/network.ts';
import type { Problem } from '../model/problem.ts';
import type { TeleportationPlan, TeleportationSchedule } from '../symmetry/teleportation/options.ts';
import { createCpuEngine } from './cpu/cpu-engine.ts';
import { createPooledEngine } from './cpu/pool/pooled-engine.ts';
import { inProcessWorkers } from './cpu/pool/testing/in-process.ts';
import { type Engine, EngineLostError } from './engine.ts';
import { flowWithFailover } from './failover.ts';
import { type TeleportingOptions, teleportingFlow } from './teleporting.ts';
import { batchFrom, defaultOptions, jumpBy, tellFlows } from './testing/teleporting.ts';
import { engineOn } from './tfjs/testing/engines.ts';
import { deviceTest } from './webgpu/testing/with-device.ts';
import { createWebGpuEngine } from './webgpu/webgpu-engine.ts';

const problem = teacherProblem({ kind: 'mlp', widths: [3, 4, 2], activation: 'linear', bias: false }, 1);
const starts = [1, 2, 3].map((seed) => genericStart(problem.architecture, seed));
const cpu = createCpuEngine();
const STEP = 0.01;

const fixed: FlowPlan = {
  kind: 'fixed-step',
  integrator: 'gradient-descent',
  stepSize: STEP,
  steps: 60,
  record: explicitSchedule([0, 5, 10, 30, 60]),
  stop: {},
};
const adaptive: FlowPlan = {
  kind: 'adaptive',
  integrator: 'dormand-prince',
  tolerance: 1e-8,
  time: 3,
  record: timeSchedule(3, 7, 'linear'),
  stop: {},
};

const plan = (schedule: TeleportationSchedule): TeleportationPlan => ({ schedule, options: defaultOptions });
const at = (...steps: number[]): TeleportationPlan => plan({ kind: 'at', steps });
const below = (bound: number, limit: number): TeleportationPlan =>
  plan({ kind: 'when-gradient-norm-below', bound, limit });

const stay = jumpBy((theta) => theta.slice());

/** All flows on the cpu engine, the points of the jumps recorded. */
const teleported = (
  teleportation: TeleportationPlan,
  options: TeleportingOptions = {},
  flow: FlowPlan = fixed,
  engine: Engine = cpu,
  of: Problem = problem,
) => {
  const recorded = { ...flow, record: recordedWith(flow, jumpPoints(flow, teleportation.schedule)) };
  const chunks = teleportingFlow(engine.flow, of, batchFrom(starts), recorded, teleportation, options);
  return tellFlows(chunks, starts.length);
};

const gradientNorm = (theta: Float64Array): number => {
  const gradient = new Float64Array(theta.length);
  createLoss(problem).gradient(theta, gradient);
  return Math.hypot(...gradient);
};

/** One step of gradient descent. */
const stepFrom = (theta: Float64Array): Float64Array => {
  const gradient = new Float64Array(theta.length);
  createLoss(problem).gradient(theta, gradient);
  return theta.map((x, i) => x - STEP * gradient[i]!);
};

/** Jumps where cpu does, ends where cpu does, and records what cpu records. */
async function asOnCpu(engine: Engine): Promise<void> {
  const reference = await teleported(at(0, 7, 30));
  const flows = await teleported(at(0, 7, 30), {}, fixed, engine);
  flows.forEach(({ step, parameters, jumps }, i) => {
    expect(step).toEqual(reference[i]!.step);
    expect(jumps.map((jump) => jump.step)).toEqual([0, 7, 30]);
    expect(relativeError(parameters.at(-1)!, reference[i]!.parameters.at(-1)!)).toBeLessThan(1e-3);
  });
  const coarse = { ...adaptive, tolerance: 1e-6 };
  const times = plan({ kind: 'at-time', times: [0.7, 1.5, 3] });
  const expected = await teleported(times, {}, coarse);
  (await teleported(times, {}, coarse, engine)).forEach(({ time, jumps, parameters, outcome }, i) => {
    expect(relativeError(Float64Array.from(time), Float64Array.from(expected[i]!.time))).toBeLessThan(1e-6);
    expect(jumps.map((jump) => jump.time)).toEqual([0.7, 1.5, 3]);
    expect(parameters.at(-1)).toEqual(jumps[2]!.jump.to);
    expect(outcome!.kind).toBe('completed');
  });
  const long = { ...fixed, steps: 400, record: explicitSchedule([0, 200, 400]) };
  const falling = await teleported(below(0.3, 2), {}, long, engine);
  for (const { step, jumps } of falling) {
    expect(step).toEqual([0, 200, 400]);
    expect(jumps.length).toBeGreaterThan(0);
  }
}

describe('teleporting at steps', () => {
  it('is the plain flow, bit for bit, where no jump moves anything', async () => {
    for (const integrator of ['gradient-descent', 'rk4'] as const) {
      const flow = { ...fixed, integrator };
      const teleportation = at(0, 7, 30, 60);
      const flows = await teleported(teleportation, { teleport: stay }, flow);
      const record = recordedWith(flow, jumpPoints(flow, teleportation.schedule));
      const plain = await tellFlows(cpu.flow(problem, batchFrom(starts), { ...flow, record }), starts.length);
      expect(flows.map(({ jumps: _, ...rest }) => rest)).toEqual(plain.map(({ jumps: _, ...rest }) => rest));
      for (const { jumps } of flows) expect(jumps.map(({ step }) => step)).toEqual([0, 7, 30, 60]);
    }
  });

  it('takes step k + 1 from where the jump after k steps went', async () => {
    const flow = { ...fixed, record: explicitSchedule([0, 6, 7, 8, 60]) };
    const flows = await teleported(at(7), {}, flow);
    for (const { step, parameters, jumps, loss } of flows) {
      expect(step).toEqual([0, 6, 7, 8, 60]);
      const { jump } = jumps[0]!;
      expect(relativeError(jump.from, stepFrom(parameters[1]!))).toBeLessThan(1e-15);
      expect(parameters[2]).toEqual(jump.to);
      expect(relativeError(parameters[3]!, stepFrom(jump.to))).toBeLessThan(1e-15);
      expect(loss[2]! / jump.before.loss - 1).toBeCloseTo(0, 10);
      expect(gradientNorm(jump.to)).toBeGreaterThan(1.01 * gradientNorm(jump.from));
      expect(jump.after.conserved[0]).not.toBeCloseTo(jump.before.conserved[0]!, 3);
    }
  });

  it('jumps at the start before anything is recorded, and after the last step', async () => {
    const flows = await teleported(at(0, 60));
    flows.forEach(({ step, jumps, parameters, outcome }, i) => {
      expect(step).toEqual([0, 5, 10, 30, 60]);
      expect(jumps[0]!.jump.from).toEqual(starts[i]);
      expect(parameters[0]).toEqual(jumps[0]!.jump.to);
      expect(parameters.at(-1)).toEqual(jumps[1]!.jump.to);
      expect(outcome!.kind).toBe('completed');
    });
  });

  it('jumps every k steps, but not after the last', async () => {
    for (const { jumps, step } of await teleported(plan({ kind: 'every', steps: 20 }))) {
      expect(jumps.map((jump) => jump.step)).toEqual([20, 40]);
      expect(step).toEqual([0, 5, 10, 20, 30, 40, 60]);
    }
  });

  it('repeats itself bit for bit', async () => {
    expect(await teleported(at(3, 9))).toEqual(await teleported(at(3, 9)));
  });

  it('refuses steps of an adaptive flow', async () => {
    await expect(async () => teleported(at(3), {}, adaptive)).rejects.toThrow('jump at times');
  });
});

describe('teleporting at times', () => {
  it('records every flow at the same times, those of the jumps included', async () => {
    for (const [flow, ...times] of [
      [adaptive, 0, 0.7, 1.5],
      [fixed, 0, 0.201, 0.4],
    ] as const) {
      const flows = await teleported(plan({ kind: 'at-time', times }), {}, flow);
      for (const { time, jumps, parameters } of flows) {
        expect(time).toEqual(flows[0]!.time);
        jumps.forEach((jump, j) => {
          expect(Math.abs(jump.time - times[j]!)).toBeLessThan(0.0011);
          expect(parameters[time.indexOf(jump.time)]).toEqual(jump.jump.to);
        });
        expect(jumps).toHaveLength(3);
      }
    }
  });

  it('follows the flow to the tolerance where no jump moves anything', async () => {
    const flows = await teleported(
      plan({ kind: 'at-time', times: [0.7, 1.5] }),
      { teleport: stay },
      adaptive,
    );
    flows.forEach(({ parameters, time }, i) => {
      expect(time.at(-1)).toBe(3);
      const plain = solveFlow(problem, adaptive, starts[i]!);
      expect(relativeError(parameters.at(-1)!, plain.final)).toBeLessThan(1e-6);
    });
  });
});

describe('teleporting when the gradient norm falls', () => {
  const bound = 0.3;

  it('jumps each time it falls to the bound, and records nothing in between', async () => {
    const flows = await teleported(
      below(bound, 3),
      {},
      { ...fixed, stepSize: 0.002, steps: 9000, record: explicitSchedule([0, 5000, 9000]) },
    );
    expect(flows.some(({ jumps }) => jumps.length > 1)).toBe(true);
    for (const { step, jumps } of flows) {
      expect(step).toEqual([0, 5000, 9000]);
      expect(jumps.length).toBeLessThanOrEqual(3);
      for (const { jump } of jumps) {
        expect(gradientNorm(jump.from)).toBeLessThanOrEqual(bound);
        expect(gradientNorm(jump.to)).toBeGreaterThan(gradientNorm(jump.from));
      }
    }
  });

  it('does not jump again until the norm rose above the bound', async () => {
    const flow = { ...fixed, steps: 400 };
    const flows = await teleported(below(bound, 3), { teleport: stay }, flow);
    const plain = await tellFlows(cpu.flow(problem, batchFrom(starts), flow), 3);
    flows.forEach(({ jumps, ...rest }, i) => {
      expect(jumps).toHaveLength(1);
      const { jumps: _, ...without } = plain[i]!;
      expect(rest).toEqual(without);
    });
  });

  it('jumps again once it has risen, as far as the limit', async () => {
    // Every jump goes back to the start, whose norm is above the bound.
    let calls = 0;
    const back = jumpBy(() => {
      calls++;
      return starts[0]!.slice();
    });
    const flow = { ...fixed, steps: 2000, record: explicitSchedule([0, 2000]) };
    const flows = await teleported(below(bound, 4), { teleport: back }, flow);
    expect(calls).toBe(12);
    for (const { jumps } of flows) expect(new Set(jumps.map(({ step }) => step)).size).toBe(4);
  });

  it('heeds the stop rule of the plan', async () => {
    const stop = { gradientNorm: 1e-3 };
    const flow = { ...fixed, steps: 5000, record: explicitSchedule([0, 5000]), stop };
    for (const { jumps, outcome, gradientNorm } of await teleported(below(bound, 1), {}, flow)) {
      expect(jumps).toHaveLength(1);
      expect(outcome!.kind).toBe('converged');
      expect(gradientNorm.at(-1)).toBeLessThanOrEqual(1e-3);
    }
    // Flows that stop before they come to the bound do not jump.
    const flows = await teleported(below(1e-6, 1), {}, flow);
    for (const { jumps } of flows) expect(jumps).toHaveLength(0);
  });

  it('jumps from the start where the norm is below the bound there', async () => {
    for (const { step, jumps, parameters } of await teleported(below(1e6, 1))) {
      expect(jumps.map((jump) => jump.step)).toEqual([0]);
      expect(step).toEqual([0, 5, 10, 30, 60]);
      expect(parameters[0]).toEqual(jumps[0]!.jump.to);
    }
  });
});

describe('a run of flows that teleport', () => {
  it('is cancelled during a leg and between jumps', async () => {
    const long = { ...fixed, steps: 1e9, record: explicitSchedule([0]) };
    for (const cancelAt of ['leg', 'jump'] as const) {
      const abort = new AbortController();
      let jumps = 0;
      const teleport: NonNullable<TeleportingOptions['teleport']> = function* (...args) {
        const taken = yield* stay(...args);
        if (++jumps === 2 && cancelAt === 'jump') abort.abort();
        return taken;
      };
      const chunks = teleportingFlow(cpu.flow, problem, batchFrom(starts), long, at(5, 1e8), {
        signal: abort.signal,
        teleport,
      });
      const flows = await tellFlows(chunks, 3, ({ steps }) => {
        if (jumps === 3 && steps > 0) abort.abort();
      });
      expect(flows.map(({ outcome }) => outcome!.kind)).toEqual(['cancelled', 'cancelled', 'cancelled']);
      if (cancelAt === 'jump') {
        expect(flows.map((flow) => flow.jumps.length)).toEqual([1, 1, 0]);
        // The last state is recorded of all: it lies before the jump of the third.
        expect(flows.map(({ step }) => step)).toEqual([
          [0, 5],
          [0, 5],
          [0, 5],
        ]);
      } else expect(flows[0]!.step.at(-1)).toBeGreaterThan(5);
    }
  });

  it('is cancelled within a jump, which is then not taken', async () => {
    const abort = new AbortController();
    let clock = 0;
    let pieces = 0;
    const teleport: NonNullable<TeleportingOptions['teleport']> = function* (...args) {
      for (; pieces < 1000; pieces++) {
        clock += 10;
        yield;
      }
      return yield* stay(...args);
    };
    const chunks = teleportingFlow(cpu.flow, problem, batchFrom(starts), fixed, at(5), {
      signal: abort.signal,
      teleport,
      now: () => clock,
      pause: async () => {
        if (pieces > 20) abort.abort();
      },
    });
    const flows = await tellFlows(chunks, 3);
    expect(pieces).toBeLessThan(30);
    expect(flows.map(({ outcome }) => outcome!.kind)).toEqual(['cancelled', 'cancelled', 'cancelled']);
    expect(flows.flatMap(({ jumps }) => jumps)).toEqual([]);
  });

  it('pauses between jumps that take long', async () => {
    let clock = 0;
    let pauses = 0;
    const teleport: NonNullable<TeleportingOptions['teleport']> = function* (...args) {
      const taken = yield* stay(...args);
      clock += 10;
      return taken;
    };
    const sizes: number[] = [];
    await tellFlows(
      teleportingFlow(cpu.flow, problem, batchFrom([...starts, ...starts]), fixed, at(5), {
        teleport,
        now: () => clock,
        pause: async () => {
          pauses++;
        },
      }),
      6,
      ({ jumps = [] }) => jumps.length > 0 && sizes.push(jumps.length),
    );
    expect(sizes).toEqual([2, 2, 2]);
    expect(pauses).toBe(3);
  });

  it('goes on with the engine that is there after a failover, as if nothing had been', async () => {
    let calls = 0;
    const choice = {
      engine: {
        ...cpu,
        async *flow(...run) {
          if (++calls > 1) throw new EngineLostError('it broke');
          yield* cpu.flow(...run);
        },
      } as Engine,
      reason: '',
      seconds: null,
    };
    let present = choice;
    const engine: Engine = {
      ...cpu,
      flow: (...[of, batch, flow, signal]) =>
        flowWithFailover(present, cpu, of, batch, flow, signal, () => {
          present = { ...choice, engine: cpu };
        }),
    };
    expect(await teleported(at(5, 20), {}, fixed, engine)).toEqual(await teleported(at(5, 20)));
    expect(calls).toBe(2);
  });

  it('gives the same bits whatever the number of threads', async () => {
    const { spawn } = inProcessWorkers(() => createCpuEngine());
    const pooled = createPooledEngine(createCpuEngine(), spawn, 3, () => {});
    expect(await teleported(at(0, 7, 30), {}, fixed, pooled)).toEqual(await teleported(at(0, 7, 30)));
    pooled.dispose();
  });

  it('runs on tfjs as on cpu, to float32', async () => {
    const engine = await engineOn('cpu');
    await asOnCpu(engine);
    engine.dispose();
  });

  deviceTest('runs on webgpu as on cpu, to float32', async (device) => {
    const engine = createWebGpuEngine(device);
    await asOnCpu(engine);
    engine.dispose();
  });
});
