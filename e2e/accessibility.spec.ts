import AxeBuilder from '@axe-core/playwright';
import { expect, test } from './explorer-page.ts';

for (const theme of ['dark', 'light'] as const) {
  test(`has no accessibility violations (${theme})`, async ({ explorer }) => {
    await explorer.page.emulateMedia({ colorScheme: theme });
    await explorer.open();
    await explorer.finished();
    const { violations } = await new AxeBuilder({ page: explorer.page }).analyze();
    expect(
      violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.target).join(', ')}`),
    ).toEqual([]);
  });
}

test('every normative name is there once', async ({ explorer }) => {
  await explorer.open();
  const { page } = explorer;
  for (const name of [
    'Preset',
    'Architecture',
    'Activation',
    'Data',
    'Initialisation',
    'Integrator',
    'Teleportation',
    'Chart',
    'Engine',
  ])
    await expect(page.getByRole('combobox', { name })).toHaveCount(1);
  for (const name of ['Conserved quantity Q', 'Time', 'Speed'])
    await expect(page.getByRole('slider', { name })).toHaveCount(1);
  for (const name of ['Step', 'Teleport', 'Reset', 'Cancel', 'Export trajectory', 'Import'])
    await expect(page.getByRole('button', { name, exact: true })).toHaveCount(1);
  await expect(page.getByRole('button', { name: /^(Play|Pause)$/ })).toHaveCount(1);
  for (const name of ['Widths', 'Seed', 'Tolerance'])
    await expect(page.getByRole('textbox', { name })).toHaveCount(1);
  await explorer.choose('Integrator', 'gradient descent');
  for (const name of ['Step size', 'Steps']) await expect(page.getByRole('textbox', { name })).toHaveCount(1);
  await expect(page.getByRole('table', { name: 'Flows' })).toHaveCount(1);
});
