import { expect, test } from './explorer-page.ts';

test('a broken shader fails the self-test and the run goes on on the cpu', async ({ explorer }, {
  project,
}) => {
  await explorer.page.goto('./?inject=shader');
  const words = project.name === 'webgpu' ? /cpu.*float64.*self-test/i : /cpu.*float64.*no WebGPU adapter/i;
  await expect(explorer.status).toContainText(words, { timeout: 30_000 });
  await explorer.finished();
});

test('the engine can be chosen', async ({ explorer }, { project }) => {
  await explorer.open();
  await explorer.choose('Engine', 'cpu');
  await expect(explorer.status).toContainText(/cpu.*float64.*chosen/i);
  await explorer.choose('Engine', 'webgpu');
  const words = project.name === 'webgpu' ? /webgpu.*float32.*chosen/i : /cpu.*float64.*no WebGPU adapter/i;
  await expect(explorer.status).toContainText(words);
});
