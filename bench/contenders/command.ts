import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Experiment } from '../../src/experiment/experiment.ts';
import type { Contender } from '../contest.ts';

const SHORT = 1000;
const script = fileURLToPath(new URL('../../scripts/flow.mjs', import.meta.url));

const experiment = (steps: number): Experiment => ({
  type: 'orbitscape/experiment',
  version: 1,
  title: 'Bench',
  architecture: { kind: 'mlp', widths: [10, 50, 5], activation: 'tanh', bias: false },
  data: { kind: 'whitened', seed: 12345 },
  loss: { kind: 'mean-squared-error' },
  initialisation: { kind: 'normal', std: [0.1, 0.1], seed: 1 },
  flow: { integrator: 'gradient-descent', stepSize: 0.1, steps },
  record: { steps: [0, steps], parameters: 'final' },
  engine: 'cpu',
});

/** What `npm run flow` runs, started anew for a long and for a short run; the difference is the steps themselves. */
export function runCommand(steps: number): Contender {
  return {
    label: 'npm run flow',
    amount: steps - SHORT,
    run: async () => milliseconds(steps) - milliseconds(SHORT),
  };
}

function milliseconds(steps: number): number {
  const folder = mkdtempSync(join(tmpdir(), 'orbitscape-bench-'));
  try {
    const document = join(folder, 'experiment.json');
    writeFileSync(document, JSON.stringify(experiment(steps)));
    const start = performance.now();
    const { status, stderr } = spawnSync(
      process.execPath,
      [script, document, '--out', join(folder, 'trajectory.json')],
      { encoding: 'utf8' },
    );
    if (status !== 0) throw new Error(`npm run flow failed: ${stderr}`);
    return performance.now() - start;
  } finally {
    rmSync(folder, { recursive: true });
  }
}
