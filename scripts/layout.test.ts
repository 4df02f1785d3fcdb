import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';

const refusedImports = [
  ['src/model', '../symmetry/rescaling.ts'],
  ['src/symmetry', '../flow/solve.ts'],
  ['src/flow', '../engine/engine.ts'],
  ['src/landscape', 'three'],
  ['src/experiment', '../engine/engine.ts'],
  ['src/workers', '../store/session.ts'],
  ['src/view', 'react'],
  ['src/components', 'three'],
  ['src/components', '@tensorflow/tfjs-core'],
  ['cli', '../src/workers/client.ts'],
] as const;

const allowedImports = [
  ['src/symmetry', '../model/network.ts'],
  ['src/workers', '../engine/choose.ts'],
  ['src/components', '../view/view.ts'],
  ['cli', '../src/engine/cpu/cpu-engine.ts'],
] as const;

/** A tree that holds nothing but one forbidden or allowed import per file, linted with the project's own rules. */
const tree = mkdtempSync(join(tmpdir(), 'orbitscape-layout-'));
const file = (folder: string, source: string) => join(folder, `${source.replaceAll(/\W+/g, '-')}.ts`);

const lint = (): string => {
  const rules = JSON.parse(readFileSync('biome.json', 'utf8'));
  writeFileSync(join(tree, 'biome.json'), JSON.stringify({ ...rules, $schema: undefined, vcs: undefined }));
  for (const [folder, source] of [...refusedImports, ...allowedImports]) {
    const path = join(tree, file(folder, source));
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, `export * from '${source}';\n`);
  }
  const words = [
    'biome',
    'lint',
    '--only=style/noRestrictedImports',
    '--max-diagnostics=none',
    '--colors=off',
    tree,
  ];
  const { stdout, stderr } = spawnSync('npx', [...words, `--config-path=${tree}`], { encoding: 'utf8' });
  return stdout + stderr;
};

describe('the import rules of docs/design.md', () => {
  const report = lint();
  afterAll(() => rmSync(tree, { recursive: true, force: true }));
  const refused = (folder: string, source: string) =>
    report
      .split('\n')
      .some((line) => line.includes(file(folder, source)) && line.includes('noRestrictedImports'));

  it.each(refusedImports)('refuse, in %s: %s', (folder, source) =>
    expect(refused(folder, source)).toBe(true),
  );
  it.each(allowedImports)('allow, in %s: %s', (folder, source) =>
    expect(refused(folder, source)).toBe(false),
  );
});
