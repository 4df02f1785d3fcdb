import * as fc from 'fast-check';
import { outcomeKinds } from '../../flow/outcome.ts';
import { activationNames } from '../../model/activation.ts';
import type { MlpArchitecture } from '../../model/architecture.ts';
import { losses, lossNames } from '../../model/loss.ts';
import type { LayerParameters } from '../../model/parameters.ts';
import { testFunctionNames } from '../../model/test-function.ts';
import { conservedFormula, conservedPairs } from '../../symmetry/formulas.ts';
import { groupNames } from '../../symmetry/group-action.ts';
import { objectiveNames } from '../../symmetry/teleportation/options.ts';
import { quantityUnits } from '../conserved-range.ts';
import type {
  ConservedQuantityDocument,
  DataDocument,
  Experiment,
  FlowDocument,
  InitialisationDocument,
  MlpExperiment,
  ParametersRecorded,
  RecordDocument,
  TeleportationsDocument,
  TestFunctionExperiment,
} from '../experiment.ts';
import type { TeleportationRecord, Trajectory, TrajectoryFlow } from '../trajectory.ts';

/*
 * Valid documents for property tests: small networks, every kind of every field. JSON knows no negative zero, so neither
 * do these. The Q of an experiment need not be reachable: `adapt` makes it so.
 */

const real = fc.double({ min: -3, max: 3, noNaN: true }).map((x) => x + 0);
const positive = fc.double({ min: 1e-6, max: 10, noNaN: true });
const seed = fc.integer({ min: 0, max: 2 ** 32 - 1 });
const title = fc.string({ maxLength: 40 });

const row = (length: number) => fc.array(real, { minLength: length, maxLength: length });
const rows = (count: number, length: number) => fc.array(row(length), { minLength: count, maxLength: count });

/** A list with each of the arbitraries' values in turn. */
const each = <T>(items: readonly fc.Arbitrary<T>[]): fc.Arbitrary<T[]> =>
  fc.tuple(...items) as fc.Arbitrary<T[]>;

/** An object whose field is there or not. */
const maybe = <K extends string, T>(key: K, value: fc.Arbitrary<T>): fc.Arbitrary<{ [P in K]?: T }> =>
  fc.option(value, { nil: undefined }).map((x) => (x === undefined ? {} : { [key]: x }) as { [P in K]?: T });

type Architecture = MlpArchitecture;

/** Networks of 2 to 4 layers and up to 4 units each; row inversion has two layers. */
export const architectureArbitrary: fc.Arbitrary<Architecture> = fc
  .constantFrom(...activationNames)
  .chain((activation) =>
    fc.record({
      kind: fc.constant('mlp' as const),
      widths: fc.array(fc.integer({ min: 1, max: 4 }), {
        minLength: 3,
        maxLength: activation === 'row-inversion' ? 3 : 5,
      }),
      activation: fc.constant(activation),
      bias: fc.boolean(),
    }),
  );

/** Parameters in the explicit form. */
export const layersArbitrary = (architecture: Experiment['architecture']): fc.Arbitrary<LayerParameters[]> =>
  architecture.kind === 'mlp'
    ? networkLayers(architecture)
    : row(2).map((point): LayerParameters[] => [{ weight: [point] }]);

const networkLayers = ({ widths, bias }: Architecture): fc.Arbitrary<LayerParameters[]> =>
  each(
    widths
      .slice(1)
      .map((units, i) =>
        fc
          .tuple(rows(units, widths[i]!), row(units))
          .map(([weight, values]): LayerParameters => (bias ? { weight, bias: values } : { weight })),
      ),
  );

const distribution = (length: number): fc.Arbitrary<number[]> =>
  fc.array(positive, { minLength: length, maxLength: length }).map((values) => {
    const sum = values.reduce((total, x) => total + x, 0);
    return values.map((x) => x / sum);
  });

const dataArbitrary = ({ widths }: Architecture, crossEntropy: boolean): fc.Arbitrary<DataDocument> => {
  const outputs = widths.at(-1)!;
  const explicit = fc.integer({ min: 1, max: 4 }).chain((samples) =>
    fc.record({
      kind: fc.constant('explicit' as const),
      inputs: rows(samples, widths[0]!),
      targets: crossEntropy
        ? fc.array(distribution(outputs), { minLength: samples, maxLength: samples })
        : rows(samples, outputs),
    }),
  );
  return fc.oneof(
    fc.record({ kind: fc.constant('whitened' as const), seed }),
    fc.record({ kind: fc.constant('teacher' as const), seed, samples: fc.integer({ min: 1, max: 6 }) }),
    explicit,
  );
};

const initialisationArbitrary = (
  architecture: Experiment['architecture'],
): fc.Arbitrary<InitialisationDocument> => {
  const replicas = maybe('replicas', fc.integer({ min: 0, max: 3 }));
  const layers = architecture.kind === 'mlp' ? architecture.widths.length - 1 : 1;
  const std = fc.array(fc.double({ min: 0, max: 2, noNaN: true }), { minLength: layers, maxLength: layers });
  return fc.oneof(
    fc
      .tuple(std, seed, replicas)
      .map(([std, seed, rest]) => ({ kind: 'normal' as const, std, seed, ...rest })),
    fc
      .tuple(fc.constantFrom('xavier', 'he', 'lecun', 'orthogonal'), maybe('gain', positive), seed, replicas)
      .map(([kind, gain, seed, rest]) => ({ kind, ...gain, seed, ...rest })),
    layersArbitrary(architecture).map((parameters) => ({ kind: 'explicit' as const, parameters })),
  );
};

const quantityArbitrary = (architecture: Architecture): fc.Arbitrary<ConservedQuantityDocument> =>
  fc
    .tuple(
      fc.integer({ min: 0, max: conservedPairs(architecture) - 1 }),
      maybe(
        'sweep',
        fc
          .tuple(real, positive, fc.integer({ min: 2, max: 5 }))
          .map(([from, range, count]) => ({ from, to: from + range, count })),
      ),
    )
    .chain(([layerPair, sweep]) =>
      fc.oneof(
        maybe('value', real).map((value) => ({ kind: 'total' as const, layerPair, ...sweep, ...value })),
        row(quantityUnits(architecture, layerPair)).map((value) => ({
          kind: 'per-unit' as const,
          layerPair,
          ...sweep,
          value,
        })),
      ),
    );

const flowArbitrary: fc.Arbitrary<FlowDocument> = fc
  .tuple(
    fc.oneof(
      fc.record({
        integrator: fc.constantFrom('gradient-descent' as const, 'rk4' as const),
        stepSize: positive,
        steps: fc.integer({ min: 10, max: 1000 }),
      }),
      fc.record({
        integrator: fc.constant('dormand-prince' as const),
        tolerance: fc.double({ min: 1e-14, max: 0.1, noNaN: true }),
        time: positive,
      }),
    ),
    maybe('weightDecay', positive),
    maybe('stop', fc.record({ gradientNorm: positive })),
  )
  .map(([flow, decay, stop]) => ({ ...flow, ...decay, ...stop }));

const ascending = (points: fc.Arbitrary<number>) =>
  fc.uniqueArray(points, { maxLength: 4 }).map((values) => values.toSorted((a, b) => a - b));

const scheduleArbitrary = (flow: FlowDocument) => {
  const end = flow.integrator === 'dormand-prince' ? flow.time : flow.stepSize * flow.steps;
  const atTime = ascending(fc.double({ min: 0, max: end, noNaN: true }).map((x) => x + 0));
  const falling = fc
    .tuple(positive, maybe('limit', fc.integer({ min: 1, max: 5 })))
    .map(([above, limit]) => ({
      whenGradientNormBelow: above + (flow.stop?.gradientNorm ?? 0),
      ...limit,
    }));
  const either = fc.oneof(fc.record({ atTime }), falling);
  if (flow.integrator === 'dormand-prince') return either;
  const at = ascending(fc.integer({ min: 0, max: flow.steps }));
  const every = fc.integer({ min: 1, max: 2000 });
  return fc.oneof(either, fc.record({ at }), fc.record({ every }));
};

const teleportationsArbitrary = (
  architecture: Experiment['architecture'],
  flow: FlowDocument,
): fc.Arbitrary<TeleportationsDocument> => {
  const without = objectiveNames.filter((name) => name !== 'conserved-quantity');
  const objective: fc.Arbitrary<Pick<TeleportationsDocument, 'objective' | 'target'>> = fc.record({
    objective: fc.constantFrom(...without),
  });
  const target = fc.record({ objective: fc.constant('conserved-quantity' as const), target: real });
  return fc
    .tuple(
      scheduleArbitrary(flow),
      conservedFormula(architecture) === null ? objective : fc.oneof(objective, target),
      fc.record({
        group: fc.constantFrom('auto' as const, ...groupNames),
        direction: fc.constantFrom('increase' as const, 'decrease' as const),
        iterations: fc.integer({ min: 1, max: 1000 }),
        maximumDistance: positive,
      }),
      maybe('seed', seed),
      maybe('twin', fc.boolean()),
    )
    .map(([schedule, aim, fields, random, twin]) => ({ ...schedule, ...aim, ...fields, ...random, ...twin }));
};

const recordArbitrary = (flow: FlowDocument): fc.Arbitrary<RecordDocument> => {
  const parameters = fc.constantFrom<ParametersRecorded>('none', 'final', 'all');
  const spaced = fc.record({
    count: fc.integer({ min: 2, max: 50 }),
    spacing: fc.constantFrom('linear' as const, 'log' as const),
    parameters,
  });
  if (flow.integrator === 'dormand-prince') return spaced;
  const steps = fc
    .uniqueArray(fc.integer({ min: 0, max: flow.steps }), { minLength: 1, maxLength: 8 })
    .map((values) => values.toSorted((a, b) => a - b));
  return fc.oneof(spaced, fc.record({ steps, parameters }));
};

/** Valid experiments with networks, of every kind. */
export const mlpExperimentArbitrary: fc.Arbitrary<MlpExperiment> = fc
  .tuple(architectureArbitrary, fc.constantFrom(...lossNames), flowArbitrary)
  .chain(([architecture, loss, flow]) =>
    fc
      .tuple(
        fc.record({
          title,
          data: dataArbitrary(architecture, losses[loss].rowLoss === 'cross-entropy'),
          initialisation: initialisationArbitrary(architecture),
          record: recordArbitrary(flow),
          engine: fc.constantFrom('auto' as const, 'cpu' as const, 'webgpu' as const, 'tfjs' as const),
        }),
        maybe('description', title),
        maybe('teleportations', teleportationsArbitrary(architecture, flow)),
        conservedFormula(architecture) === null
          ? fc.constant({})
          : maybe('conservedQuantity', quantityArbitrary(architecture)),
      )
      .map(([fields, description, teleportations, quantity]) => ({
        type: 'orbitscape/experiment' as const,
        version: 1 as const,
        architecture,
        loss: { kind: loss },
        flow,
        ...fields,
        ...description,
        ...teleportations,
        ...quantity,
      })),
  );

const testFunctionArbitrary: fc.Arbitrary<TestFunctionExperiment> = fc
  .tuple(fc.constantFrom(...testFunctionNames), flowArbitrary)
  .chain(([name, flow]) => {
    const architecture = { kind: 'test-function' as const, name };
    return fc
      .tuple(
        fc.record({
          title,
          initialisation: initialisationArbitrary(architecture),
          record: recordArbitrary(flow),
        }),
        maybe('teleportations', teleportationsArbitrary(architecture, flow)),
      )
      .map(([fields, teleportations]) => ({
        type: 'orbitscape/experiment' as const,
        version: 1 as const,
        architecture,
        flow,
        engine: 'auto' as const,
        ...fields,
        ...teleportations,
      }));
  });

/** Valid experiments of every kind. */
export const experimentArbitrary: fc.Arbitrary<Experiment> = fc.oneof(
  { weight: 4, arbitrary: mlpExperimentArbitrary },
  { weight: 1, arbitrary: testFunctionArbitrary },
);

const nullable = fc.option(real, { nil: null, freq: 5 });
const list = <T>(item: fc.Arbitrary<T>, length: number) =>
  fc.array(item, { minLength: length, maxLength: length });

const jumpsArbitrary = ({ architecture }: Experiment, pairs: number): fc.Arbitrary<TeleportationRecord[]> => {
  const state = fc.record({
    loss: real,
    gradientNorm: positive,
    conserved: list(real, pairs),
    sharpness: real,
  });
  const layers = layersArbitrary(architecture);
  const jump = fc
    .tuple(
      fc.record({
        step: fc.nat(),
        time: positive,
        group: fc.constantFrom(...groupNames),
        objective: fc.constantFrom(...objectiveNames),
        before: state,
        after: state,
        distance: positive,
        displacement: positive,
        iterations: fc.nat(20),
        gradients: positive,
        message: title,
      }),
      maybe('parameters', fc.record({ before: layers, after: layers })),
    )
    .map(([fields, parameters]) => ({ ...fields, ...parameters }));
  return fc.array(jump, { maxLength: 3 }).map((jumps) => jumps.toSorted((a, b) => a.step - b.step));
};

const trajectoryFlowArbitrary = (experiment: Experiment, pairs: number): fc.Arbitrary<TrajectoryFlow> =>
  fc.integer({ min: 0, max: 5 }).chain((frames) => {
    const layers = layersArbitrary(experiment.architecture);
    const parameters = fc.oneof(
      fc.constant({ initial: [], final: [] }),
      fc.record({ initial: layers, final: layers }),
      fc.record({ initial: layers, final: layers, frames: list(layers, frames) }),
    );
    const recorded = fc.record({
      step: list(fc.nat(), frames),
      time: list(positive, frames),
      loss: list(nullable, frames),
      gradientNorm: list(nullable, frames),
      conserved: list(list(nullable, pairs), frames),
    });
    const valley = maybe(
      'valley',
      fc.record({ distance: list(nullable, frames), offChart: list(nullable, frames) }),
    );
    const flow = fc.record({
      label: title,
      outcome: fc.record({ kind: fc.constantFrom(...outcomeKinds), message: title }),
      frames: fc.tuple(recorded, valley).map(([fields, chart]) => ({ ...fields, ...chart })),
      parameters,
      teleportations: jumpsArbitrary(experiment, pairs),
    });
    const engines = maybe('computedBy', fc.array(fc.record(computedBy), { maxLength: 3 }));
    return fc.tuple(flow, engines).map(([fields, by]) => ({ ...fields, ...by }));
  });

const computedBy = {
  engine: fc.constantFrom('cpu' as const, 'webgpu' as const, 'tfjs' as const),
  precision: fc.constantFrom('float64' as const, 'float32' as const),
};

/** Valid trajectories: what they record is arbitrary, not the outcome of their experiment. */
export const trajectoryArbitrary: fc.Arbitrary<Trajectory> = fc
  .tuple(experimentArbitrary, fc.integer({ min: 0, max: 3 }))
  .chain(([experiment, pairs]) =>
    fc.record({
      type: fc.constant('orbitscape/trajectory' as const),
      version: fc.constant(1 as const),
      experiment: fc.constant(experiment),
      provenance: fc.record({
        application: fc.constant('orbitscape 0.1.0'),
        ...computedBy,
      }),
      flows: fc.array(trajectoryFlowArbitrary(experiment, pairs), { minLength: 1, maxLength: 3 }),
    }),
  );
