import { describe, expect, it } from 'vitest';
import { obtainDevice } from './device.ts';
import { nodeGpu } from './testing/node-device.ts';
import { deviceTest } from './testing/with-device.ts';

describe('obtaining the device', () => {
  it('says when there is no WebGPU at all, and when there is no adapter', async () => {
    const none = { device: null, reason: 'no WebGPU adapter' };
    expect(await obtainDevice({ gpu: undefined })).toEqual(none);
    expect(await obtainDevice({ gpu: { requestAdapter: async () => null } })).toEqual(none);
  });

  deviceTest('says why an adapter gave no device', async () => {
    const gpu = (await nodeGpu())!;
    const createDevice = () => Promise.reject(new Error('out of luck'));
    expect(await obtainDevice({ gpu, createDevice })).toEqual({
      device: null,
      reason: 'no WebGPU device: out of luck',
    });
  });

  deviceTest('hands out the device with what its adapter says of itself', async (device) => {
    const gpu = (await nodeGpu())!;
    const result = await obtainDevice({ gpu, createDevice: async () => device });
    expect(result.device).toBe(device);
    if (result.device) expect(result.info.vendor).not.toBe('');
  });
});
