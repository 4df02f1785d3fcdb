import { create, globals } from 'webgpu';
import type { Engine } from '../src/engine/engine.ts';
import { obtainDevice } from '../src/engine/webgpu/device.ts';
import { nodeGpu } from '../src/engine/webgpu/testing/node-device.ts';
import { adapterName, createWebGpuEngine } from '../src/engine/webgpu/webgpu-engine.ts';

/** WebGPU in Node, or why there is none. TF.js is loaded and computes on the same device. */
export type Gpu =
  | {
      readonly engine: Engine;
      readonly device: GPUDevice;
      readonly adapter: string;
      /** Whether the adapter is a processor that plays a GPU. */
      readonly software: boolean;
    }
  | { readonly missing: string };

/** Kept for the life of the process: Dawn crashes when an instance is collected before its devices. */
const instances: GPU[] = [];

/**
 * Opens Dawn and puts it where TF.js looks for it. On the software adapter, unless `real`: then on what the system's drivers
 * offer, and on the software adapter only when they offer nothing.
 */
export async function openGpu(real: boolean): Promise<Gpu> {
  const gpu = (real ? await systemGpu() : null) ?? (await nodeGpu());
  if (!gpu) return { missing: 'skipped: no WebGPU in Node here' };
  await offer(gpu);
  const found = await obtainDevice();
  if (!found.device) return { missing: `skipped: ${found.reason}` };
  const { device, info } = found;
  return {
    engine: createWebGpuEngine(device, { info }),
    device,
    adapter: adapterName(info),
    software: info.isFallbackAdapter,
  };
}

/** Dawn on the system's drivers; null when they have no adapter. */
async function systemGpu(): Promise<GPU | null> {
  const gpu = create([]);
  instances.push(gpu);
  return (await gpu.requestAdapter({ powerPreference: 'high-performance' })) ? gpu : null;
}

/** Makes Node look like a browser with this WebGPU for as long as TF.js decides whether it has a backend. */
async function offer(gpu: GPU): Promise<void> {
  Object.assign(globalThis, globals);
  Object.defineProperty(globalThis, 'navigator', { value: { gpu, userAgent: '' }, configurable: true });
  Object.assign(globalThis, { window: globalThis });
  await import('@tensorflow/tfjs-backend-webgpu');
  Reflect.deleteProperty(globalThis, 'window');
}
