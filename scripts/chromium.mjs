import { spawnSync } from 'node:child_process';
import { accessSync, constants, existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { stop } from './dependencies.mjs';

const usualPaths = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome-stable',
  '/usr/bin/google-chrome',
  '/opt/google/chrome/chrome',
  '/snap/bin/chromium',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
];

const executable = (path) => {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
};

/** Path of a Chromium: $ORBITSCAPE_CHROMIUM, then the usual places; null when there is none. */
export function findChromium() {
  const named = process.env.ORBITSCAPE_CHROMIUM;
  if (named) {
    if (!executable(named))
      stop(`ORBITSCAPE_CHROMIUM names ${named}, which is not an executable file: correct it or unset it.`);
    return named;
  }
  return usualPaths.find(executable) ?? null;
}

/** Finds a Chromium or installs Debian's (as root); otherwise ends with one sentence. */
export function ensureChromium() {
  const found = findChromium();
  if (found) return found;
  if (process.getuid?.() === 0 && existsSync('/etc/debian_version') && existsSync('/usr/bin/apt-get')) {
    process.stderr.write('Installing Chromium (apt-get install chromium) ...\n');
    const aptGet = (...words) =>
      spawnSync('apt-get', words, {
        stdio: ['ignore', 2, 2],
        env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
      });
    aptGet('update', '-qq');
    aptGet('install', '-y', '-qq', '--no-install-recommends', 'chromium');
    const installed = findChromium();
    if (installed) return installed;
  }
  stop(
    'No Chromium was found: install Chromium or Chrome, or set ORBITSCAPE_CHROMIUM to its path, and run npm test again.',
  );
}

/** The Vulkan driver description of Chromium's software adapter, for WebGPU tests in Node; null when it is not there. */
export function softwareVulkan(chromium) {
  const folders = [dirname(chromium), '/usr/lib/chromium', '/opt/google/chrome'];
  return (
    folders.map((folder) => join(folder, 'vk_swiftshader_icd.json')).find((path) => existsSync(path)) ?? null
  );
}
