import { readdirSync, readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { chromium } from '@playwright/test';
import { build, preview } from 'vite';
import { findChromium } from '../scripts/chromium.mjs';
import { median, type Row } from './row.ts';

/** JavaScript that the page loads before anything else, gzipped: what index.html names. */
function initialJavaScript(): number {
  const html = readFileSync('dist/index.html', 'utf8');
  const files = [...html.matchAll(/(?:src|href)="\.\/(assets\/[^"]+\.js)"/g)].map((match) => match[1]!);
  return files.reduce((sum, file) => sum + gzipSync(readFileSync(`dist/${file}`)).length, 0);
}

const largestChunks = (): string =>
  readdirSync('dist/assets')
    .filter((file) => file.endsWith('.js'))
    .map((file) => `${file} ${(readFileSync(`dist/assets/${file}`).length / 1024).toFixed(0)} kB`)
    .join(', ');

/** Size, time to the first moving picture, and main-thread tasks while flows stream, in headless Chromium. */
export async function pageRows(): Promise<Row[]> {
  await build({ logLevel: 'error' });
  const server = await preview({ preview: { port: 4399 }, logLevel: 'error' });
  const browser = await chromium.launch({
    executablePath: findChromium() ?? '',
    args: [
      '--no-sandbox',
      '--no-first-run',
      '--disable-background-networking',
      '--use-angle=swiftshader',
      '--enable-unsafe-swiftshader',
      '--ignore-gpu-blocklist',
    ],
  });
  try {
    const firstPictures: number[] = [];
    const tasks: number[] = [];
    for (let i = 0; i < 3; i++) {
      const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
      await page.addInitScript(() => {
        const seen: number[] = [];
        Object.assign(window, { longTasks: seen });
        new PerformanceObserver((list) =>
          seen.push(...list.getEntries().map((entry) => entry.duration)),
        ).observe({
          type: 'longtask',
          buffered: true,
        });
      });
      const start = performance.now();
      await page.goto('http://localhost:4399/');
      const time = page.getByRole('slider', { name: 'Time' });
      await time.waitFor();
      while (!(Number(await time.inputValue()) > 0)) await page.waitForTimeout(10);
      firstPictures.push(performance.now() - start);
      await page.evaluate(() => (window as unknown as { longTasks: number[] }).longTasks.splice(0));
      for (let drag = 0; drag < 40; drag++) {
        await page.getByRole('slider', { name: 'Conserved quantity Q' }).press('ArrowRight');
        await page.waitForTimeout(50);
      }
      tasks.push(...(await page.evaluate(() => (window as unknown as { longTasks: number[] }).longTasks)), 0);
      await page.close();
    }
    console.error(`Built chunks: ${largestChunks()}`);
    return [
      { name: 'initial JavaScript, gzipped', value: initialJavaScript() / 1024, unit: 'kB', bound: '≤ 350' },
      {
        name: 'page opened to first moving picture',
        value: median(firstPictures),
        unit: 'ms',
        bound: '≤ 2000',
      },
      {
        name: 'longest main-thread task while flows stream',
        value: Math.max(...tasks),
        unit: 'ms',
        bound: '< 50 (0: none over 50)',
      },
    ];
  } finally {
    await browser.close();
    await server.close();
  }
}
