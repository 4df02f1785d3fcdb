import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { root, stop } from './dependencies.mjs';

const sources = join(root, 'src/engine/cpu/simd/assembly');
const target = join(root, 'src/engine/cpu/simd/binary.ts');

const modified = (path) => (existsSync(path) ? statSync(path).mtimeMs : 0);

/**
 * Compiles the SIMD kernels of the cpu engine (AssemblyScript) when they are newer than their binary, which is a module like
 * any other: it works in the page, in workers and in Node without a fetch.
 */
export function ensureKernels() {
  const files = [
    ...readdirSync(sources).map((file) => join(sources, file)),
    fileURLToPath(import.meta.url),
    join(root, 'node_modules/assemblyscript/package.json'),
  ];
  if (modified(target) > Math.max(...files.map(modified))) return;
  // Several checks may build at once: each writes its own file, and the last to be ready is kept.
  const binary = `${target}.${process.pid}.wasm`;
  const compiler = join(root, 'node_modules/assemblyscript/bin/asc.js');
  const options = ['-O3', '--runtime', 'stub', '--noAssert', '--enable', 'simd', '--outFile', binary];
  const { status } = spawnSync(process.execPath, [compiler, join(sources, 'index.ts'), ...options], {
    cwd: root,
    stdio: ['ignore', 2, 2],
  });
  if (status !== 0) stop('The SIMD kernels did not compile: see the message above.');
  const text = readFileSync(binary).toString('base64');
  rmSync(binary);
  const module = `/** The compiled kernels of assembly/, base64. Written by scripts/simd-kernels.mjs. */\nexport const binary =\n  '${text}';\n`;
  writeFileSync(`${target}.${process.pid}`, module);
  renameSync(`${target}.${process.pid}`, target);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) ensureKernels();
