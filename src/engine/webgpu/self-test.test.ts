import { describe, expect } from 'vitest';
import type { FlowPlan } from '../../flow/plan.ts';
import { explicitSchedule, timeSchedule } from '../../flow/record.ts';
import { teacherProblem } from '../../flow/testing/flows.ts';
import { createCpuEngine } from '../cpu/cpu-engine.ts';
import type { Engine } from '../engine.ts';
import { layerActivationNames } from '../layered.ts';
import { selfTest } from './self-test.ts';
import { withoutCompensation } from './testing/compensation.ts';
import { deviceTest } from './testing/with-device.ts';
import { createWebGpuEngine } from './webgpu-engine.ts';

const cpu = createCpuEngine();
const record = explicitSchedule([0, 100]);
const plans: readonly FlowPlan[] = [
  { kind: 'fixed-step', integrator: 'gradient-descent', stepSize: 0.1, steps: 100, record, stop: {} },
  { kind: 'fixed-step', integrator: 'rk4', stepSize: 0.1, steps: 100, record, stop: { gradientNorm: 1e-3 } },
  {
    kind: 'adaptive',
    integrator: 'dormand-prince',
    tolerance: 1e-8,
    time: 10,
    record: timeSchedule(10, 4, 'log'),
    stop: { gradientNorm: 1e-3 },
  },
  { kind: 'adaptive', integrator: 'dormand-prince', tolerance: 1e-6, time: 10, record, stop: {} },
];
const problem = teacherProblem({ kind: 'mlp', widths: [3, 4, 2], activation: 'tanh', bias: true }, 1);

/**
 * Statements whose loss changes nothing that can be seen here: the four lanes of a software adapter need no barrier and
 * its workgroups may run one after another; the last digits of the time; what follows a rejected step, which these flows
 * do not have; the end of flows that fail; and the last step, after which no size matters.
 */
const HARMLESS = [
  /Barrier/,
  /^scratchHome =/,
  /^(return|break|continue);$/,
  /broken = /,
  /bitcast<u32>\(clock\.time/,
  /^clock\.timeLow /,
  /^clock\.(warm|rejected) /,
  /^clock\.status = 4u/,
  /^clock\.size = max\(next/,
];

describe('the self-test', () => {
  deviceTest('passes every activation and plan', async (device) => {
    const engine = createWebGpuEngine(device);
    for (const activation of layerActivationNames) {
      const variant = { ...problem, architecture: { ...problem.architecture, activation } };
      for (const plan of plans.slice(0, activation === 'relu' || activation === 'squash' ? 4 : 1)) {
        expect(await selfTest(engine, cpu, variant, plan)).toBeNull();
      }
    }
  });

  deviceTest('says when the compiler cancels the compensated updates', async (device) => {
    const engine = createWebGpuEngine(device, { transformShader: withoutCompensation });
    for (const plan of plans) {
      expect(await selfTest(engine, cpu, problem, plan)).toBe(
        "this adapter's compiler cancels the compensated updates, so small steps would be lost",
      );
    }
  });

  for (const name of ['loss', 'gradient', 'Hessian-vector product'] as const) {
    deviceTest(`says when the ${name} is wrong`, async (device) => {
      const engine = createWebGpuEngine(device);
      const method = name === 'Hessian-vector product' ? 'hessianVectorProduct' : name;
      const wrong: Engine = {
        ...engine,
        [method]: async (...rows: Parameters<Engine['hessianVectorProduct']>) =>
          (await engine[method](...rows)).map((value) => 1.01 * value),
      };
      expect(await selfTest(wrong, cpu, problem, plans[0]!)).toBe(`its ${name} is 1 % off the cpu`);
    });
  }

  for (const [plan, every] of [
    [plans[0]!, 3],
    [plans[3]!, 5],
  ] as const) {
    deviceTest(
      `fails when a line of the ${plan.integrator} kernel is missing (one in ${every})`,
      async (device) => {
        let kernel = '';
        const watching = createWebGpuEngine(device, {
          transformShader: (source) => {
            if (source.includes('fn advance')) kernel = source;
            return source;
          },
        });
        expect(await selfTest(watching, cpu, problem, plan)).toBeNull();
        const lines = kernel.split('\n');
        const statements = lines.flatMap((line, i) => {
          const text = line.trim();
          const acts = /;$/.test(text) && !/^(let|const|var|@group)/.test(text);
          return acts && !HARMLESS.some((pattern) => pattern.test(text)) ? [i] : [];
        });
        expect(statements.length).toBeGreaterThan(30);
        for (const missing of statements.filter((_, i) => i % every === 0)) {
          const without = lines.filter((_, i) => i !== missing).join('\n');
          const engine = createWebGpuEngine(device, {
            transformShader: (source) => (source === kernel ? without : source),
          });
          expect(await selfTest(engine, cpu, problem, plan), lines[missing]).not.toBeNull();
        }
      },
    );
  }

  deviceTest('fails when a line of a radial activation is missing, in any kernel', async (device) => {
    // Two hidden layers: delta of the first is not needed for Hessian-vector products.
    const radial = teacherProblem({ kind: 'mlp', widths: [3, 4, 3, 2], activation: 'squash', bias: true }, 1);
    const sources = new Set<string>();
    const watching = createWebGpuEngine(device, {
      transformShader: (source) => {
        sources.add(source);
        return source;
      },
    });
    expect(await selfTest(watching, cpu, radial, plans[0]!)).toBeNull();
    const mutants = [...sources].flatMap((source) => {
      // The same statement in every layer.
      const statement = (line: string) => line.trim().replace(/\d+u/g, 'u');
      const lines = source.split('\n');
      const radials = lines
        .map(statement)
        .filter((text) => /^(zz|zu|zrz|urz|zru) \+= |= lambda \* /.test(text));
      return [...new Set(radials)].map((missing) => ({
        source,
        missing,
        mutant: lines.filter((line) => statement(line) !== missing).join('\n'),
      }));
    });
    expect(sources.size).toBe(4);
    expect(mutants.length).toBeGreaterThan(15);
    for (const { source, missing, mutant } of mutants) {
      const engine = createWebGpuEngine(device, {
        transformShader: (original) => (original === source ? mutant : original),
      });
      expect(await selfTest(engine, cpu, radial, plans[0]!), missing).not.toBeNull();
    }
  });
});
