import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';
import { ensureKernels } from './scripts/simd-kernels.mjs';

ensureKernels();

/** A static build that works from any sub-path and needs no special headers. */
export default defineConfig({
  base: './',
  plugins: [react()],
  worker: { format: 'es' },
  build: {
    target: 'es2022',
    // light-dark() is used as it is; older targets would have it rewritten.
    cssTarget: ['chrome123', 'firefox128', 'safari17.5'],
    chunkSizeWarningLimit: 900,
  },
});
