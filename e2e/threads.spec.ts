import { readFile } from 'node:fs/promises';
import { expect, smallExperiment, test } from './explorer-page.ts';

/** Long enough for workers to start and take part. */
const experiment = {
  ...smallExperiment,
  title: 'Long sweep',
  flow: { integrator: 'gradient-descent', stepSize: 0.002, steps: 100_000 },
  record: { count: 60, spacing: 'log', parameters: 'all' },
  engine: 'cpu',
} as const;

test('the number of threads changes no byte of a trajectory', async ({ explorer }) => {
  const trajectories: string[] = [];
  for (const { threads, device } of [
    { threads: 1, device: /; this processor$/ },
    { threads: 3, device: /; this processor, 3 threads$/ },
  ]) {
    await explorer.open(experiment, `?workers=${threads}`);
    await expect(explorer.status.getByTitle(device)).toBeVisible();
    await explorer.finished();
    // The worker that runs the experiment computes as well.
    expect(explorer.page.workers()).toHaveLength(threads);
    const download = explorer.page.waitForEvent('download');
    await explorer.page.getByRole('button', { name: 'Export trajectory' }).click();
    trajectories.push(await readFile(await (await download).path(), 'utf8'));
  }
  const { flows } = JSON.parse(trajectories[0]!);
  expect(flows).toHaveLength(6);
  for (const { parameters } of flows) expect(parameters.frames).toHaveLength(60);
  expect(trajectories[1]).toBe(trajectories[0]);
});
