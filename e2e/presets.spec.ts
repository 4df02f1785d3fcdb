import { readFileSync } from 'node:fs';
import { hasTwin } from '../src/experiment/teleportations.ts';
import { parseExperiment } from '../src/experiment/validate.ts';
import { expect, number, test } from './explorer-page.ts';

const presets: { file: string; title: string }[] = JSON.parse(
  readFileSync('public/presets/index.json', 'utf8'),
);

const read = (file: string) => parseExperiment(JSON.parse(readFileSync(`public/presets/${file}`, 'utf8')));

for (const { file, title } of presets) {
  test(`preset: ${title}`, async ({ explorer }) => {
    // Software rendering and the flows share two cores: nothing plays while they are computed.
    await explorer.page.emulateMedia({ reducedMotion: 'reduce' });
    const preset = read(file);
    await explorer.open(preset);
    await explorer.finished();
    await explorer.seek('End');
    const rows = await explorer.flows();
    expect(rows).toHaveLength(1 + (preset.conservedQuantity?.sweep?.count ?? 0) + (hasTwin(preset) ? 1 : 0));
    expect(rows.every((row) => /completed|converged/i.test(row.Outcome ?? ''))).toBe(true);
    expect(rows.every((row) => Number.isFinite(number(row.Loss ?? '')))).toBe(true);
  });
}

test('the preset whose data break conservation says so, and its Q drifts', async ({ explorer }) => {
  const broken = presets.find(({ title }) => /not conserved/i.test(title));
  expect(broken).toBeDefined();
  await explorer.open();
  await explorer.choose('Preset', broken!.title);
  await expect(
    explorer.page
      .getByText(/not conserved/i)
      .filter({ visible: true })
      .first(),
  ).toBeVisible();
  await explorer.choose('Engine', 'cpu');
  await explorer.finished();
  await explorer.seek('End');
  expect(number((await explorer.steered())['Drift of Q'] ?? '')).toBeGreaterThan(1e-3);
});
