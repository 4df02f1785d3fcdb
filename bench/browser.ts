import { rmSync } from 'node:fs';
import { type Browser, chromium } from '@playwright/test';
import { preview } from 'vite';
import { findChromium } from '../scripts/chromium.mjs';
import { root } from '../scripts/dependencies.mjs';
import { type Bundle, buildPage } from './bundle.ts';

/** Software rendering wherever there is no graphics card, and no WebGPU: the page computes on the cpu engine. */
const flags = [
  '--no-sandbox',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--use-angle=swiftshader',
  '--enable-unsafe-swiftshader',
  '--ignore-gpu-blocklist',
];

/** The built page on a local server, and a Chromium to open it in. */
export interface Site {
  readonly bundle: Bundle;
  readonly url: string;
  readonly browser: Browser;
}

/** Builds and serves the page and starts Chromium for as long as `work` takes. Throws when there is no Chromium. */
export async function withSite<T>(work: (site: Site) => Promise<T>): Promise<T> {
  const executablePath = findChromium();
  if (!executablePath) throw new Error('there is no Chromium here: set ORBITSCAPE_CHROMIUM');
  const bundle = await buildPage(root);
  const server = await preview({
    root,
    logLevel: 'error',
    build: { outDir: bundle.directory },
    preview: { port: 0, host: 'localhost' },
  });
  try {
    const browser = await chromium.launch({ executablePath, args: flags });
    try {
      return await work({ bundle, browser, url: server.resolvedUrls!.local[0]! });
    } finally {
      await browser.close();
    }
  } finally {
    await server.close();
    rmSync(bundle.directory, { recursive: true });
  }
}
