import * as z from 'zod/mini';
import { outcomeKinds } from '../flow/outcome.ts';
import { limits } from './limits.ts';
import { experimentSchema, layerParameters } from './schema.ts';
import { list, nullableMatrix, nullableNumbers, numbers, text } from './schema-parts.ts';
import type { Trajectory, TrajectoryFlow } from './trajectory.ts';

/** One frame more than `record` asks for: the last state is always kept, also when the flow ends early. */
const frameCount = limits.frames.maximum + 2;
const layers = list(layerParameters, limits.layers.maximum);

const computedBy = {
  engine: z.enum(['cpu', 'webgpu', 'tfjs']),
  precision: z.enum(['float64', 'float32']),
};

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
  teleportations: list(z.never(), 0, 'must be empty: this version knows no teleportations'),
}) satisfies z.ZodMiniType<TrajectoryFlow>;

const flowCount = 1 + limits.sweepCount.maximum + limits.replicas.maximum;

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
