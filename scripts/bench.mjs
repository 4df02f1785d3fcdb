import { spawnSync } from 'node:child_process';
import { ensureChromium, softwareVulkan } from './chromium.mjs';
import { ensureDependencies, root } from './dependencies.mjs';
import { ensureKernels } from './simd-kernels.mjs';

/** npm run bench: installs what is missing, then measures. `npm run bench -- --help` shows the options. */
ensureDependencies();
ensureKernels();
const words = process.argv.slice(2);
const env = { ...process.env };
// With --gpu nothing opens a page, and Vulkan is the system's own.
if (!words.includes('--gpu')) {
  env.ORBITSCAPE_CHROMIUM = ensureChromium();
  env.VK_ICD_FILENAMES ??= softwareVulkan(env.ORBITSCAPE_CHROMIUM) ?? undefined;
}
const { status } = spawnSync('npx', ['tsx', 'bench/bench.ts', ...words], {
  cwd: root,
  stdio: 'inherit',
  env,
  shell: process.platform === 'win32',
});
process.exit(status ?? 1);
