import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { build, type Plugin } from 'vite';

/** One JavaScript file of the built page. */
export interface Chunk {
  readonly file: string;
  /** Whether it is the script of index.html. */
  readonly page: boolean;
  /** Whether a worker loads it, not the page. */
  readonly worker: boolean;
  /** Files that it cannot start without. */
  readonly imports: readonly string[];
  /** Source modules in it. */
  readonly modules: readonly string[];
  /** Bytes, gzipped. */
  readonly gzipped: number;
}

/** The built page: where it lies, and every chunk of it, those of its workers included. */
export interface Bundle {
  readonly directory: string;
  readonly chunks: readonly Chunk[];
}

/** Builds the page into a temporary folder. */
export async function buildPage(root: string): Promise<Bundle> {
  const directory = mkdtempSync(join(tmpdir(), 'orbitscape-page-'));
  const chunks: Chunk[] = [];
  const collect = (worker: boolean): Plugin => ({
    name: 'collect-chunks',
    generateBundle(_, bundle) {
      for (const file of Object.values(bundle)) {
        if (file.type !== 'chunk') continue;
        const { fileName, facadeModuleId, imports, moduleIds, code } = file;
        const page = facadeModuleId?.endsWith('index.html') ?? false;
        chunks.push({
          file: fileName,
          page,
          worker,
          imports,
          modules: moduleIds,
          gzipped: gzipSync(code).length,
        });
      }
    },
  });
  await build({
    root,
    logLevel: 'error',
    plugins: [collect(false)],
    worker: { format: 'es', plugins: () => [collect(true)] },
    build: { outDir: directory, emptyOutDir: true },
  });
  return { directory, chunks };
}

/** What index.html loads before anything else: its script and all that this imports statically, at any depth. */
export function initialChunks(chunks: readonly Chunk[]): readonly Chunk[] {
  const found = new Set(chunks.filter(({ page }) => page));
  for (const chunk of found) {
    for (const one of chunks) if (chunk.imports.includes(one.file)) found.add(one);
  }
  return [...found];
}

export const gzippedBytes = (chunks: readonly Chunk[]): number =>
  chunks.reduce((sum, { gzipped }) => sum + gzipped, 0);

/** The chunks that hold a module of TF.js. */
export const withTensorflow = (chunks: readonly Chunk[]): readonly Chunk[] =>
  chunks.filter(({ modules }) => modules.some((id) => id.includes('/@tensorflow/')));
