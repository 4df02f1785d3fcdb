import { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu';
import { backend, setBackend } from '@tensorflow/tfjs-core';
import { watchDevice } from './watch.ts';

/**
 * The device of the TF.js WebGPU backend, with nothing of TF.js left in its queue. Ask for an adapter first: without one
 * TF.js throws "Cannot read properties of null". Load this module only then: it brings TF.js along.
 */
export async function tensorflowDevice(): Promise<GPUDevice> {
  const chosen = await setBackend('webgpu');
  const webgpu = backend();
  if (!chosen || !(webgpu instanceof WebGPUBackend)) throw new Error('TF.js has no WebGPU backend here');
  watchDevice(webgpu.device);
  webgpu.ensureCommandEncoderReady();
  webgpu.endComputePassEncoder();
  webgpu.submitQueue();
  return webgpu.device;
}
