import type { FlowPlan } from '../flow/plan.ts';
import type { Problem } from '../model/problem.ts';
import type { Probes } from './calibration/calibrate.ts';
import { INSTANT, SLOW_PROCESSOR, type Speed } from './calibration/speed.ts';
import type { Engine, EngineKind } from './engine.ts';
import { cpuOnly } from './layered.ts';
import { withFewSamples } from './specimen.ts';
import { type DeviceResult, obtainDevice } from './webgpu/device.ts';
import { SMALLEST_TOLERANCE } from './webgpu/dispatch.ts';
import { deviceProfile, SOFTWARE } from './webgpu/kernel-context.ts';
import { selfTest } from './webgpu/self-test.ts';
import { createWebGpuEngine } from './webgpu/webgpu-engine.ts';

/** An engine of this machine. */
export interface Available {
  readonly engine: Engine;
  /** null when it computes what the cpu engine computes for this problem and plan, else one clause. Never throws. */
  check(problem: Problem, plan: FlowPlan): Promise<string | null>;
  /** Why 'auto' passes over it, in a clause; absent: it does not. */
  readonly passedOver?: string;
}

/** An engine, or one clause on why this machine has none. */
export type Created = Available | { readonly reason: string };

/** An engine that may be chosen. */
export interface Candidate {
  readonly kind: EngineKind;
  /** Name shown to people. */
  readonly label: string;
  /** null, or why it runs the problem and the plan on no machine, in a clause: then it need not be created. */
  refuses(problem: Problem, plan: FlowPlan): string | null;
  /** Creates it on first use; later calls give the same one. */
  create(): Promise<Created>;
  /** What it is timed on. */
  readonly probes: Probes;
  /** The speed that is taken for granted while it makes a run short; null: every run waits for a measurement. */
  readonly assumed: Speed | null;
  /** A speed that no machine exceeds: where even this is too slow, the engine is not asked. */
  readonly atBest: Speed;
  /** A clause on what it makes of a plan, with a comma before it; else empty. */
  note(plan: FlowPlan): string;
}

/** Where the engines come from; tests bring their own. */
export interface EngineSources {
  readonly cpu: Engine;
  /** Obtains the WebGPU device; default `obtainDevice`. */
  readonly probe?: () => Promise<DeviceResult>;
  /** Changes every WebGPU shader before it is compiled. */
  readonly transformShader?: (source: string) => string;
}

/** Every engine, in the order in which 'auto' asks them. A new engine is one entry. */
export function engineCandidates({
  cpu,
  probe = obtainDevice,
  transformShader,
}: EngineSources): readonly Candidate[] {
  return [
    {
      kind: 'cpu',
      label: 'The processor',
      refuses: () => null,
      create: async () => ({ engine: cpu, check: async () => null }),
      probes: { small: [[4, 8, 3], 8], large: [[16, 48, 8], 64], flows: 8, steps: 1 },
      assumed: SLOW_PROCESSOR,
      atBest: INSTANT,
      note: () => '',
    },
    {
      kind: 'webgpu',
      label: 'WebGPU',
      refuses: cpuOnly,
      create: once(async () => {
        const found = await probe();
        if (!found.device) return found;
        const { device, info } = found;
        const engine = createWebGpuEngine(device, { info, ...(transformShader && { transformShader }) });
        return {
          engine,
          check: (problem, plan) => selfTest(engine, cpu, withFewSamples(problem), plan),
          ...(deviceProfile(info) === SOFTWARE && { passedOver: 'a software adapter' }),
        };
      }),
      probes: { small: [[4, 8, 3], 8], large: [[16, 48, 8], 64], flows: 8, steps: 64 },
      assumed: null,
      // Some ten barriers per step; one workgroup computes one flow.
      atBest: { step: 2e-6, multiplyAdd: 1e-12, flowStep: 0, flowMultiplyAdd: 1e-14 },
      note: (plan) =>
        plan.kind === 'adaptive' && plan.tolerance < SMALLEST_TOLERANCE
          ? `, tolerance ${SMALLEST_TOLERANCE.toExponential()}: float32 resolves no less`
          : '',
    },
    {
      kind: 'tfjs',
      label: 'TensorFlow.js',
      refuses: cpuOnly,
      create: once(loadTfjs),
      probes: { small: [[4, 8, 3], 8], large: [[256, 64, 10], 256], flows: 2, steps: 1 },
      assumed: null,
      // Some twenty operations per step, each called from JavaScript.
      atBest: { step: 2e-4, multiplyAdd: 1e-14, flowStep: 0, flowMultiplyAdd: 1e-14 },
      note: () => '',
    },
  ];
}

async function loadTfjs(): Promise<Created> {
  const { createTfjsEngine } = await import('./tfjs/tfjs-engine.ts');
  const created = await createTfjsEngine();
  return 'engine' in created ? { engine: created.engine, check: created.engine.check } : created;
}

/** Runs once, for all callers; a rejection is not kept. */
function once<T>(run: () => Promise<T>): () => Promise<T> {
  let result: Promise<T> | null = null;
  return () => {
    result ??= run().catch((error) => {
      result = null;
      throw error;
    });
    return result;
  };
}
