import type { MlpExperiment } from './experiment.ts';

/** The experiment that the page opens on, the same as the preset `linear-sweep.json`. */
export const defaultExperiment: MlpExperiment = {
  type: 'orbitscape/experiment',
  version: 1,
  title: 'Linear network, sweep of Q',
  description:
    'Every flow keeps the Q it starts with and comes to rest in the valley. The floor is narrow where |Q| is large: faster and sharper.',
  architecture: { kind: 'mlp', widths: [10, 50, 5], activation: 'linear', bias: false },
  data: { kind: 'whitened', seed: 1 },
  loss: { kind: 'mean-squared-error' },
  initialisation: { kind: 'normal', std: [0.3, 0.3], seed: 1 },
  conservedQuantity: { kind: 'total', layerPair: 0, sweep: { from: -120, to: 120, count: 33 } },
  flow: { integrator: 'dormand-prince', tolerance: 1e-8, time: 200 },
  record: { count: 200, spacing: 'log', parameters: 'final' },
  engine: 'auto',
};

/** What an edit falls back on where the present choice no longer fits. */
export const fallback = {
  data: { kind: 'whitened', seed: 1 },
  std: 0.1,
  seed: 1,
  samples: 32,
  recordCount: 200,
  tolerance: 1e-8,
  steps: 10_000,
  sweepCount: 33,
  teleportations: {
    group: 'auto',
    objective: 'gradient-norm',
    direction: 'increase',
    iterations: 20,
    /** Orbits of networks are unbounded and grow sharp: from 2 on, a sweep takes many times as many adaptive steps. */
    maximumDistance: 1,
  },
} as const;
