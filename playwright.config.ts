import { defineConfig } from '@playwright/test';
import { findChromium } from './scripts/chromium.mjs';

const port = 4310;
const quiet = [
  '--no-sandbox',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];
const webgpu = [
  '--enable-unsafe-webgpu',
  '--enable-unsafe-swiftshader',
  '--use-webgpu-adapter=swiftshader',
  '--enable-features=Vulkan',
];

/** The built page in real Chromium, served from a sub-path: once with WebGPU (software adapter), once without. */
export default defineConfig({
  testDir: 'e2e',
  timeout: 90_000,
  expect: { timeout: 15_000 },
  // Pictures are compared within a run, never across machines.
  snapshotPathTemplate: 'test-results/pictures/{projectName}/{arg}{ext}',
  workers: 1,
  forbidOnly: true,
  retries: 0,
  use: {
    baseURL: `http://localhost:${port}/some/sub-path/`,
    viewport: { width: 1440, height: 900 },
    screenshot: 'only-on-failure',
  },
  projects: [
    {
      name: 'webgpu',
      use: { launchOptions: { executablePath: findChromium() ?? '', args: [...quiet, ...webgpu] } },
    },
    {
      name: 'no-webgpu',
      use: {
        launchOptions: {
          executablePath: findChromium() ?? '',
          args: [...quiet, '--enable-unsafe-swiftshader'],
        },
      },
    },
  ],
  webServer: {
    command: `npx vite preview --port ${port} --strictPort --base /some/sub-path/`,
    url: `http://localhost:${port}/some/sub-path/`,
    reuseExistingServer: false,
  },
});
