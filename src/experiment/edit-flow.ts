import { type IntegratorName, integrator } from '../flow/integrator.ts';
import { adapt, withFreshSweep } from './adapt.ts';
import { fallback } from './defaults.ts';
import { flowTime } from './durations.ts';
import { atTimes } from './edit-teleportations.ts';
import {
  type ConservedQuantityDocument,
  type EngineName,
  type Experiment,
  type FlowDocument,
  isMlpExperiment,
  type MlpExperiment,
} from './experiment.ts';
import { limits } from './limits.ts';

/*
 * The controls of Q, the flow, the record and the engine: pure functions from an experiment and a choice to a valid
 * experiment, as in edit.ts.
 */

type Sweep = NonNullable<ConservedQuantityDocument['sweep']>;

/** Steers the total Q of the chosen layer pair; undefined: Q as initialised. Must be reachable (ConservedSetting.interval). */
export const withTotal = (experiment: Experiment, value: number | undefined): Experiment =>
  withQuantity(experiment, ({ layerPair, sweep }) => ({
    kind: 'total',
    layerPair,
    ...(sweep && { sweep }),
    ...(value !== undefined && { value }),
  }));

/** Steers q of every hidden unit. Must be reachable (ConservedSetting.unitIntervals). */
export const withPerUnit = (experiment: Experiment, value: readonly number[]): Experiment =>
  withQuantity(experiment, ({ layerPair, sweep }) => ({
    kind: 'per-unit',
    layerPair,
    ...(sweep && { sweep }),
    value,
  }));

/** The range of totals that draws the valley, as given; undefined: none. */
export const withSweep = (experiment: Experiment, sweep: Sweep | undefined): Experiment =>
  withQuantity(experiment, ({ sweep: _, ...rest }) => (sweep ? { ...rest, sweep } : rest));

/** A sweep over the range that suits the network. */
export const withDefaultSweep = (experiment: Experiment): Experiment =>
  isMlpExperiment(experiment) && experiment.conservedQuantity
    ? withFreshSweep(experiment, experiment.conservedQuantity)
    : experiment;

/** The layer pair whose Q is set; its Q starts as initialised, a sweep covers its range. */
export function withLayerPair(experiment: Experiment, layerPair: number): Experiment {
  const { conservedQuantity } = experiment;
  if (!isMlpExperiment(experiment) || !conservedQuantity) return experiment;
  if (conservedQuantity.layerPair === layerPair) return experiment;
  const { sweep } = conservedQuantity;
  const bare: MlpExperiment = { ...experiment, conservedQuantity: { kind: 'total', layerPair } };
  return sweep ? withFreshSweep(bare, { kind: 'total', layerPair, sweep }) : bare;
}

const withQuantity = (
  experiment: Experiment,
  change: (quantity: ConservedQuantityDocument) => ConservedQuantityDocument,
): Experiment =>
  experiment.conservedQuantity
    ? { ...experiment, conservedQuantity: change(experiment.conservedQuantity) }
    : experiment;

export { flowTime };

/** Chooses an integrator; the total time stays the same, and teleportations at steps are then at times. */
export function withIntegrator(experiment: Experiment, name: IntegratorName): Experiment {
  const { flow } = experiment;
  if (flow.integrator === name) return experiment;
  const kept = {
    ...(flow.weightDecay !== undefined && { weightDecay: flow.weightDecay }),
    ...(flow.stop && { stop: flow.stop }),
  };
  const time = flowTime(flow);
  if (name === 'dormand-prince') {
    const { teleportations } = experiment;
    const jumps =
      teleportations && 'steps' in flow
        ? { teleportations: atTimes(teleportations, flow.stepSize, flow.steps) }
        : {};
    return withFlow(
      { ...experiment, ...jumps },
      { integrator: name, tolerance: fallback.tolerance, time, ...kept },
    );
  }
  const { stepSize, steps } =
    'steps' in flow ? flow : { stepSize: time / fallback.steps, steps: fallback.steps };
  return withFlow(experiment, { integrator: name, stepSize, steps, ...kept });
}

/** The step size of a fixed-step integrator. */
export const withStepSize = (experiment: Experiment, stepSize: number): Experiment =>
  'stepSize' in experiment.flow ? withFlow(experiment, { ...experiment.flow, stepSize }) : experiment;

/** The number of steps of a fixed-step integrator. */
export const withSteps = (experiment: Experiment, steps: number): Experiment =>
  'steps' in experiment.flow ? withFlow(experiment, { ...experiment.flow, steps }) : experiment;

/** The local error tolerance of an adaptive integrator. */
export const withTolerance = (experiment: Experiment, tolerance: number): Experiment =>
  'tolerance' in experiment.flow ? withFlow(experiment, { ...experiment.flow, tolerance }) : experiment;

/** The total time; a fixed-step integrator keeps its step size and takes as many steps as that needs. */
export function withTime(experiment: Experiment, time: number): Experiment {
  const { flow } = experiment;
  if (flow.integrator === 'dormand-prince') return withFlow(experiment, { ...flow, time });
  const steps = Math.min(
    limits.steps.maximum,
    Math.max(limits.steps.minimum, Math.round(time / flow.stepSize)),
  );
  return withFlow(experiment, { ...flow, steps });
}

/** The gradient norm at which a flow has converged; undefined: flows run to their end. */
export function withStop(experiment: Experiment, gradientNorm: number | undefined): Experiment {
  const { stop: _, ...flow } = experiment.flow;
  return withFlow(experiment, gradientNorm === undefined ? flow : { ...flow, stop: { gradientNorm } });
}

/** lambda of theta' = -grad L - lambda theta. */
export function withWeightDecay(experiment: Experiment, lambda: number): Experiment {
  const { weightDecay: _, ...flow } = experiment.flow;
  return withFlow(experiment, lambda === 0 ? flow : { ...flow, weightDecay: lambda });
}

const withFlow = (experiment: Experiment, flow: FlowDocument): Experiment => adapt({ ...experiment, flow });

/** How many frames are recorded. */
export const withRecordCount = (experiment: Experiment, count: number): Experiment =>
  withRecord(experiment, count, 'spacing' in experiment.record ? experiment.record.spacing : 'log');

/** How the recorded frames are spaced over the flow. */
export const withSpacing = (experiment: Experiment, spacing: 'linear' | 'log'): Experiment =>
  withRecord(
    experiment,
    'count' in experiment.record ? experiment.record.count : fallback.recordCount,
    spacing,
  );

const withRecord = (experiment: Experiment, count: number, spacing: 'linear' | 'log'): Experiment => ({
  ...experiment,
  record: { count, spacing, parameters: experiment.record.parameters },
});

/** Which engine is asked for. */
export const withEngine = (experiment: Experiment, engine: EngineName): Experiment => ({
  ...experiment,
  engine,
});

/** Whether an integrator takes `stepSize` and `steps`, or `tolerance` and `time`. */
export const isAdaptive = (name: IntegratorName): boolean => integrator(name).kind === 'adaptive';
