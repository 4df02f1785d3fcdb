import { activation } from '../model/activation.ts';
import { layerCount } from '../model/architecture.ts';
import { loss } from '../model/loss.ts';
import type { LayerParameters } from '../model/parameters.ts';
import { conservedPairs } from '../symmetry/formulas.ts';
import { quantityUnits } from './conserved-range.ts';
import { type FieldPath, fail, plural } from './document-error.ts';
import { type Experiment, isMlpExperiment } from './experiment.ts';
import { checkTeleportations } from './teleportation-rules.ts';

/** What no shape can say: fields that must agree with one another. Throws DocumentError at the first that do not. */
export function checkExperiment(experiment: Experiment): void {
  checkArchitecture(experiment);
  checkData(experiment);
  checkInitialisation(experiment);
  checkConservedQuantity(experiment);
  checkRecord(experiment);
  checkTeleportations(experiment);
}

/** Row inversion is defined for two layers: deeper ones would invert rows whose columns an orbit scales. */
export function checkArchitecture({ architecture }: Experiment): void {
  if (architecture.kind !== 'mlp' || architecture.activation !== 'row-inversion') return;
  if (architecture.widths.length === 3) return;
  fail(
    ['architecture', 'widths'],
    `must list 3 widths with row inversion (inputs, hidden, outputs), but it lists ${architecture.widths.length}`,
  );
}

/** Explicit data: equal numbers of rows, widths as the architecture says, distributions for cross-entropy. */
export function checkData(experiment: Experiment): void {
  if (!isMlpExperiment(experiment)) return;
  const {
    architecture,
    data,
    loss: { kind: lossName },
  } = experiment;
  if (data.kind !== 'explicit') return;
  const { widths } = architecture;
  const { inputs, targets } = data;
  if (inputs.length === 0) fail(['data', 'inputs'], 'must have at least one row, one per sample');
  if (targets.length !== inputs.length) {
    fail(
      ['data', 'targets'],
      `must have one row per sample: ${inputs.length}, as data.inputs has, but it has ${targets.length}`,
    );
  }
  checkRows(inputs, widths[0]!, ['data', 'inputs'], 'architecture.widths[0]');
  checkRows(targets, widths.at(-1)!, ['data', 'targets'], `architecture.widths[${widths.length - 1}]`);
  if (loss(lossName).rowLoss === 'cross-entropy') {
    targets.forEach((row, index) => {
      checkDistribution(row, ['data', 'targets', index]);
    });
  }
}

function checkRows(
  rows: readonly (readonly number[])[],
  width: number,
  path: FieldPath,
  source: string,
): void {
  const wrong = rows.findIndex((row) => row.length !== width);
  if (wrong >= 0) {
    fail(
      [...path, wrong],
      `must have ${plural(width, 'number')}, as ${source} says, but it has ${rows[wrong]!.length}`,
    );
  }
}

function checkDistribution(row: readonly number[], path: FieldPath): void {
  const sum = row.reduce((total, value) => total + value, 0);
  if (row.some((value) => value < 0) || Math.abs(sum - 1) > 1e-6) {
    fail(
      path,
      `must be a distribution for cross-entropy: numbers of at least 0 with sum 1 (they sum to ${Number(sum.toPrecision(6))})`,
    );
  }
}

/** One standard deviation per layer; explicit parameters of the architecture's shapes. */
export function checkInitialisation({ architecture, initialisation }: Experiment): void {
  const layers = Math.max(1, layerCount(architecture));
  if (initialisation.kind === 'normal' && initialisation.std.length !== layers) {
    fail(
      ['initialisation', 'std'],
      `must have ${plural(layers, 'number')}, one per layer of architecture.widths, but it has ${initialisation.std.length}`,
    );
  }
  if (initialisation.kind === 'explicit') {
    checkLayers(architecture, initialisation.parameters, ['initialisation', 'parameters']);
  }
}

/** Explicit parameters must have the shapes of the architecture, and biases exactly where it has them. */
export function checkLayers(
  architecture: Experiment['architecture'],
  parameters: readonly LayerParameters[],
  path: FieldPath,
): void {
  if (architecture.kind === 'test-function') {
    const [layer] = parameters;
    const row = layer?.weight[0] ?? [];
    if (parameters.length !== 1 || layer!.bias || layer!.weight.length !== 1 || row.length !== 2) {
      fail(path, 'must be one layer with the weight [[x, y]], the point of a test function, and no bias');
    }
    return;
  }
  const { widths, bias } = architecture;
  if (parameters.length !== widths.length - 1) {
    fail(
      path,
      `must have ${widths.length - 1} layers, as architecture.widths says, but it has ${parameters.length}`,
    );
  }
  parameters.forEach((layer, index) => {
    const rows = widths[index + 1]!;
    const columns = widths[index]!;
    const at = [...path, index];
    if (layer.weight.length !== rows) {
      fail(
        [...at, 'weight'],
        `must have ${plural(rows, 'row')}, as architecture.widths[${index + 1}] says, but it has ${layer.weight.length}`,
      );
    }
    checkRows(layer.weight, columns, [...at, 'weight'], `architecture.widths[${index}]`);
    if (!bias && layer.bias) fail([...at, 'bias'], 'must be absent because architecture.bias is false');
    if (bias && !layer.bias)
      fail(
        [...at, 'bias'],
        'is missing although architecture.bias is true: give one number per row of weight',
      );
    if (bias && layer.bias?.length !== rows) {
      fail(
        [...at, 'bias'],
        `must have ${plural(rows, 'number')}, as architecture.widths[${index + 1}] says, but it has ${layer.bias?.length}`,
      );
    }
  });
}

function checkConservedQuantity({ architecture, conservedQuantity }: Experiment): void {
  if (conservedQuantity === undefined) return;
  const pairs = conservedPairs(architecture);
  const path = 'conservedQuantity';
  if (architecture.kind !== 'mlp') fail([path], 'must be absent: a test function has none');
  const { activation: name } = architecture;
  if (pairs === 0) {
    fail(
      [path],
      `must be absent: a network with the activation ${activation(name).label} has none; use one that is not radial`,
    );
  }
  if (conservedQuantity.layerPair >= pairs) {
    fail(
      [path, 'layerPair'],
      `must be at most ${pairs - 1} because ${plural(pairs, 'layer pair')} of the network ${pairs === 1 ? 'has' : 'have'} a conserved quantity, but it is ${conservedQuantity.layerPair}`,
    );
  }
  const units = quantityUnits(architecture, conservedQuantity.layerPair);
  if (conservedQuantity.kind === 'per-unit' && conservedQuantity.value.length !== units) {
    fail(
      [path, 'value'],
      `must have ${plural(units, 'number')}, one per ${units === 1 ? 'conserved quantity' : 'hidden unit'} of the layer pair, but it has ${conservedQuantity.value.length}`,
    );
  }
  const { sweep } = conservedQuantity;
  if (sweep && !(sweep.from < sweep.to)) {
    fail(
      [path, 'sweep', 'to'],
      `must be greater than conservedQuantity.sweep.from (${sweep.from}), but it is ${sweep.to}`,
    );
  }
}

/** Explicit steps ascend within the flow's steps. */
export function checkRecord({ record, flow }: Experiment): void {
  if (!('steps' in record)) return;
  const path = ['record', 'steps'];
  if (flow.integrator === 'dormand-prince') {
    fail(
      path,
      'cannot be used with dormand-prince, whose steps adapt: give record.count and record.spacing instead',
    );
  }
  if (record.steps.length === 0) fail(path, 'must have at least one step number');
  record.steps.forEach((step, index) => {
    if (!Number.isInteger(step) || step < 0 || step > flow.steps) {
      fail(
        [...path, index],
        `must be a whole number from 0 to flow.steps (${flow.steps}), but it is ${step}`,
      );
    }
    if (index > 0 && step <= record.steps[index - 1]!) {
      fail(
        [...path, index],
        `must be greater than the step before it (${record.steps[index - 1]}), but it is ${step}`,
      );
    }
  });
}
