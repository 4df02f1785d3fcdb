import { describeEngine } from '../testing/engine-suite.ts';
import { createCpuEngine } from './cpu-engine.ts';

describeEngine('cpu engine', async () => createCpuEngine(), 1e-12);
