import AxeBuilder from '@axe-core/playwright';
import type { Locator } from '@playwright/test';
import type { MlpExperiment } from '../src/experiment/experiment.ts';
import { type ExplorerPage, expect, number, smallExperiment, test } from './explorer-page.ts';

/** A network that every measurement takes, with flows that reach their minimum. */
const measurable = (
  activation: MlpExperiment['architecture']['activation'],
  widths = [2, 3, 2],
): MlpExperiment => ({
  ...(smallExperiment as MlpExperiment),
  title: `small ${activation}`,
  architecture: { kind: 'mlp', widths, activation, bias: false },
  initialisation: { kind: 'normal', std: [0.5, 0.5], seed: 2 },
  conservedQuantity: { kind: 'total', layerPair: 0, value: 1, sweep: { from: 0, to: 2, count: 2 } },
  flow: { integrator: 'dormand-prince', tolerance: 1e-10, time: 400 },
});

/** The panel of a tab. */
async function openTab({ page }: ExplorerPage, name: 'Symmetry' | 'Orbit'): Promise<Locator> {
  await page.getByRole('tab', { name }).click();
  return page.getByRole('tabpanel', { name });
}

/** The cells of a row of the table of theory and measurement. */
async function compared(panel: Locator, row: string): Promise<string[]> {
  const table = panel.getByRole('table', { name: 'Theory and measurement' });
  return table.getByRole('row', { name: row }).getByRole('cell').allTextContents();
}

async function measure(panel: Locator): Promise<void> {
  await panel.getByRole('button', { name: 'Measure', exact: true }).click();
  await expect(panel.getByText(/The Hessian was taken at the end/)).toBeVisible();
  await expect(panel.getByRole('button', { name: 'Measure', exact: true })).toBeEnabled({ timeout: 30_000 });
}

test.describe('the symmetry card', () => {
  for (const [activation, generators, laws, presentLaws] of [
    ['linear', 9, 6, 6],
    ['tanh', 0, 0, 3],
  ] as const) {
    test(`measures of a ${activation} network what the theory says`, async ({ explorer }) => {
      await explorer.open(measurable(activation));
      await explorer.finished();
      const panel = await openTab(explorer, 'Symmetry');
      await measure(panel);
      expect(await compared(panel, 'Linear generators')).toEqual([`${generators}`, `${generators}agrees`]);
      expect(await compared(panel, 'Laws, any data')).toEqual([`${laws}`, `${laws}agrees`]);
      expect(await compared(panel, 'Laws, these data')).toEqual([`≥ ${presentLaws}`, `${presentLaws}agrees`]);
      const [theory, measured] = await compared(panel, 'Flat directions');
      expect(measured).toBe(`${theory}agrees`);
    });
  }

  test('lists groups with what they keep, and those that do not act with their reasons', async ({
    explorer,
  }) => {
    await explorer.open(measurable('relu'));
    await explorer.finished();
    const panel = await openTab(explorer, 'Symmetry');
    await expect(panel.getByRole('heading', { name: 'Positive rescaling of hidden units' })).toBeVisible();
    await expect(panel.getByText(/3 dimensions; keeps the function for every input/)).toBeVisible();
    const reason = panel.getByText(/linear activation|linear network/i).first();
    await expect(reason).toBeHidden();
    await panel.getByText('Groups that do not act here').click();
    await expect(reason).toBeVisible();
    await measure(panel);
    expect(await compared(panel, 'Laws, any data')).toEqual(['3', '3agrees']);
  });

  test('stops measuring on request, by keyboard, and measures again', async ({ explorer }) => {
    await explorer.open(measurable('tanh', [4, 8, 4]));
    await explorer.finished();
    const panel = await openTab(explorer, 'Symmetry');
    await panel.getByRole('button', { name: 'Measure', exact: true }).focus();
    await explorer.page.keyboard.press('Enter');
    await expect(panel.getByRole('progressbar', { name: 'Measurement' })).toBeVisible();
    await panel.getByRole('button', { name: 'Stop measuring' }).focus();
    await explorer.page.keyboard.press('Enter');
    await expect(panel.getByText(/^Stopped/)).toBeVisible();
    await expect(panel.getByRole('button', { name: 'Measure', exact: true })).toBeEnabled();
  });

  test('says what is too large, and forgets a measurement with its run', async ({ explorer }) => {
    await explorer.open(measurable('linear', [10, 12, 5]));
    await explorer.finished();
    const panel = await openTab(explorer, 'Symmetry');
    await measure(panel);
    await expect(panel.getByText(/at most 100 parameters and this one has 180/).first()).toBeVisible();
    expect((await compared(panel, 'Laws, any data'))[1]).toBe('not measured');
    await explorer.page.getByRole('button', { name: 'Reset', exact: true }).click();
    await expect(panel.getByText(/at most 100 parameters/)).toHaveCount(0);
  });
});

test.describe('the matrix of conserved quantities', () => {
  test('of 10-50-5 has 645 independent entries, which are read by keyboard', async ({ explorer }) => {
    await explorer.open({
      ...measurable('linear', [10, 50, 5]),
      flow: { integrator: 'dormand-prince', tolerance: 1e-9, time: 20 },
    });
    await explorer.finished();
    const panel = await openTab(explorer, 'Symmetry');
    await expect(panel.getByText('645 of 750 parameters')).toBeVisible();
    await explorer.seek('End');
    const matrix = panel.getByRole('button', { name: /^Matrix Q of 50 hidden units: trace 1.000/ });
    await matrix.focus();
    await explorer.page.keyboard.press('ArrowDown');
    await expect(panel.getByText(/^Q\(1, 1\) = /)).toBeVisible();
    await explorer.page.keyboard.press('ArrowRight');
    await expect(panel.getByText(/^Q\(1, 2\) = /)).toBeVisible();
    await expect(panel.getByRole('img', { name: /50 eigenvalues of Q/ })).toBeVisible();
  });

  test('of a radial network is a constraint, of a ReLU network nothing', async ({ explorer }) => {
    const { conservedQuantity: _, ...radial } = measurable('squash');
    await explorer.open(radial);
    await explorer.finished();
    const panel = await openTab(explorer, 'Symmetry');
    await expect(panel.getByText(/no conserved quantity but 3 first-order constraints/)).toBeVisible();
    await explorer.choose('Activation', 'ReLU');
    await expect(panel.getByText(/Only linear networks keep a whole matrix/)).toBeVisible();
  });
});

test.describe('the orbit explorer', () => {
  test('slides along the orbit by keyboard: the loss stays and Q changes', async ({ explorer }) => {
    await explorer.open(measurable('linear'));
    await explorer.finished();
    await explorer.seek('Home');
    const panel = await openTab(explorer, 'Orbit');
    const slider = panel.getByRole('slider', { name: 'Orbit position s' });
    const reading = async (name: string) =>
      number((await panel.locator('dl div', { hasText: name }).first().locator('dd').textContent()) ?? '');
    await expect(slider).toBeVisible();
    const [loss, q] = [await reading('Loss'), await reading('Q')];
    await slider.focus();
    await explorer.page.keyboard.press('End');
    await expect.poll(() => reading('Q')).not.toBe(q);
    expect(await reading('Loss')).toBeCloseTo(loss, 10);
    expect(await reading('Residual of the loss')).toBeLessThan(1e-10);
    for (const name of ['Loss', 'Gradient norm', 'Sharpness', 'Q'])
      await expect(panel.getByRole('img', { name: new RegExp(`^${name} along the orbit`) })).toBeVisible();
  });

  test('follows other groups and directions', async ({ explorer }) => {
    await explorer.open(measurable('linear'));
    await explorer.finished();
    const panel = await openTab(explorer, 'Orbit');
    const ends = async () => panel.getByRole('slider', { name: 'Orbit position s' }).getAttribute('max');
    await expect(panel.getByRole('slider', { name: 'Orbit position s' })).toBeVisible();
    const before = await ends();
    await explorer.choose('Orbit direction', 'one unit');
    await expect.poll(ends).not.toBe(before);
    await explorer.page.getByRole('textbox', { name: 'Orbit unit' }).fill('9');
    await explorer.page.keyboard.press('Enter');
    await expect(panel.getByText(/Orbit unit/).nth(1)).toBeVisible();
    await explorer.choose('Orbit group', 'Orthogonal group');
    await expect.poll(async () => Number(await ends())).toBeCloseTo(Math.PI, 1);
  });

  test('says what an imported trajectory does not hold', async ({ explorer }) => {
    await explorer.open(measurable('linear'));
    await explorer.finished();
    await explorer.choose('Parameters in the export', 'no parameters');
    const download = explorer.page.waitForEvent('download');
    await explorer.page.getByRole('button', { name: 'Export trajectory' }).click();
    const path = await (await download).path();
    const chooser = explorer.page.waitForEvent('filechooser');
    await explorer.page.getByRole('button', { name: 'Import' }).click();
    await (await chooser).setFiles(path);
    await expect(explorer.status).toContainText(/imported/i);
    const panel = await openTab(explorer, 'Orbit');
    await expect(panel.getByText(/does not hold the parameters at this moment/)).toBeVisible();
  });
});

test('the canonical form lowers the barrier between two ends', async ({ explorer }) => {
  await explorer.open(measurable('relu', [4, 8, 3]));
  await explorer.finished();
  const panel = await openTab(explorer, 'Symmetry');
  await panel.getByRole('combobox', { name: 'Second flow' }).selectOption({ index: 2 });
  await panel.getByRole('button', { name: 'Align ends' }).click();
  const table = panel.getByRole('table', { name: 'Before and after alignment' });
  const distances = await table.getByRole('row', { name: 'Distance' }).getByRole('cell').allTextContents();
  const [before, after] = distances.map(number);
  expect(after).toBeLessThanOrEqual(before!);
  await expect(panel.getByRole('img', { name: /^Loss on the line between the two ends/ })).toBeVisible();
  await panel.getByRole('combobox', { name: 'Second flow' }).selectOption({ index: 0 });
  await expect(panel.getByRole('button', { name: 'Align ends' })).toBeDisabled();
});

test('the panels have no accessibility violations', async ({ explorer }) => {
  await explorer.open(measurable('linear'));
  await explorer.finished();
  await measure(await openTab(explorer, 'Symmetry'));
  for (const name of ['Symmetry', 'Orbit'] as const) {
    await openTab(explorer, name);
    const { violations } = await new AxeBuilder({ page: explorer.page }).analyze();
    expect(
      violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.target).join(', ')}`),
    ).toEqual([]);
  }
});
