import { watchDevice } from './watch.ts';

/** The one device of the app, or why there is none. */
export type DeviceResult =
  | { readonly device: GPUDevice; readonly info: GPUAdapterInfo }
  | { readonly device: null; readonly reason: string };

/** What tests may take into their own hands. */
export interface DeviceSource {
  /** Default `navigator.gpu`. */
  readonly gpu?: Pick<GPU, 'requestAdapter'> | undefined;
  /** Creates the device; default: that of the TF.js WebGPU backend. */
  readonly createDevice?: (adapter: GPUAdapter) => Promise<GPUDevice>;
}

/**
 * Obtains the device. The adapter is asked for here first, because TF.js throws "Cannot read properties of null" without
 * one. Losses and errors are watched from the moment the device exists. Never throws: every failure is a reason.
 */
export async function obtainDevice(source: DeviceSource = {}): Promise<DeviceResult> {
  const { gpu = globalThis.navigator?.gpu, createDevice = tensorflowDevice } = source;
  try {
    const adapter = await gpu?.requestAdapter({ powerPreference: 'high-performance' });
    if (!adapter) return { device: null, reason: 'no WebGPU adapter' };
    const device = await createDevice(adapter);
    watchDevice(device);
    return { device, info: adapter.info };
  } catch (error) {
    return { device: null, reason: `no WebGPU device: ${error instanceof Error ? error.message : error}` };
  }
}

/** Loads TF.js. */
async function tensorflowDevice(): Promise<GPUDevice> {
  const tensorflow = await import('./tensorflow-device.ts');
  return tensorflow.tensorflowDevice();
}
