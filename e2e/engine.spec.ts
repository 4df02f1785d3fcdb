import type { Experiment } from '../src/experiment/experiment.ts';
import { experimentToHash } from '../src/experiment/link.ts';
import { expect, number, smallExperiment, test } from './explorer-page.ts';

test('a broken shader fails the self-test and the run goes on on the cpu', async ({ explorer }, {
  project,
}) => {
  await explorer.open({ ...smallExperiment, engine: 'webgpu' }, '?inject=shader');
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

test('a short run starts at once, without TF.js', async ({ explorer }) => {
  const loaded: string[] = [];
  explorer.page.context().on('request', (request) => loaded.push(request.url()));
  await explorer.open();
  await expect(explorer.status).toContainText('cpu, float64 (short run)');
  await explorer.finished();
  expect(loaded.some((url) => /worker/.test(url))).toBe(true);
  expect(loaded.filter((url) => /tensorflow|tfjs/.test(url))).toEqual([]);
});

/** 784-256-10 with 1000 samples: no workgroup holds it, and the cpu takes a good part of a second per step. */
const images: Experiment = {
  type: 'orbitscape/experiment',
  version: 1,
  title: 'As large as images',
  architecture: { kind: 'mlp', widths: [784, 256, 10], activation: 'tanh', bias: false },
  data: { kind: 'teacher', seed: 1, samples: 1000 },
  loss: { kind: 'mean-squared-error' },
  initialisation: { kind: 'lecun', seed: 1 },
  flow: { integrator: 'gradient-descent', stepSize: 0.1, steps: 6 },
  record: { count: 4, spacing: 'linear', parameters: 'none' },
  engine: 'tfjs',
};

test('a network for images runs on tfjs', async ({ explorer }) => {
  // A software adapter compiles and tests the kernels in some seconds.
  await explorer.page.goto(`./${experimentToHash(images)}`);
  await expect(explorer.status).toContainText(/tfjs.*float32.*chosen/i, { timeout: 60_000 });
  await explorer.finished();
  const { Loss, Outcome } = await explorer.steered();
  expect(Outcome).toBe('completed');
  expect(number(Loss!)).toBeGreaterThan(0);
});

test('what is too large for every engine is refused with its size and the limit', async ({ explorer }) => {
  const many: Experiment = { ...images, initialisation: { kind: 'lecun', seed: 1, replicas: 255 } };
  await explorer.page.goto(`./${experimentToHash(many)}`);
  await expect(explorer.page.getByRole('alert')).toHaveText(
    /The run would take .* GiB of memory \(256 flows of 203264 parameters.*1000 samples\) and at most 1 GiB/,
  );
});
