import { readFile } from 'node:fs/promises';
import AxeBuilder from '@axe-core/playwright';
import type { Experiment, MlpExperiment } from '../src/experiment/experiment.ts';
import { type ExplorerPage, expect, number, smallExperiment, test } from './explorer-page.ts';

/** The small linear network at fixed steps, without a sweep. */
const steps: MlpExperiment = {
  ...(smallExperiment as MlpExperiment),
  title: 'Small steps',
  conservedQuantity: { kind: 'total', layerPair: 0, value: 1 },
  flow: { integrator: 'rk4', stepSize: 0.1, steps: 300 },
  record: { count: 301, spacing: 'linear', parameters: 'final' },
};

const how = {
  group: 'auto',
  objective: 'gradient-norm',
  direction: 'increase',
  iterations: 20,
  maximumDistance: 1,
} as const;

const teleporting: Experiment = { ...steps, teleportations: { at: [40], ...how } };

const teleport = ({ page }: ExplorerPage) => page.getByRole('button', { name: 'Teleport', exact: true });
const schedule = ({ page }: ExplorerPage) => page.getByRole('combobox', { name: 'Teleportation' });

/** Opens the ledger and waits until the run is over. */
async function ledger(explorer: ExplorerPage) {
  await explorer.finished();
  await explorer.page.getByRole('tab', { name: 'Jumps' }).click();
  return explorer.jumps();
}

/** Loss kept to rounding, gradient norm larger. */
async function expectKeptLossAndLargerGradient(explorer: ExplorerPage) {
  const [jump] = await ledger(explorer);
  expect(jump).toBeDefined();
  const { Loss, 'Gradient norm': gradient } = jump!.rows;
  expect(Loss!.after).toBeCloseTo(Loss!.before, 6);
  expect(Math.abs(Loss!.change)).toBeLessThan(1e-12);
  expect(gradient!.after).toBeGreaterThan(1.2 * gradient!.before);
  return jump!;
}

test.describe('teleportation', () => {
  test('Teleport jumps from where the cursor is, and undo takes it back', async ({ explorer }) => {
    await explorer.open(steps);
    await explorer.finished();
    await explorer.page.getByRole('tab', { name: 'Jumps' }).click();
    await expect(explorer.page.getByText('No flow of this run teleports.')).toBeVisible();
    await explorer.seek('Home');
    await explorer.time.fill('40');
    await teleport(explorer).click();
    const jump = await expectKeptLossAndLargerGradient(explorer);
    expect(jump.title).toContain('Step 40');
    await expect(schedule(explorer)).toHaveValue('at');
    await expect(explorer.page.getByRole('textbox', { name: 'Jump after' })).toHaveValue('40');
    // The cursor stays at the jump.
    expect(Number(await explorer.time.inputValue())).toBe(40);
    await explorer.page.getByRole('button', { name: 'Undo' }).click();
    await explorer.finished();
    await expect(explorer.page.getByText('No flow of this run teleports.')).toBeVisible();
    await expect(schedule(explorer)).toHaveValue('never');
  });

  test('by keyboard alone: to the place, j, the ledger, and back to the jump', async ({ explorer }) => {
    const { page } = explorer;
    await explorer.open(steps);
    await explorer.finished();
    await explorer.seek('Home');
    for (let i = 0; i < 3; i++) await page.keyboard.press('PageUp');
    const at = Number(await explorer.time.inputValue());
    expect(at).toBeGreaterThan(0);
    await page.keyboard.press('j');
    await explorer.finished();
    await page.getByRole('tab', { name: 'Curves' }).focus();
    await page.keyboard.press('ArrowRight');
    await expect(page.getByRole('tab', { name: 'Jumps' })).toBeFocused();
    await expect(page.getByRole('table', { name: 'Jumps' })).toBeVisible();
    await explorer.time.focus();
    await page.keyboard.press('End');
    await page.getByRole('button', { name: /^Step \d+ time/ }).focus();
    await page.keyboard.press('Enter');
    await expect.poll(async () => Number(await explorer.time.inputValue())).toBe(at);
  });

  test('the twin starts with the steered flow and does not jump', async ({ explorer }) => {
    await explorer.open(teleporting);
    await explorer.finished();
    expect(await explorer.flows()).toHaveLength(2);
    await explorer.seek('Home');
    const [steered, twin] = await explorer.flows();
    expect(twin!.Label).toMatch(/not teleported/);
    expect(twin!.Loss).toBe(steered!.Loss);
    await explorer.seek('End');
    const [end, twinEnd] = await explorer.flows();
    expect(number(end!.Loss!)).toBeLessThan(number(twinEnd!.Loss!));
    expect(number(twinEnd!.Q!)).toBeCloseTo(number(twin!.Q!), 4);
    expect(Math.abs(number(end!.Q!) - number(steered!.Q!))).toBeGreaterThan(0.1);
    await explorer.page.getByRole('checkbox', { name: 'Twin that does not teleport' }).uncheck();
    await explorer.finished();
    await expect.poll(async () => (await explorer.flows()).length).toBe(1);
  });

  test('every kind of schedule, by its control', async ({ explorer }) => {
    const { page } = explorer;
    await explorer.open(steps);
    const type = async (name: string, text: string) => {
      await page.getByRole('textbox', { name, exact: true }).fill(text);
      await page.keyboard.press('Enter');
    };
    await explorer.choose('Teleportation', 'at steps');
    await page.getByText('How far').click();
    await type('Maximum distance', '0.5');
    await type('Jump after', '10, 20');
    expect((await ledger(explorer)).map(({ title }) => title.match(/\d+/)?.[0])).toEqual(['10', '20']);
    await explorer.choose('Teleportation', 'every n steps');
    await type('Jump every', '100');
    expect((await ledger(explorer)).map(({ title }) => title.match(/\d+/)?.[0])).toEqual(['100', '200']);
    await explorer.choose('Teleportation', 'at times');
    await type('Jump at', '3');
    expect((await ledger(explorer)).map(({ title }) => title.match(/\d+/)?.[0])).toEqual(['30']);
    await explorer.choose('Teleportation', 'small gradient');
    await type('Jump below', '0.1');
    const [jump] = await ledger(explorer);
    expect(jump!.rows['Gradient norm']!.before).toBeLessThanOrEqual(0.1);
    await type('Jump below', '1e-30');
    await explorer.finished();
    await expect(page.getByText(/no gradient norm fell to 10⁻³⁰/)).toBeVisible();
    await explorer.choose('Teleportation', 'never');
    await explorer.finished();
    await expect.poll(async () => (await explorer.flows()).length).toBe(1);
  });

  test('objectives do what they say', async ({ explorer }) => {
    const { page } = explorer;
    await explorer.open(teleporting);
    await explorer.choose('Objective', 'sharpness');
    await explorer.choose('Direction', 'decrease');
    const [flatter] = await ledger(explorer);
    expect(flatter!.rows.Sharpness!.after).toBeLessThan(flatter!.rows.Sharpness!.before);
    await explorer.choose('Objective', 'conserved quantity');
    await page.getByRole('textbox', { name: 'Target Q' }).fill('3');
    await page.keyboard.press('Enter');
    await expect.poll(async () => (await ledger(explorer))[0]?.rows.Q?.after).toBeCloseTo(3, 3);
    await explorer.choose('Objective', 'random element');
    await expect(page.getByRole('combobox', { name: 'Direction' })).toHaveCount(0);
    const [random] = await ledger(explorer);
    expect(Math.abs(random!.rows.Loss!.change)).toBeLessThan(1e-12);
  });

  test('groups: those that do not apply say why, the others can be chosen', async ({ explorer }) => {
    const { page } = explorer;
    await explorer.open(teleporting);
    await explorer.finished();
    const group = page.getByRole('combobox', { name: 'Group' });
    await expect(group.locator('option', { hasText: 'SO(2)' })).toBeDisabled();
    await expect(group.locator('option', { hasText: /^GL\(h\)$/ })).toBeEnabled();
    await page.getByText('Groups that do not apply').click();
    await expect(page.getByText(/is not a homogeneous radial activation/).first()).toBeVisible();
    await explorer.choose('Group', '(R>0)^h, positive rescaling of hidden units');
    const [jump] = await ledger(explorer);
    expect(jump!.title).toContain('(R>0)^h');
  });

  test('what cannot be is refused beside the field, in one sentence', async ({ explorer }) => {
    const { page } = explorer;
    await explorer.open(teleporting);
    const at = page.getByRole('textbox', { name: 'Jump after' });
    await at.fill('301');
    await page.keyboard.press('Enter');
    await expect(page.getByText('Steps to jump after must be at most 300.')).toBeVisible();
    await page.keyboard.press('Escape');
    await explorer.choose('Integrator', 'Dormand–Prince 5(4)');
    await explorer.finished();
    await expect(schedule(explorer)).toHaveValue('at-time');
    await expect(schedule(explorer).locator('option', { hasText: 'at steps' })).toBeDisabled();
    await explorer.import({ ...smallExperiment, teleportations: { at: [4], ...how } });
    await expect(page.getByRole('alert')).toContainText(/teleportations\.at.*dormand-prince.*atTime/);
    await explorer.import({ ...steps, teleportations: { at: [301], ...how } });
    await expect(page.getByRole('alert')).toContainText(/teleportations\.at\[0\].*flow\.steps \(300\)/);
  });

  test('an export holds the jumps, and its import shows the same ledger', async ({ explorer }) => {
    const { page } = explorer;
    await explorer.open(teleporting);
    const shown = await ledger(explorer);
    const download = page.waitForEvent('download');
    await page.getByRole('button', { name: 'Export trajectory' }).click();
    const text = await readFile(await (await download).path(), 'utf8');
    const { flows } = JSON.parse(text);
    expect(flows[1].teleportations).toEqual([]);
    const [{ step, before, after, group, objective }] = flows[0].teleportations;
    expect({ step, group, objective }).toEqual({
      step: 40,
      group: 'general-linear',
      objective: 'gradient-norm',
    });
    expect(Math.abs(after.loss - before.loss)).toBeLessThan(1e-12 * before.loss);
    expect(after.gradientNorm).toBeGreaterThan(before.gradientNorm);
    expect(after.conserved).not.toEqual(before.conserved);
    await explorer.choose('Teleportation', 'never');
    await explorer.finished();
    await explorer.import(JSON.parse(text));
    await expect(explorer.status).toContainText(/imported/i);
    expect(await ledger(explorer)).toEqual(shown);
  });

  test('jumps keep the loss whatever engine takes the steps', async ({ explorer }, { project }) => {
    await explorer.open({ ...teleporting, engine: 'webgpu' });
    const words = project.name === 'webgpu' ? /webgpu.*float32/i : /cpu.*float64.*no WebGPU adapter/i;
    await expect(explorer.status).toContainText(words, { timeout: 30_000 });
    await expectKeptLossAndLargerGradient(explorer);
  });

  test('a test function: its formula, its start, and no field of a network', async ({ explorer }) => {
    const { page } = explorer;
    await explorer.open(steps);
    await explorer.choose('Architecture', 'Booth');
    await explorer.finished();
    await expect(page.getByText('(x + 2y − 7)² + (2x + y − 5)²')).toBeVisible();
    for (const name of ['Widths', 'Seed']) await expect(page.getByRole('textbox', { name })).toHaveCount(0);
    for (const name of ['Activation', 'Data', 'Loss'])
      await expect(page.getByRole('combobox', { name, exact: true })).toHaveCount(0);
    await explorer.seek('Home');
    await expect.poll(async () => number((await explorer.steered()).Loss!)).toBe(144);
    await explorer.time.fill('4');
    await teleport(explorer).click();
    const jump = await expectKeptLossAndLargerGradient(explorer);
    expect(jump.title).toContain('SO(2)');
    expect(jump.rows.Q).toBeUndefined();
    await page.getByRole('textbox', { name: 'Start x' }).fill('1');
    await page.keyboard.press('Enter');
    await page.getByRole('textbox', { name: 'Start y' }).fill('2');
    await page.keyboard.press('Enter');
    await explorer.finished();
    await explorer.seek('Home');
    await expect.poll(async () => number((await explorer.steered()).Loss!)).toBe(5);
    await explorer.choose('Architecture', 'Network');
    await explorer.finished();
    await expect(page.getByRole('textbox', { name: 'Widths' })).toHaveValue('10-50-5');
  });

  test('radial activations and row inversion have the groups that they have', async ({ explorer }) => {
    const { page } = explorer;
    await explorer.open({ ...steps, conservedQuantity: { kind: 'total', layerPair: 0 } });
    await explorer.choose('Activation', 'square, radial');
    await explorer.finished();
    await expect(page.getByText('one number for all its units')).toBeVisible();
    await expect(page.getByText('Per hidden unit')).toHaveCount(0);
    await explorer.choose('Activation', 'squash, radial');
    await explorer.finished();
    await expect(page.getByText(/antisymmetric and give only first-order constraints/).first()).toBeVisible();
    await explorer.choose('Activation', 'row inversion');
    await explorer.finished();
    await expect(page.getByText('8 values', { exact: true })).toBeVisible();
  });

  test('weight decay: Q follows its law, and the page says so', async ({ explorer }) => {
    const { page } = explorer;
    await explorer.open({ ...smallExperiment, flow: { ...smallExperiment.flow, weightDecay: 0.02 } });
    await explorer.finished();
    await expect(
      page.getByText(/Departure from the law of weight decay, Q\(0\)\sexp\(−0\.04\st\)/),
    ).toBeVisible();
    await explorer.seek('End');
    const row = await explorer.steered();
    expect(number(row.Q!)).toBeCloseTo(Math.exp(-0.04 * 60), 4);
    expect(number(row['Drift of Q']!)).toBeLessThan(1e-4);
    const decay = page.getByRole('textbox', { name: 'Weight decay' });
    await decay.fill('0');
    await page.keyboard.press('Enter');
    await explorer.finished();
    await explorer.seek('End');
    await expect.poll(async () => number((await explorer.steered()).Q!)).toBeCloseTo(1, 4);
  });

  for (const theme of ['dark', 'light'] as const) {
    test(`the ledger and the set-up have no accessibility violations (${theme})`, async ({ explorer }) => {
      await explorer.page.emulateMedia({ colorScheme: theme });
      await explorer.open(teleporting);
      await ledger(explorer);
      await explorer.page.getByText('Groups that do not apply').click();
      const { violations } = await new AxeBuilder({ page: explorer.page }).analyze();
      expect(
        violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.target).join(', ')}`),
      ).toEqual([]);
    });
  }
});
