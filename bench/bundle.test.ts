import { describe, expect, it } from 'vitest';
import { type Chunk, gzippedBytes, initialChunks, withTensorflow } from './bundle.ts';

const chunk = (file: string, part: Partial<Chunk> = {}): Chunk => ({
  file,
  page: false,
  worker: false,
  imports: [],
  modules: [`/src/${file}`],
  gzipped: 10,
  ...part,
});

const chunks = [
  chunk('deep.js', { gzipped: 1, imports: ['index.js'] }),
  chunk('shared.js', { gzipped: 2, imports: ['deep.js'] }),
  chunk('index.js', { gzipped: 4, page: true, imports: ['shared.js'] }),
  chunk('lazy.js', { gzipped: 8, imports: ['shared.js'] }),
  chunk('tensorflow.js', { gzipped: 16, modules: ['/node_modules/@tensorflow/tfjs-core/dist/index.js'] }),
];

describe('initial JavaScript', () => {
  it('is the script of the page and all that it imports, at any depth, and nothing that is loaded later', () => {
    const initial = initialChunks(chunks);
    expect(initial.map(({ file }) => file).sort()).toEqual(['deep.js', 'index.js', 'shared.js']);
    expect(gzippedBytes(initial)).toBe(7);
    expect(withTensorflow(initial)).toEqual([]);
  });

  it('has TF.js in it as soon as one of its chunks imports it', () => {
    const planted = chunks.map((one) =>
      one.file === 'deep.js' ? { ...one, imports: [...one.imports, 'tensorflow.js'] } : one,
    );
    expect(withTensorflow(initialChunks(planted)).map(({ file }) => file)).toEqual(['tensorflow.js']);
  });
});
