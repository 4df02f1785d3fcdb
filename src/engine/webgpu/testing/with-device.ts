import { it } from 'vitest';
import { nodeDevice } from './node-device.ts';

/** A test that needs a WebGPU device of its own: skipped by name where there is no adapter, never passed in silence. */
export function deviceTest(title: string, body: (device: GPUDevice) => Promise<void>): void {
  it(title, async (context) => {
    const device = await nodeDevice();
    if (!device) return context.skip('no WebGPU adapter for Node here');
    try {
      await body(device);
    } finally {
      device.destroy();
    }
  });
}
