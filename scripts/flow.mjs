import { chdir, env } from 'node:process';
import { ensureDependencies } from './dependencies.mjs';
import { ensureKernels } from './simd-kernels.mjs';

/** npm run flow: installs what is missing, then runs cli/flow.ts. Paths are relative to where npm was called. */
ensureDependencies();
ensureKernels();
if (env.npm_lifecycle_event === 'flow' && env.INIT_CWD) chdir(env.INIT_CWD);
const { register } = await import('tsx/esm/api');
register();
await import('../cli/flow.ts');
