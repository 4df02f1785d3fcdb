import { describeEngine } from '../testing/engine-suite.ts';
import { nodeDevice } from './testing/node-device.ts';
import { createWebGpuEngine } from './webgpu-engine.ts';

describeEngine(
  'webgpu',
  async () => {
    const found = await nodeDevice();
    return found && createWebGpuEngine(found);
  },
  1e-4,
);
