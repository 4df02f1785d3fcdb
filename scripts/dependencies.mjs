import { spawnSync } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** The project's root folder. */
export const root = fileURLToPath(new URL('..', import.meta.url));

const modified = (path) => (existsSync(path) ? statSync(path).mtimeMs : 0);

/** Installs the locked dependencies when they are missing or older than the lock file. npm's words go to standard error. */
export function ensureDependencies() {
  const [major] = process.versions.node.split('.').map(Number);
  if (major < 20) stop(`Orbitscape needs Node 20 or newer; this is Node ${process.versions.node}.`);
  if (modified(`${root}node_modules/.package-lock.json`) >= modified(`${root}package-lock.json`)) return;
  process.stderr.write('Installing dependencies (npm ci) ...\n');
  const { status } = spawnSync(
    'npm',
    ['ci', '--include=dev', '--loglevel=error', '--no-audit', '--no-fund'],
    {
      cwd: root,
      stdio: ['ignore', 2, 2],
      shell: process.platform === 'win32',
    },
  );
  if (status !== 0) stop('npm ci failed: see its message above, then run this command again.');
}

/** Ends the process with one sentence. */
export function stop(sentence) {
  process.stderr.write(`${sentence}\n`);
  process.exit(1);
}
