import { testGoldenCurves } from '../testing/golden.ts';
import { createCpuEngine } from './cpu-engine.ts';

testGoldenCurves('fig3-', createCpuEngine);
