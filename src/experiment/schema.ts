import * as z from 'zod/mini';
import { activationNames } from '../model/activation.ts';
import type { Architecture } from '../model/architecture.ts';
import { lossNames } from '../model/loss.ts';
import type { LayerParameters } from '../model/parameters.ts';
import { testFunctionNames } from '../model/test-function.ts';
import { groupNames } from '../symmetry/group-action.ts';
import { objectiveNames } from '../symmetry/teleportation/options.ts';
import type {
  ConservedQuantityDocument,
  DataDocument,
  Experiment,
  FlowDocument,
  InitialisationDocument,
  RecordDocument,
  TeleportationsDocument,
} from './experiment.ts';
import { limits } from './limits.ts';
import { list, matrix, numbers, text, whole } from './schema-parts.ts';

/*
 * The shape of the experiment document. `satisfies` ties each part to its type in experiment.ts; what no shape can say
 * (widths and data that disagree) is in rules.ts.
 */

const positive = z.number().check(z.gt(0));
const seed = whole(limits.seed);

const layers = { minimum: limits.layers.minimum + 1, maximum: limits.layers.maximum + 1 };
const widthCount = `must list ${layers.minimum} to ${layers.maximum} widths: inputs, hidden layers, outputs (a network of ${limits.layers.minimum} to ${limits.layers.maximum} layers)`;

const mlp = z.strictObject({
  kind: z.literal('mlp'),
  widths: list(whole(limits.width), layers.maximum, widthCount).check(
    z.minLength(layers.minimum, widthCount),
  ),
  activation: z.enum(activationNames),
  bias: z.boolean(),
});

const architecture = z.discriminatedUnion('kind', [
  mlp,
  z.strictObject({ kind: z.literal('test-function'), name: z.enum(testFunctionNames) }),
]) satisfies z.ZodMiniType<Architecture>;

const data = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('whitened'), seed }),
  z.strictObject({ kind: z.literal('teacher'), seed, samples: whole(limits.samples) }),
  z.strictObject({
    kind: z.literal('explicit'),
    inputs: matrix(limits.samples.maximum, limits.width.maximum),
    targets: matrix(limits.samples.maximum, limits.width.maximum),
  }),
]) satisfies z.ZodMiniType<DataDocument>;

/** One layer in the explicit form. */
export const layerParameters = z.strictObject({
  weight: matrix(limits.width.maximum, limits.width.maximum),
  bias: z.exactOptional(numbers(limits.width.maximum)),
}) satisfies z.ZodMiniType<LayerParameters>;

const random = { seed, replicas: z.exactOptional(whole(limits.replicas)) };

const initialisation = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('normal'),
    std: list(z.number().check(z.gte(0)), limits.layers.maximum),
    ...random,
  }),
  z.strictObject({
    kind: z.enum(['xavier', 'he', 'lecun', 'orthogonal']),
    gain: z.exactOptional(positive),
    ...random,
  }),
  z.strictObject({ kind: z.literal('explicit'), parameters: list(layerParameters, limits.layers.maximum) }),
]) satisfies z.ZodMiniType<InitialisationDocument>;

const pair = {
  layerPair: whole({ minimum: 0, maximum: limits.layers.maximum - 2 }),
  sweep: z.exactOptional(
    z.strictObject({ from: z.number(), to: z.number(), count: whole(limits.sweepCount) }),
  ),
};

const conservedQuantity = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('total'), ...pair, value: z.exactOptional(z.number()) }),
  z.strictObject({ kind: z.literal('per-unit'), ...pair, value: numbers(limits.width.maximum) }),
]) satisfies z.ZodMiniType<ConservedQuantityDocument>;

const weightDecay = z.exactOptional(z.number().check(z.gte(0)));
const stop = z.exactOptional(z.strictObject({ gradientNorm: positive }));

const flow = z.discriminatedUnion('integrator', [
  z.strictObject({
    integrator: z.enum(['gradient-descent', 'rk4']),
    stepSize: positive,
    steps: whole(limits.steps),
    weightDecay,
    stop,
  }),
  z.strictObject({
    integrator: z.literal('dormand-prince'),
    tolerance: z.number().check(z.gte(limits.tolerance.minimum), z.lte(limits.tolerance.maximum)),
    time: positive,
    weightDecay,
    stop,
  }),
]) satisfies z.ZodMiniType<FlowDocument>;

const recordFields = z.strictObject({
  parameters: z.enum(['none', 'final', 'all']),
  count: z.exactOptional(whole(limits.frames)),
  spacing: z.exactOptional(z.enum(['linear', 'log'])),
  steps: z.exactOptional(numbers(limits.frames.maximum)),
});

const record = z.pipe(
  recordFields,
  z.transform(({ parameters, count, spacing, steps }, context): RecordDocument => {
    if (steps !== undefined && count === undefined && spacing === undefined) return { parameters, steps };
    if (steps === undefined && count !== undefined && spacing !== undefined) {
      return { parameters, count, spacing };
    }
    context.issues.push({
      code: 'custom',
      input: context.value,
      message: 'must have either "count" and "spacing", or a list "steps"',
    });
    return z.NEVER;
  }),
) satisfies z.ZodMiniType<RecordDocument>;

const teleportationFields = z.strictObject({
  at: z.exactOptional(
    list(whole({ minimum: 0, maximum: limits.steps.maximum }), limits.teleportations.maximum),
  ),
  atTime: z.exactOptional(list(z.number().check(z.gte(0)), limits.teleportations.maximum)),
  every: z.exactOptional(whole(limits.steps)),
  whenGradientNormBelow: z.exactOptional(positive),
  limit: z.exactOptional(whole({ minimum: 1, maximum: limits.teleportations.maximum })),
  group: z._default(z.enum(['auto', ...groupNames]), 'auto'),
  objective: z._default(z.enum(objectiveNames), 'gradient-norm'),
  direction: z._default(z.enum(['increase', 'decrease']), 'increase'),
  target: z.exactOptional(z.number()),
  iterations: z._default(whole(limits.iterations), 20),
  maximumDistance: z._default(positive, 5),
  seed: z.exactOptional(seed),
  keepStable: z.exactOptional(z.boolean()),
  flows: z.exactOptional(z.enum(['all', 'steered'])),
  twin: z.exactOptional(z.boolean()),
});

const schedules = ['at', 'atTime', 'every', 'whenGradientNormBelow'] as const;

const teleportations = z.pipe(
  teleportationFields,
  z.transform((fields, context): TeleportationsDocument => {
    const given = schedules.filter((name) => fields[name] !== undefined);
    if (given.length === 1 && (fields.limit === undefined || given[0] === 'whenGradientNormBelow')) {
      return fields as TeleportationsDocument;
    }
    context.issues.push({
      code: 'custom',
      input: context.value,
      message:
        'must say when in one way: "at" (a list of steps), "atTime", "every" or "whenGradientNormBelow" (with it, "limit")',
    });
    return z.NEVER;
  }),
) satisfies z.ZodMiniType<TeleportationsDocument>;

const fields = z.strictObject({
  type: z.literal('orbitscape/experiment'),
  version: z.literal(1),
  title: text(limits.titleLength),
  description: z.exactOptional(text(limits.descriptionLength)),
  architecture,
  data: z.exactOptional(data),
  loss: z.exactOptional(z.strictObject({ kind: z.enum(lossNames) })),
  initialisation,
  conservedQuantity: z.exactOptional(conservedQuantity),
  flow,
  teleportations: z.exactOptional(teleportations),
  record,
  engine: z._default(z.enum(['auto', 'cpu', 'webgpu', 'tfjs']), 'auto'),
});

/** The experiment document, version 1. Networks have data and a loss, test functions neither. */
export const experimentSchema = z.pipe(
  fields,
  z.transform((value, context): Experiment => {
    const network = value.architecture.kind === 'mlp';
    for (const name of ['data', 'loss'] as const) {
      if ((value[name] !== undefined) === network) continue;
      context.issues.push({
        code: 'custom',
        input: context.value,
        path: [name],
        message: network ? 'is missing' : 'must be absent because a test function is its own loss',
      });
      return z.NEVER;
    }
    return value as Experiment;
  }),
) satisfies z.ZodMiniType<Experiment>;
