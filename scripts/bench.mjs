import { spawnSync } from 'node:child_process';
import { ensureChromium, softwareVulkan } from './chromium.mjs';
import { ensureDependencies, root } from './dependencies.mjs';

/** npm run bench: installs what is missing, then measures. `npm run bench -- --only cpu,page`. */
ensureDependencies();
const chromium = ensureChromium();
const vulkan = process.env.VK_ICD_FILENAMES ?? softwareVulkan(chromium);
const { status } = spawnSync('npx', ['tsx', 'bench/bench.ts', ...process.argv.slice(2)], {
  cwd: root,
  stdio: 'inherit',
  env: { ...process.env, ORBITSCAPE_CHROMIUM: chromium, ...(vulkan ? { VK_ICD_FILENAMES: vulkan } : {}) },
  shell: process.platform === 'win32',
});
process.exit(status ?? 1);
