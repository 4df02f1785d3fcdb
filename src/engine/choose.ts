import type { FlowPlan } from '../flow/plan.ts';
import type { Problem } from '../model/problem.ts';
import { createCpuEngine } from './cpu/cpu-engine.ts';
import type { Engine, EngineChoice, EngineKind } from './engine.ts';
import { type DeviceResult, obtainDevice } from './webgpu/device.ts';
import { SMALLEST_TOLERANCE } from './webgpu/dispatch.ts';
import { selfTest } from './webgpu/self-test.ts';
import { createWebGpuEngine } from './webgpu/webgpu-engine.ts';

/** What the user asks for. */
export type EnginePreference = 'auto' | 'cpu' | 'webgpu' | 'tfjs';

/** What tests may take into their own hands. */
export interface EngineChooserOptions {
  /** The reference, which always runs; default a new one. */
  readonly cpu?: Engine;
  /** Obtains the device; default `obtainDevice`. */
  readonly probe?: () => Promise<DeviceResult>;
  /** Changes every shader before it is compiled. */
  readonly transformShader?: (source: string) => string;
  /** Milliseconds that an engine has to show that it works; default `PATIENCE`. */
  readonly patience?: number;
}

/** A driver that has not answered by then (an overloaded or hung one) is passed over for this run. */
const PATIENCE = 10_000;

/** Decides which engine runs a problem, and says why. Keeps the device, the engines and the verdicts of self-tests. */
export interface EngineChooser {
  /** Never throws: what cannot run falls back to the cpu, with the reason. */
  choose(preference: EnginePreference, problem: Problem, plan: FlowPlan): Promise<EngineChoice>;
}

/** An engine that a machine may lack: created on first use, tested before the first use of a kind of problem. */
interface Accelerator {
  readonly kind: EngineKind;
  readonly label: string;
  create(): Promise<{ readonly engine: Engine } | { readonly reason: string }>;
  /** A note on what the engine makes of a plan, else empty. */
  note(plan: FlowPlan): string;
}

/** Builds the chooser. */
export function createEngineChooser(options: EngineChooserOptions = {}): EngineChooser {
  const { cpu = createCpuEngine(), probe = obtainDevice, transformShader, patience = PATIENCE } = options;

  /** In the order in which 'auto' tries them. A new engine is one entry. */
  const accelerators: readonly Accelerator[] = [
    {
      kind: 'webgpu',
      label: 'WebGPU',
      create: once(async () => {
        const found = await probe();
        if (!found.device) return found;
        const { device, info } = found;
        return { engine: createWebGpuEngine(device, { info, ...(transformShader && { transformShader }) }) };
      }),
      note: (plan) =>
        plan.kind === 'adaptive' && plan.tolerance < SMALLEST_TOLERANCE
          ? `, tolerance ${SMALLEST_TOLERANCE.toExponential()}: float32 resolves no less`
          : '',
    },
  ];
  const verdicts = new Map<string, Promise<string | null>>();

  /** The engine, or why it cannot run the problem. */
  async function attempt(
    accelerator: Accelerator,
    problem: Problem,
    plan: FlowPlan,
  ): Promise<{ readonly engine: Engine } | { readonly reason: string }> {
    const created = await accelerator.create();
    if (!('engine' in created)) return created;
    const { engine } = created;
    const objection = engine.unsupported(problem, plan);
    if (objection) return { reason: `${accelerator.label}: ${objection}` };
    const key = `${accelerator.kind} ${kernelKey(problem, plan)}`;
    const verdict = verdicts.get(key) ?? selfTest(engine, cpu, problem, plan);
    verdicts.set(key, verdict);
    const failure = await verdict;
    return failure === null ? { engine } : { reason: `self-test failed: ${failure}` };
  }

  return {
    async choose(preference, problem, plan) {
      if (preference === 'cpu') return { engine: cpu, reason: 'chosen by you' };
      const candidates = accelerators.filter(({ kind }) => preference === 'auto' || preference === kind);
      let refusal: string | null = null;
      for (const accelerator of candidates) {
        const result = await within(patience, attempt(accelerator, problem, plan), {
          reason: `${accelerator.label} did not answer within ${patience / 1000} s`,
        });
        if ('engine' in result) {
          const { engine } = result;
          const why =
            preference === 'auto' ? `${accelerator.label} adapter ${engine.device}` : 'chosen by you';
          return { engine, reason: why + accelerator.note(plan) };
        }
        refusal ??= result.reason;
      }
      return { engine: cpu, reason: refusal ?? 'no other engine' };
    },
  };
}

/** Problems and plans with the same key run the same kernels. */
function kernelKey({ architecture, dataset, loss }: Problem, plan: FlowPlan): string {
  const stops = plan.stop.gradientNorm !== undefined;
  return JSON.stringify([architecture, dataset.samples, loss, plan.integrator, plan.record.by, stops]);
}

/** The value of a promise, or `otherwise` when it takes longer than `milliseconds`; the work goes on unobserved. */
function within<T>(milliseconds: number, work: Promise<T>, otherwise: T): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => resolve(otherwise), milliseconds);
    work.then(resolve, reject).finally(() => clearTimeout(timer));
  });
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
