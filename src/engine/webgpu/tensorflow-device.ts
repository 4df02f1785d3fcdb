import { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu';
import { findBackend, setBackend } from '@tensorflow/tfjs-core';
import { watchDevice } from './watch.ts';

/** One device for all callers; a failure is not kept. */
let device: Promise<GPUDevice> | null = null;

/**
 * The device of the TF.js WebGPU backend, with nothing of TF.js left in its queue. Ask for an adapter first: without one
 * TF.js throws "Cannot read properties of null". Load this module only then: it brings TF.js along.
 */
export function tensorflowDevice(): Promise<GPUDevice> {
  device ??= createDevice().catch((error) => {
    device = null;
    throw error;
  });
  return device;
}

async function createDevice(): Promise<GPUDevice> {
  const chosen = await setBackend('webgpu');
  // Not `backend()`: the active backend may have changed again by now.
  const webgpu = findBackend('webgpu');
  if (!chosen || !(webgpu instanceof WebGPUBackend)) throw new Error('TF.js has no WebGPU backend here');
  watchDevice(webgpu.device);
  webgpu.ensureCommandEncoderReady();
  webgpu.endComputePassEncoder();
  webgpu.submitQueue();
  return webgpu.device;
}
