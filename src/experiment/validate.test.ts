import { describe, expect, it } from 'vitest';
import { activationNames } from '../model/activation.ts';
import { defaultExperiment } from './defaults.ts';
import { DocumentError } from './document-error.ts';
import { alternatives } from './sentence.ts';
import type { Trajectory } from './trajectory.ts';
import { checkFileSize, parseDocument, parseExperiment, parseTrajectory } from './validate.ts';

/** A copy with one field replaced; `undefined` removes it. Missing objects on the way are not made. */
function edited(document: unknown, path: string, value: unknown): unknown {
  const copy = structuredClone(document);
  const keys = path.split(/[.[\]]+/).filter((key) => key !== '');
  const last = keys.pop()!;
  const parent = keys.reduce<unknown>((at, key) => (at as Record<string, unknown>)[key], copy) as Record<
    string,
    unknown
  >;
  if (value === undefined) delete parent[last];
  else parent[last] = value;
  return copy;
}

function refusal(parse: () => unknown): DocumentError {
  try {
    parse();
  } catch (error) {
    if (error instanceof DocumentError) return error;
    throw error;
  }
  throw new Error('The document was accepted.');
}

const small = {
  ...defaultExperiment,
  architecture: { kind: 'mlp', widths: [2, 3, 1], activation: 'linear', bias: false },
} as const;
const explicitData = {
  ...small,
  data: {
    kind: 'explicit',
    inputs: [
      [1, 0],
      [0, 1],
    ],
    targets: [[1], [2]],
  },
};
const explicitParameters = {
  ...small,
  initialisation: {
    kind: 'explicit',
    parameters: [
      {
        weight: [
          [1, 2],
          [3, 4],
          [5, 6],
        ],
      },
      { weight: [[1, 2, 3]] },
    ],
  },
};
const biased = {
  ...small,
  architecture: { ...small.architecture, bias: true },
  initialisation: {
    kind: 'explicit',
    parameters: [
      {
        weight: [
          [1, 2],
          [3, 4],
          [5, 6],
        ],
        bias: [0, 0, 0],
      },
      { weight: [[1, 2, 3]], bias: [0] },
    ],
  },
};
const classification = {
  ...explicitData,
  architecture: { ...small.architecture, widths: [2, 3, 2] },
  loss: { kind: 'cross-entropy' },
  data: { kind: 'explicit', inputs: [[1, 0]], targets: [[0.25, 0.75]] },
};
const perUnit = { ...small, conservedQuantity: { kind: 'per-unit', layerPair: 0, value: [1, 2, 3] } };
const descent = {
  ...small,
  flow: { integrator: 'gradient-descent', stepSize: 0.1, steps: 100 },
  record: { steps: [0, 10, 100], parameters: 'none' },
};
const options = {
  group: 'auto',
  objective: 'gradient-norm',
  direction: 'increase',
  iterations: 20,
  maximumDistance: 5,
} as const;
const teleported = { ...descent, teleportations: { at: [0, 10, 100], ...options } };
const falling = {
  ...small,
  flow: { ...small.flow, weightDecay: 0.1, stop: { gradientNorm: 0.01 } },
  teleportations: { whenGradientNormBelow: 0.1, limit: 3, ...options, seed: 4, twin: false },
};
const aimed = {
  ...small,
  teleportations: { atTime: [0, 1.5], ...options, objective: 'conserved-quantity', target: -2 },
};
const booth = {
  type: 'orbitscape/experiment',
  version: 1,
  title: 'Booth',
  architecture: { kind: 'test-function', name: 'booth' },
  initialisation: { kind: 'explicit', parameters: [{ weight: [[5, -5]] }] },
  flow: { integrator: 'gradient-descent', stepSize: 0.08, steps: 10 },
  record: { steps: [0, 10], parameters: 'all' },
  engine: 'auto',
} as const;
const state = { loss: 2, gradientNorm: 1, conserved: [3], sharpness: 4 };
const jump = {
  step: 0,
  time: 0,
  group: 'general-linear',
  objective: 'gradient-norm',
  before: state,
  after: { ...state, gradientNorm: 5 },
  distance: 0.5,
  displacement: 1,
  iterations: 2,
  gradients: 12,
  message: 'The ascent came to rest.',
} as const;
const trajectory: Trajectory = {
  type: 'orbitscape/trajectory',
  version: 1,
  experiment: small,
  provenance: { application: 'orbitscape 0.1.0', engine: 'cpu', precision: 'float64' },
  flows: [
    {
      label: 'Q = 1',
      outcome: { kind: 'completed', message: '' },
      frames: {
        step: [0, 1],
        time: [0, 0.1],
        loss: [1, null],
        gradientNorm: [1, 0.5],
        conserved: [[1], [1]],
      },
      parameters: { initial: [], final: [] },
      teleportations: [],
    },
  ],
};

describe('a valid document', () => {
  it.each(
    Object.entries({
      small,
      explicitData,
      explicitParameters,
      biased,
      classification,
      perUnit,
      descent,
      teleported,
      falling,
      aimed,
      booth,
    }),
  )('is accepted: %s', (_, document) => expect(parseExperiment(document)).toEqual(document));
  it('is accepted: trajectory', () => expect(parseTrajectory(trajectory)).toEqual(trajectory));
  it('is accepted: trajectory with a jump', () => {
    const jumped = edited(trajectory, 'flows[0].teleportations', [jump]);
    expect(parseTrajectory(jumped)).toEqual(jumped);
  });
  it('needs only a schedule to teleport', () => {
    expect(parseExperiment({ ...descent, teleportations: { at: [3] } }).teleportations).toEqual({
      at: [3],
      ...options,
    });
  });
  it('needs no engine: the choice is then automatic', () => {
    expect(parseExperiment(edited(small, 'engine', undefined)).engine).toBe('auto');
  });
});

/** `path`: the field that the error names, when it is not the one that was changed. */
type Case = readonly [document: unknown, field: string, value: unknown, sentence: string, path?: string];

const named = (one: Case): [string, Case] => [one[3], one];

const shapes: readonly Case[] = [
  [small, 'architecture.widths[1]', 0, 'architecture.widths[1] must be at least 1, but it is 0.'],
  [small, 'architecture.widths[1]', 1025, 'architecture.widths[1] must be at most 1024, but it is 1025.'],
  [small, 'architecture.widths[1]', 2.5, 'architecture.widths[1] must be a whole number, but it is 2.5.'],
  [
    small,
    'architecture.widths[1]',
    '3',
    'architecture.widths[1] must be a whole number, but it is the text "3".',
  ],
  [
    small,
    'architecture.widths',
    [1, 1],
    'architecture.widths must list 3 to 7 widths: inputs, hidden layers, outputs (a network of 2 to 6 layers).',
  ],
  [
    small,
    'architecture.widths',
    Array(8).fill(1),
    'architecture.widths must list 3 to 7 widths: inputs, hidden layers, outputs (a network of 2 to 6 layers).',
  ],
  [small, 'architecture', undefined, 'architecture must be an object with named fields, but it is missing.'],
  [
    small,
    'architecture.activation',
    'tahn',
    `architecture.activation must be ${alternatives(activationNames)}, but it is the text "tahn": did you mean "tanh"?`,
  ],
  [small, 'architecture.bias', undefined, 'architecture.bias must be true or false, but it is missing.'],
  [small, 'data.seed', Number.NaN, 'data.seed must be a whole number, but it is NaN.'],
  [small, 'data.seed', Number.POSITIVE_INFINITY, 'data.seed must be a whole number, but it is Infinity.'],
  [small, 'data.seed', -1, 'data.seed must be at least 0, but it is -1.'],
  [small, 'data.seed', 2 ** 32, 'data.seed must be at most 4294967295, but it is 4294967296.'],
  [
    small,
    'data.kind',
    'whitend',
    'data.kind must be "whitened", "teacher" or "explicit", but it is the text "whitend": did you mean "whitened"?',
  ],
  [
    small,
    'data',
    { kind: 'teacher', seed: 1, samples: 0 },
    'data.samples must be at least 1, but it is 0.',
    'data.samples',
  ],
  [
    small,
    'data',
    { kind: 'teacher', seed: 1, samples: 65537 },
    'data.samples must be at most 65536, but it is 65537.',
    'data.samples',
  ],
  [
    small,
    'loss.kind',
    'mse',
    'loss.kind must be "mean-squared-error", "half-squared-error", "squared-error" or "cross-entropy", but it is the text "mse".',
  ],
  [small, 'initialisation.replicas', 256, 'initialisation.replicas must be at most 255, but it is 256.'],
  [small, 'initialisation.std[0]', -1, 'initialisation.std[0] must be at least 0, but it is -1.'],
  [
    small,
    'conservedQuantity.sweep.count',
    1,
    'conservedQuantity.sweep.count must be at least 2, but it is 1.',
  ],
  [
    small,
    'conservedQuantity.sweep.count',
    258,
    'conservedQuantity.sweep.count must be at most 257, but it is 258.',
  ],
  [
    small,
    'conservedQuantity.value',
    null,
    'conservedQuantity.value must be a finite number, but it is null.',
  ],
  [small, 'flow.tolerence', 1e-3, 'flow.tolerence is not a known field: did you mean "tolerance"?'],
  [
    small,
    'flow.stepSize',
    1,
    'flow.stepSize is not a known field: remove it (known here: integrator, tolerance, time, weightDecay, stop).',
  ],
  [small, 'flow.time', 0, 'flow.time must be greater than 0, but it is 0.'],
  [small, 'flow.tolerance', 1e-20, 'flow.tolerance must be at least 1e-14, but it is 1e-20.'],
  [
    small,
    'flow.integrator',
    undefined,
    'flow.integrator must be "gradient-descent", "rk4" or "dormand-prince", but it is missing.',
  ],
  [descent, 'flow.steps', 0, 'flow.steps must be at least 1, but it is 0.'],
  [small, 'record.count', 1, 'record.count must be at least 2, but it is 1.'],
  [small, 'record.steps', [0], 'record must have either "count" and "spacing", or a list "steps".', 'record'],
  [descent, 'record.steps[1]', 'ten', 'record.steps[1] must be a finite number, but it is the text "ten".'],
  [small, 'title', 'x'.repeat(201), 'title must have at most 200 characters, but it has 201.'],
  [
    small,
    'engine',
    'gpu',
    'engine must be "auto", "cpu", "webgpu" or "tfjs", but it is the text "gpu": did you mean "webgpu"?',
  ],
  [explicitData, 'data.inputs[1][0]', null, 'data.inputs[1][0] must be a finite number, but it is null.'],
  [explicitData, 'data.inputs[1]', 4, 'data.inputs[1] must be a row of at most 1024 numbers, but it is 4.'],
  [
    explicitData,
    'data.inputs',
    undefined,
    'data.inputs must be a list of rows of numbers, but it is missing.',
  ],
];

const rules: readonly Case[] = [
  [
    small,
    'initialisation.std',
    [0.1],
    'initialisation.std must have 2 numbers, one per layer of architecture.widths, but it has 1.',
  ],
  [explicitData, 'data.inputs', [], 'data.inputs must have at least one row, one per sample.'],
  [
    explicitData,
    'data.targets',
    [[1]],
    'data.targets must have one row per sample: 2, as data.inputs has, but it has 1.',
  ],
  [
    explicitData,
    'data.inputs[1]',
    [1],
    'data.inputs[1] must have 2 numbers, as architecture.widths[0] says, but it has 1.',
  ],
  [
    explicitData,
    'data.targets[1]',
    [1, 2],
    'data.targets[1] must have 1 number, as architecture.widths[2] says, but it has 2.',
  ],
  [
    classification,
    'data.targets[0]',
    [0.5, 0.6],
    'data.targets[0] must be a distribution for cross-entropy: numbers of at least 0 with sum 1 (they sum to 1.1).',
  ],
  [
    classification,
    'data.targets[0]',
    [-1, 2],
    'data.targets[0] must be a distribution for cross-entropy: numbers of at least 0 with sum 1 (they sum to 1).',
  ],
  [
    explicitParameters,
    'initialisation.parameters',
    [],
    'initialisation.parameters must have 2 layers, as architecture.widths says, but it has 0.',
  ],
  [
    explicitParameters,
    'initialisation.parameters[0].weight',
    [[1, 2]],
    'initialisation.parameters[0].weight must have 3 rows, as architecture.widths[1] says, but it has 1.',
  ],
  [
    explicitParameters,
    'initialisation.parameters[0].weight[2]',
    [1],
    'initialisation.parameters[0].weight[2] must have 2 numbers, as architecture.widths[0] says, but it has 1.',
  ],
  [
    explicitParameters,
    'initialisation.parameters[0].bias',
    [1, 2, 3],
    'initialisation.parameters[0].bias must be absent because architecture.bias is false.',
  ],
  [
    biased,
    'initialisation.parameters[1].bias',
    undefined,
    'initialisation.parameters[1].bias is missing although architecture.bias is true: give one number per row of weight.',
  ],
  [
    biased,
    'initialisation.parameters[0].bias',
    [1],
    'initialisation.parameters[0].bias must have 3 numbers, as architecture.widths[1] says, but it has 1.',
  ],
  [
    perUnit,
    'conservedQuantity.value',
    [1, 2],
    'conservedQuantity.value must have 3 numbers, one per hidden unit of the layer pair, but it has 2.',
  ],
  [
    small,
    'conservedQuantity.layerPair',
    1,
    'conservedQuantity.layerPair must be at most 0 because 1 layer pair of the network has a conserved quantity, but it is 1.',
  ],
  [
    small,
    'conservedQuantity.sweep.to',
    -200,
    'conservedQuantity.sweep.to must be greater than conservedQuantity.sweep.from (-120), but it is -200.',
  ],
  [
    { ...small, initialisation: { kind: 'he', seed: 1 } },
    'architecture',
    { kind: 'mlp', widths: [2, 3, 3, 1], activation: 'squash', bias: false },
    'conservedQuantity must be absent: a network with the activation squash, radial has none; use one that is not radial.',
    'conservedQuantity',
  ],
  [descent, 'record.steps', [], 'record.steps must have at least one step number.'],
  [
    descent,
    'record.steps[2]',
    101,
    'record.steps[2] must be a whole number from 0 to flow.steps (100), but it is 101.',
  ],
  [
    descent,
    'record.steps[1]',
    0.5,
    'record.steps[1] must be a whole number from 0 to flow.steps (100), but it is 0.5.',
  ],
  [
    descent,
    'record.steps[2]',
    10,
    'record.steps[2] must be greater than the step before it (10), but it is 10.',
  ],
  [
    descent,
    'flow',
    small.flow,
    'record.steps cannot be used with dormand-prince, whose steps adapt: give record.count and record.spacing instead.',
    'record.steps',
  ],
];

const teleportations: readonly Case[] = [
  [
    descent,
    'teleportations',
    { ...options },
    'teleportations must say when in one way: "at" (a list of steps), "atTime", "every" or "whenGradientNormBelow" (with it, "limit").',
  ],
  [
    teleported,
    'teleportations.every',
    5,
    'teleportations must say when in one way: "at" (a list of steps), "atTime", "every" or "whenGradientNormBelow" (with it, "limit").',
    'teleportations',
  ],
  [
    teleported,
    'teleportations.at[2]',
    101,
    'teleportations.at[2] must be a whole number from 0 to flow.steps (100), but it is 101.',
  ],
  [
    teleported,
    'teleportations.at[1]',
    0,
    'teleportations.at[1] must be greater than the step before it (0), but it is 0.',
  ],
  [
    small,
    'teleportations',
    { at: [1], ...options },
    'teleportations.at cannot be used with dormand-prince, whose steps adapt: give teleportations.atTime instead.',
    'teleportations.at',
  ],
  [
    small,
    'teleportations',
    { every: 5, ...options },
    'teleportations.every cannot be used with dormand-prince, whose steps adapt: give teleportations.atTime instead.',
    'teleportations.every',
  ],
  [
    aimed,
    'teleportations.atTime[1]',
    201,
    'teleportations.atTime[1] must be at most flow.time (200), but it is 201.',
  ],
  [
    { ...descent, flow: { ...descent.flow, steps: 100_000 } },
    'teleportations',
    { every: 10, ...options },
    'teleportations.every must be at least 100 so that a flow teleports at most 1000 times, but it is 10.',
    'teleportations.every',
  ],
  [
    falling,
    'teleportations.whenGradientNormBelow',
    0.01,
    'teleportations.whenGradientNormBelow must be greater than flow.stop.gradientNorm (0.01), where flows end, but it is 0.01.',
  ],
  [
    teleported,
    'teleportations.target',
    1,
    'teleportations.target must be absent unless teleportations.objective is "conserved-quantity".',
  ],
  [aimed, 'teleportations.target', undefined, 'teleportations.target is missing: give the total Q to go to.'],
  [
    { ...booth, teleportations: { at: [1], ...options } },
    'teleportations.objective',
    'conserved-quantity',
    'teleportations.objective cannot be "conserved-quantity" because there is no known conserved quantity here.',
  ],
  [
    booth,
    'initialisation.parameters[0].weight',
    [[1], [2]],
    'initialisation.parameters must be one layer with the weight [[x, y]], the point of a test function, and no bias.',
    'initialisation.parameters',
  ],
  [
    booth,
    'data',
    { kind: 'whitened', seed: 1 },
    'data must be absent because a test function is its own loss.',
  ],
  [
    { ...small, architecture: { ...small.architecture, activation: 'radial-square' } },
    'conservedQuantity',
    { kind: 'per-unit', layerPair: 0, value: [1, 2, 3] },
    'conservedQuantity.value must have 1 number, one per conserved quantity of the layer pair, but it has 3.',
    'conservedQuantity.value',
  ],
];

describe('a wrong field of an experiment', () => {
  it.each([...shapes, ...rules, ...teleportations].map(named))(
    '%s',
    (_, [document, field, value, sentence, path = field]) => {
      const error = refusal(() => parseExperiment(edited(document, field, value)));
      expect(error.message).toBe(sentence);
      expect(error.path).toBe(path);
    },
  );
});

const trajectories: readonly Case[] = [
  [trajectory, 'flows', [], 'flows must have at least one flow.'],
  [
    trajectory,
    'flows[0].frames.loss',
    [1],
    'flows[0].frames.loss must have 2 entries, one per frame, but it has 1.',
  ],
  [
    trajectory,
    'flows[0].frames.valley',
    { distance: [1, 2], offChart: [] },
    'flows[0].frames.valley.offChart must have 2 entries, one per frame, but it has 0.',
    'flows[0].frames.valley.offChart',
  ],
  [
    trajectory,
    'flows[0].frames.conserved[1]',
    [],
    'flows[0].frames.conserved[1] must have 1 number, as the first frame has.',
  ],
  [
    trajectory,
    'flows[0].frames.time[1]',
    null,
    'flows[0].frames.time[1] must be a finite number, but it is null.',
  ],
  [
    trajectory,
    'flows[0].frames.loss[1]',
    'NaN',
    'flows[0].frames.loss[1] must be a finite number or null, but it is the text "NaN".',
  ],
  [
    trajectory,
    'flows[0].outcome.kind',
    'done',
    'flows[0].outcome.kind must be "completed", "converged", "diverged", "cancelled" or "failed", but it is the text "done".',
  ],
  [
    trajectory,
    'flows[0].parameters.final',
    [{ weight: [[1]] }],
    'flows[0].parameters.final must have 2 layers, as architecture.widths says, but it has 1.',
  ],
  [
    trajectory,
    'flows[0].parameters.frames',
    [],
    'flows[0].parameters.frames must have 2 entries, one per frame, but it has 0.',
  ],
  [
    trajectory,
    'flows[0].teleportations',
    [1],
    'flows[0].teleportations[0] must be an object with named fields, but it is 1.',
    'flows[0].teleportations[0]',
  ],
  [
    trajectory,
    'flows[0].teleportations',
    [{ ...jump, step: 3 }, jump],
    'flows[0].teleportations[1].step must be at least that of the jump before (3), but it is 0.',
    'flows[0].teleportations[1].step',
  ],
  [
    trajectory,
    'flows[0].teleportations',
    [{ ...jump, after: { ...state, conserved: [] } }],
    'flows[0].teleportations[0].after.conserved must have 1 number, as the frames have.',
    'flows[0].teleportations[0].after.conserved',
  ],
  [
    trajectory,
    'flows[0].teleportations',
    [{ ...jump, parameters: { before: [{ weight: [[1]] }], after: [] } }],
    'flows[0].teleportations[0].parameters.before must have 2 layers, as architecture.widths says, but it has 1.',
    'flows[0].teleportations[0].parameters.before',
  ],
  [
    trajectory,
    'experiment.architecture.widths[0]',
    0,
    'experiment.architecture.widths[0] must be at least 1, but it is 0.',
  ],
  [
    trajectory,
    'experiment.initialisation.std',
    [1],
    'experiment.initialisation.std must have 2 numbers, one per layer of architecture.widths, but it has 1.',
  ],
  [
    trajectory,
    'experiment.version',
    2,
    'experiment.version 2 is newer than this application reads (1): reload the page or install the latest version.',
  ],
];

describe('a wrong field of a trajectory', () => {
  it.each(trajectories.map(named))('%s', (_, [document, field, value, sentence, path = field]) => {
    const error = refusal(() => parseTrajectory(edited(document, field, value)));
    expect(error.message).toBe(sentence);
    expect(error.path).toBe(path);
  });
});

describe('a file that is no document', () => {
  it.each([
    ['', 'The file is empty: choose an experiment or a trajectory in JSON.'],
    [
      '{"type": ',
      /^The file is not JSON \(.+\): choose an experiment or a trajectory saved by this application\.$/,
    ],
    [
      '[1]',
      'The document must be an object with a type, but it is a list: choose an experiment or a trajectory.',
    ],
    [
      'null',
      'The document must be an object with a type, but it is null: choose an experiment or a trajectory.',
    ],
    ['{}', 'type must be "orbitscape/experiment" or "orbitscape/trajectory", but it is missing.'],
    [
      '{"type":"excalidraw"}',
      'type must be "orbitscape/experiment" or "orbitscape/trajectory", but it is the text "excalidraw".',
    ],
    ['{"type":"orbitscape/experiment"}', 'version must be a whole number from 1 to 1, but it is missing.'],
    [
      '{"type":"orbitscape/experiment","version":"1"}',
      'version must be a whole number from 1 to 1, but it is the text "1".',
    ],
    [
      '{"type":"orbitscape/experiment","version":2}',
      'version 2 is newer than this application reads (1): reload the page or install the latest version.',
    ],
  ])('%j', (text, sentence) => {
    expect(refusal(() => parseDocument(text)).message).toMatch(sentence);
  });

  it('may begin with a byte order mark', () => {
    expect(parseDocument(`\uFEFF${JSON.stringify(small)}`)).toEqual(small);
  });

  it('is refused over 64 MiB before it is read', () => {
    expect(() => checkFileSize(64 * 2 ** 20)).not.toThrow();
    expect(refusal(() => checkFileSize(65 * 2 ** 20)).message).toBe(
      'The file has 65 MiB and at most 64 MiB can be opened: record fewer frames, or export without all parameters.',
    );
  });
});
