import * as z from 'zod/mini';
import { outcomeKinds } from '../flow/outcome.ts';
import { groupNames } from '../symmetry/group-action.ts';
import { objectiveNames, type TeleportationState } from '../symmetry/teleportation/options.ts';
import { limits } from './limits.ts';
import { experimentSchema, layerParameters } from './schema.ts';
import { list, nullableMatrix, nullableNumbers, numbers, text, whole } from './schema-parts.ts';
import type { TeleportationRecord, Trajectory, TrajectoryFlow } from './trajectory.ts';

/** More frames than `record` asks for: those of jumps, and the last state, also when the flow ends early. */
const frameCount = limits.frames.maximum + limits.teleportations.maximum + 2;
const layers = list(layerParameters, limits.layers.maximum);

const computedBy = {
  engine: z.enum(['cpu', 'webgpu', 'tfjs']),
  precision: z.enum(['float64', 'float32']),
};

const state = z.strictObject({
  loss: z.number(),
  gradientNorm: z.number(),
  conserved: numbers(limits.layers.maximum - 1),
  sharpness: z.number(),
}) satisfies z.ZodMiniType<TeleportationState>;

const count = z.number().check(z.gte(0));

const teleportation = z.strictObject({
  step: whole({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER }),
  time: count,
  group: z.enum(groupNames),
  objective: z.enum(objectiveNames),
  before: state,
  after: state,
  distance: count,
  displacement: count,
  iterations: count,
  gradients: count,
  message: text(limits.messageLength),
  parameters: z.exactOptional(z.strictObject({ before: layers, after: layers })),
}) satisfies z.ZodMiniType<TeleportationRecord>;

const flow = z.strictObject({
  label: text(limits.titleLength),
  outcome: z.strictObject({ kind: z.enum(outcomeKinds), message: text(limits.messageLength) }),
  computedBy: z.exactOptional(list(z.strictObject(computedBy), 8)),
  frames: z.strictObject({
    step: numbers(frameCount),
    time: numbers(frameCount),
    loss: nullableNumbers(frameCount),
    gradientNorm: nullableNumbers(frameCount),
    conserved: nullableMatrix(frameCount, limits.layers.maximum - 1),
    valley: z.exactOptional(
      z.strictObject({ distance: nullableNumbers(frameCount), offChart: nullableNumbers(frameCount) }),
    ),
  }),
  parameters: z.strictObject({
    initial: layers,
    final: layers,
    frames: z.exactOptional(list(layers, frameCount)),
  }),
  teleportations: list(teleportation, limits.teleportations.maximum),
}) satisfies z.ZodMiniType<TrajectoryFlow>;

/** With the steered flow and its twin. */
const flowCount = 2 + limits.sweepCount.maximum + limits.replicas.maximum;

/** The trajectory document, version 1. */
export const trajectorySchema = z.strictObject({
  type: z.literal('orbitscape/trajectory'),
  version: z.literal(1),
  experiment: experimentSchema,
  provenance: z.strictObject({
    application: text(limits.titleLength),
    ...computedBy,
  }),
  flows: list(flow, flowCount),
}) satisfies z.ZodMiniType<Trajectory>;
