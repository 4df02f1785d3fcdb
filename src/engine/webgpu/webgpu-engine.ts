import type { FlowBatch } from '../../flow/chunk.ts';
import { parameterCount } from '../../model/parameters.ts';
import { memoryObjection } from '../cpu/memory.ts';
import type { Engine } from '../engine.ts';
import { cpuOnly } from '../layered.ts';
import { flowCapacity } from './dispatch.ts';
import { runFlows } from './flow.ts';
import { createGpu, type GpuOptions } from './gpu.ts';
import { deviceProfile, doesNotFit } from './kernel-context.ts';
import { createRowEvaluator } from './rows.ts';
import { TANGENT_TAPE } from './shader/tangent-passes.ts';

/** Options of the engine. */
export interface WebGpuEngineOptions extends GpuOptions {
  /** What the adapter says of itself; default: what the device says of its adapter. */
  readonly info?: GPUAdapterInfo;
}

/** The engine, and what tests look at. */
export interface WebGpuEngine extends Engine {
  /** GPU buffers in use: 0 between calls. */
  readonly liveBuffers: number;
}

/**
 * The fused WGSL engine, float32 (theta itself is kept to 48 bits): kernels generated from the architecture, one workgroup
 * per row or flow, many steps per dispatch. The device stays its owner's; `dispose` does not destroy it.
 */
export function createWebGpuEngine(device: GPUDevice, options: WebGpuEngineOptions = {}): WebGpuEngine {
  const info = options.info ?? device.adapterInfo;
  const gpu = createGpu(device, { profile: deviceProfile(info), ...options });
  const evaluate = createRowEvaluator(gpu);
  return {
    kind: 'webgpu',
    precision: 'float32',
    device: adapterName(info),
    get liveBuffers() {
      return gpu.liveBuffers;
    },
    unsupported: (problem, plan, flows) =>
      gpu.failure ??
      cpuOnly(problem, plan) ??
      doesNotFit(problem, TANGENT_TAPE, device.limits) ??
      memoryObjection(problem, plan, flows),
    async *flow(problem, batch, plan, signal) {
      const capacity = flowCapacity(gpu, problem, plan);
      for (let first = 0; first < batch.count; first += capacity) {
        const part = partOf(
          batch,
          first,
          Math.min(capacity, batch.count - first),
          parameterCount(problem.architecture),
        );
        yield* runFlows(gpu, problem, part, plan, signal, first);
      }
    },
    loss: (problem, thetas) => evaluate(problem, 'loss', thetas),
    gradient: (problem, thetas) => evaluate(problem, 'gradient', thetas),
    hessianVectorProduct: (problem, thetas, vectors) =>
      evaluate(problem, 'hessianVectorProduct', thetas, vectors),
    dispose() {},
  };
}

/** An adapter's name for people, from the little that browsers tell. */
export function adapterName(info: GPUAdapterInfo | undefined): string {
  const { description = '', device = '', vendor = '', architecture = '' } = info ?? {};
  return (
    description ||
    device ||
    [vendor, architecture].filter((part) => part !== '').join(' ') ||
    'unnamed adapter'
  );
}

/** Flows first .. first + count - 1 of a batch. */
function partOf(batch: FlowBatch, first: number, count: number, size: number): FlowBatch {
  const { parameters, step, time } = batch;
  return {
    count,
    parameters: parameters.subarray(first * size, (first + count) * size),
    ...(step ? { step: step.subarray(first, first + count) } : {}),
    ...(time ? { time: time.subarray(first, first + count) } : {}),
  };
}
