import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { type ExplorerPage, expect, number, test } from './explorer-page.ts';

test.describe('the explorer', () => {
  test('opens on flows that are already moving', async ({ explorer }) => {
    await explorer.page.goto('./');
    await expect
      .poll(async () => Number(await explorer.time.inputValue()), { timeout: 10_000 })
      .toBeGreaterThan(0);
    const before = number((await explorer.steered()).Loss ?? '');
    await expect.poll(async () => number((await explorer.steered()).Loss ?? '')).toBeLessThan(before);
  });

  test('names the engine and why it was chosen', async ({ explorer }) => {
    await explorer.open();
    await expect(explorer.status).toContainText('cpu, float64 (short run)');
  });

  test('the Q slider moves the start of the steered flow, by keyboard', async ({ explorer }) => {
    await explorer.open();
    await explorer.finished();
    const before = await explorer.qValue();
    await explorer.q.focus();
    for (let i = 0; i < 5; i++) await explorer.page.keyboard.press('ArrowRight');
    const after = await explorer.qValue();
    expect(after).toBeGreaterThan(before);
    await explorer.finished();
    await explorer.seek('Home');
    await expect.poll(async () => number((await explorer.steered()).Q ?? '')).toBeCloseTo(after, 2);
    await explorer.seek('End');
    expect(Math.abs(number((await explorer.steered()).Q ?? '') - after)).toBeLessThan(1e-2);
  });

  test('the Q slider moves the start of the steered flow, by mouse, and the flow keeps its Q', async ({
    explorer,
  }) => {
    await explorer.open();
    await explorer.finished();
    const before = await explorer.qValue();
    const box = (await explorer.q.boundingBox())!;
    await explorer.page.mouse.move(box.x + box.width * 0.5, box.y + box.height / 2);
    await explorer.page.mouse.down();
    await explorer.page.mouse.move(box.x + box.width * 0.72, box.y + box.height / 2, { steps: 12 });
    await explorer.page.mouse.up();
    const after = await explorer.qValue();
    expect(after).not.toBeCloseTo(before, 3);
    await explorer.finished();
    await explorer.seek('Home');
    await expect.poll(async () => number((await explorer.steered()).Q ?? '')).toBeCloseTo(after, 2);
    const start = number((await explorer.steered()).Loss ?? '');
    await explorer.seek('End');
    await expect.poll(async () => number((await explorer.steered()).Loss ?? '')).toBeLessThan(start / 100);
    expect(Math.abs(number((await explorer.steered()).Q ?? '') - after)).toBeLessThan(1e-2);
  });

  test('cancels a long run and says so', async ({ explorer }) => {
    await explorer.open();
    await explorer.choose('Integrator', 'gradient descent');
    await explorer.page.getByRole('textbox', { name: 'Steps', exact: true }).fill('5000000');
    await explorer.page.keyboard.press('Enter');
    const cancel = explorer.page.getByRole('button', { name: 'Cancel' });
    await expect(cancel).toBeEnabled();
    await cancel.click();
    await expect(cancel).toBeDisabled({ timeout: 5_000 });
    await expect.poll(async () => (await explorer.steered()).Outcome ?? '').toMatch(/cancelled/i);
  });

  test('plays, pauses, steps, scrubs and resets', async ({ explorer }) => {
    await explorer.open();
    await explorer.finished();
    await explorer.seek('Home');
    expect(Number(await explorer.time.inputValue())).toBe(0);
    await explorer.page.getByRole('button', { name: 'Step', exact: true }).click();
    expect(Number(await explorer.time.inputValue())).toBe(1);
    await explorer.page.getByRole('button', { name: 'Play' }).click();
    await expect.poll(async () => Number(await explorer.time.inputValue())).toBeGreaterThan(2);
    await explorer.page.getByRole('button', { name: 'Pause' }).click();
    const held = await explorer.time.inputValue();
    await explorer.page.waitForTimeout(300);
    expect(await explorer.time.inputValue()).toBe(held);
    await explorer.page.getByRole('button', { name: 'Reset', exact: true }).click();
    await expect.poll(async () => Number(await explorer.time.inputValue())).toBeLessThan(Number(held));
  });

  test('switches charts', async ({ explorer }) => {
    await explorer.open();
    await explorer.finished();
    await explorer.choose('Chart', 'Plane');
    await expect(explorer.page.getByText(/explained variance/i).first()).toBeVisible();
    await explorer.choose('Chart', 'Q-valley');
    await explorer.choose('Preset', await presetTitle(explorer, 'scalar'));
    await explorer.finished();
    await explorer.choose('Chart', 'Exact');
    await expect(explorer.page.getByRole('combobox', { name: 'Chart' })).toHaveValue('exact');
  });

  test('exports a trajectory that imports to the same picture and the same numbers', async ({
    explorer,
  }, testInfo) => {
    await explorer.open();
    await explorer.finished();
    await explorer.seek('End');
    const shown = await explorer.flows();
    await keepPicture(testInfo.snapshotPath('before-export.png'), await explorer.picture());
    const download = explorer.page.waitForEvent('download');
    await explorer.page.getByRole('button', { name: 'Export trajectory' }).click();
    const path = await (await download).path();
    const exported = JSON.parse(await readFile(path, 'utf8'));
    expect(exported.type).toBe('orbitscape/trajectory');
    expect(exported.flows).toHaveLength(shown.length);

    await explorer.choose('Activation', 'tanh');
    await explorer.finished();
    const chooser = explorer.page.waitForEvent('filechooser');
    await explorer.page.getByRole('button', { name: 'Import' }).click();
    await (await chooser).setFiles(path);
    await expect(explorer.status).toContainText(/imported/i);
    await explorer.finished();
    await explorer.seek('End');
    await expect.poll(() => explorer.flows()).toEqual(shown);
    // The anti-aliasing of the legend's text may differ in a few pixels.
    expect(await explorer.picture()).toMatchSnapshot('before-export.png', { maxDiffPixels: 40 });

    const again = explorer.page.waitForEvent('download');
    await explorer.page.getByRole('button', { name: 'Export trajectory' }).click();
    expect(JSON.parse(await readFile(await (await again).path(), 'utf8'))).toEqual(exported);
  });

  test('a bad file gets one sentence and nothing is lost', async ({ explorer }) => {
    await explorer.open();
    await explorer.finished();
    const shown = await explorer.steered();
    const open = async (name: string, content: string) => {
      const chooser = explorer.page.waitForEvent('filechooser');
      await explorer.page.getByRole('button', { name: 'Import' }).click();
      await (await chooser).setFiles({ name, mimeType: 'application/json', buffer: Buffer.from(content) });
    };
    await open('broken.json', '{ not json');
    await expect(explorer.page.getByRole('alert')).toContainText(/JSON/);
    await open('newer.json', '{"type":"orbitscape/experiment","version":99}');
    await expect(explorer.page.getByRole('alert')).toContainText(/version/);
    await open(
      'widths.json',
      '{"type":"orbitscape/experiment","version":1,"title":"x","architecture":{"kind":"mlp","widths":[2,"a",1]}}',
    );
    await expect(explorer.page.getByRole('alert')).toContainText(/architecture\.widths\[1\]/);
    expect((await explorer.steered()).Label).toBe(shown.Label);
  });

  test('an impossible entry is refused beside the field, and the run goes on', async ({ explorer }) => {
    await explorer.open();
    const widths = explorer.page.getByRole('textbox', { name: 'Widths' });
    await widths.fill('10-0-5');
    await explorer.page.keyboard.press('Enter');
    await expect(widths).toHaveAttribute('aria-invalid', 'true');
    await explorer.page.keyboard.press('Escape');
    await expect(widths).not.toHaveAttribute('aria-invalid', 'true');
  });

  test('a step size that diverges says so and what to do', async ({ explorer }) => {
    await explorer.open();
    await explorer.choose('Integrator', 'gradient descent');
    await explorer.page.getByRole('textbox', { name: 'Step size' }).fill('50');
    await explorer.page.keyboard.press('Enter');
    await expect(explorer.status).toContainText(/diverged/i, { timeout: 20_000 });
    await expect(explorer.page.getByText(/smaller step size|step size below/i).first()).toBeVisible();
  });
});

/** Makes a picture the one to compare with. */
async function keepPicture(path: string, picture: Buffer): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, picture);
}

/** Full title of the preset whose title contains a word. */
async function presetTitle({ page }: ExplorerPage, word: string): Promise<string> {
  const titles = await page.getByRole('combobox', { name: 'Preset' }).locator('option').allTextContents();
  return titles.find((title) => title.toLowerCase().includes(word)) ?? word;
}
