import type { Page } from '@playwright/test';
import { expect, test } from './explorer-page.ts';

interface Noted {
  readonly recording: { readonly graphics: Map<object, number> };
}

/** WebGL buffers, textures and programs that are alive, and elements of the document. */
const objects = (page: Page) =>
  page.evaluate(() => ({
    graphics: (window as unknown as Noted).recording.graphics.size,
    elements: document.querySelectorAll('*').length,
  }));

test('drags and restarts leave nothing behind', async ({ explorer }) => {
  const { page } = explorer;
  await page.addInitScript({ path: 'bench/page-recorder.js' });
  await explorer.open();
  const use = async (times: number) => {
    for (let i = 0; i < times; i++) {
      await explorer.q.press(i % 2 === 0 ? 'ArrowRight' : 'ArrowLeft');
      await page.getByRole('button', { name: 'Reset', exact: true }).click();
      await explorer.finished();
    }
  };
  // Buffers grow to what they need once, and every preview of the valley has been seen.
  await use(4);
  const before = await objects(page);
  expect(before.graphics).toBeGreaterThan(10);
  await use(12);
  const after = await objects(page);
  expect(after.graphics).toBeLessThanOrEqual(before.graphics);
  // Labels of the axes come and go; rows, bars and charts do not.
  expect(after.elements - before.elements).toBeLessThan(12);
});
