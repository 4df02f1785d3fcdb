import { describe, expect, it } from 'vitest';
import type { FlowPlan } from '../flow/plan.ts';
import { explicitSchedule } from '../flow/record.ts';
import { teacherProblem } from '../flow/testing/flows.ts';
import { createEngineChooser } from './choose.ts';
import { createCpuEngine } from './cpu/cpu-engine.ts';
import type { DeviceResult } from './webgpu/device.ts';
import { deviceTest } from './webgpu/testing/with-device.ts';

const problem = teacherProblem({ kind: 'mlp', widths: [3, 4, 2], activation: 'tanh', bias: false }, 1);
const large = teacherProblem({ kind: 'mlp', widths: [100, 100, 10], activation: 'tanh', bias: false }, 1);
const plan: FlowPlan = {
  kind: 'fixed-step',
  integrator: 'gradient-descent',
  stepSize: 0.1,
  steps: 100,
  record: explicitSchedule([0]),
  stop: {},
};
const cpu = createCpuEngine();

describe('choosing an engine', () => {
  it('takes the cpu when told to, or without an adapter, asked for once', async () => {
    let asked = 0;
    const probe = async (): Promise<DeviceResult> => {
      asked++;
      return { device: null, reason: 'no WebGPU adapter' };
    };
    const chooser = createEngineChooser({ cpu, probe });
    expect(await chooser.choose('cpu', problem, plan)).toEqual({ engine: cpu, reason: 'chosen by you' });
    expect(asked).toBe(0);
    for (const preference of ['auto', 'webgpu'] as const) {
      expect(await chooser.choose(preference, problem, plan)).toEqual({
        engine: cpu,
        reason: 'no WebGPU adapter',
      });
    }
    expect(asked).toBe(1);
  });

  it('passes over a driver that does not answer', async () => {
    const probe = () => new Promise<DeviceResult>(() => {});
    const chooser = createEngineChooser({ cpu, probe, patience: 20 });
    expect(await chooser.choose('auto', problem, plan)).toEqual({
      engine: cpu,
      reason: 'WebGPU did not answer within 0.02 s',
    });
  });

  deviceTest('takes WebGPU where the problem fits and the self-test passes, and says why', async (device) => {
    const probe = async (): Promise<DeviceResult> => ({ device, info: device.adapterInfo });
    const chooser = createEngineChooser({ cpu, probe });
    const auto = await chooser.choose('auto', problem, plan);
    expect(auto.engine.kind).toBe('webgpu');
    expect(auto.reason).toBe(`WebGPU adapter ${auto.engine.device}`);
    expect(await chooser.choose('webgpu', problem, plan)).toEqual({
      engine: auto.engine,
      reason: 'chosen by you',
    });
    const fine: FlowPlan = {
      kind: 'adaptive',
      integrator: 'dormand-prince',
      tolerance: 1e-8,
      time: 1,
      record: explicitSchedule([0]),
      stop: {},
    };
    expect((await chooser.choose('auto', problem, fine)).reason).toContain('tolerance 1e-6');
    const refused = await chooser.choose('webgpu', large, plan);
    expect(refused.engine).toBe(cpu);
    expect(refused.reason).toMatch(
      /^WebGPU: the 11000 parameters of 100-100-10 do not fit in workgroup memory/,
    );
  });

  deviceTest('falls back when a line of a shader is missing', async (device) => {
    const probe = async (): Promise<DeviceResult> => ({ device, info: device.adapterInfo });
    const withoutUpdate = (source: string) => source.replace(/^.*\bstate\[at\] = .*\n/m, '');
    const chooser = createEngineChooser({ cpu, probe, transformShader: withoutUpdate });
    const { engine, reason } = await chooser.choose('auto', problem, plan);
    expect(engine).toBe(cpu);
    expect(reason).toMatch(/^self-test failed: /);
  });

  deviceTest('falls back once the device is lost', async (device) => {
    const probe = async (): Promise<DeviceResult> => ({ device, info: device.adapterInfo });
    const chooser = createEngineChooser({ cpu, probe });
    expect((await chooser.choose('auto', problem, plan)).engine.kind).toBe('webgpu');
    device.destroy();
    await device.lost;
    const { engine, reason } = await chooser.choose('auto', problem, plan);
    expect(engine).toBe(cpu);
    expect(reason).toMatch(/^WebGPU: the WebGPU device was lost/);
  });
});
