import type { LossFunction } from '../../model/loss-function.ts';
import { topEigenpair } from '../../model/sharpness.ts';
import { addMultiple, genericVector, norm, pointOnLine } from '../../model/vector.ts';
import type { ConservedQuantity } from '../conserved-quantity.ts';
import type { LieAlgebra } from '../group-action.ts';
import { logMeanCurvature } from './mean-curvature.ts';
import type { ObjectiveName, TeleportationOptions } from './options.ts';
import { TeleportationError } from './teleportation-error.ts';

/** What an objective may ask. */
export interface ObjectiveInput {
  readonly loss: LossFunction;
  readonly algebra: LieAlgebra;
  readonly conserved: readonly ConservedQuantity[];
  readonly options: TeleportationOptions;
}

/** A function that a teleportation moves along the orbit, in units in which steps of order one change it by order one. */
export interface Objective {
  /** f(theta); writes its gradient in coordinates at the identity (length `algebra.dimension`) into `slope`. */
  evaluate(theta: Float64Array, slope: Float64Array): number;
  /** Of an objective with a target, which rises towards it whatever the direction: whether the theta evaluated last is there. */
  attained?(): boolean;
}

/** One objective: an entry of the table `objectives`. */
export interface ObjectiveDefinition {
  /** Name shown to people, in a sentence. */
  readonly label: string;
  /** What a step does that helps; default: increases or decreases it. */
  readonly improvement?: string;
  /** Whether orthogonal maps of the parameters leave it as it is. */
  readonly isometric: boolean;
  create(input: ObjectiveInput): Objective;
}

/** Relative precision of the sharpness and its eigenvector during an ascent. */
const EIGENPAIR_TOLERANCE = 1e-5;
/** How near Q must come to its target, relative to it. */
const TARGET_TOLERANCE = 1e-12;
/** Share of a vector without structure in the start of the next eigenpair: no eigenvector is missed for the last one's sake. */
const FRESH_SHARE = 0.05;

/** Every objective that is optimised, by the name used in documents. */
export const objectives: Readonly<Record<Exclude<ObjectiveName, 'random'>, ObjectiveDefinition>> = {
  /** log |grad L|, whose gradient is H g/|g|^2: one Hessian-vector product. The logarithm makes steps free of scale. */
  'gradient-norm': {
    label: 'gradient norm',
    isometric: true,
    create({ loss, algebra }) {
      const gradient = new Float64Array(loss.size);
      const image = new Float64Array(loss.size);
      return {
        evaluate(theta, slope) {
          loss.gradient(theta, gradient);
          const length = norm(gradient);
          loss.hessianVectorProduct(theta, gradient, image);
          scale(image, 1 / (length * length));
          algebra.pairing(theta, image, slope);
          return Math.log(length);
        },
      };
    },
  },

  /**
   * The top Hessian eigenvalue lambda. Its gradient is D^3 L[v, v] with v the eigenvector: the derivative of H(theta + t v) v
   * at t = 0, a central difference of two Hessian-vector products, exact for linear networks of two layers. In units of
   * the first lambda.
   */
  sharpness: {
    label: 'sharpness',
    isometric: true,
    create({ loss, algebra }) {
      const { size } = loss;
      const generic = genericVector(size);
      const fresh = FRESH_SHARE / norm(generic);
      const [ahead, behind, shifted] = [
        new Float64Array(size),
        new Float64Array(size),
        new Float64Array(size),
      ];
      let start: Float64Array | null = null;
      let unit = 0;
      return {
        evaluate(theta, slope) {
          const { value, vector } = topEigenpair(loss, theta, {
            tolerance: EIGENPAIR_TOLERANCE,
            ...(start && { start }),
          });
          if (!Number.isFinite(value)) return Number.NaN;
          unit ||= Math.abs(value) || 1;
          const h = Math.cbrt(Number.EPSILON) * (1 + norm(theta));
          pointOnLine(shifted, theta, h, vector);
          loss.hessianVectorProduct(shifted, vector, ahead);
          pointOnLine(shifted, theta, -h, vector);
          loss.hessianVectorProduct(shifted, vector, behind);
          addMultiple(ahead, -1, behind);
          scale(ahead, 1 / (2 * h * unit));
          algebra.pairing(theta, ahead, slope);
          start = vector;
          addMultiple(start, fresh, generic);
          return value / unit;
        },
      };
    },
  },

  /** -(Q - target)^2/2 with Q the total of layer pair 0, in units of the first distance. */
  'conserved-quantity': {
    label: 'conserved quantity',
    improvement: 'brings Q nearer to its target',
    isometric: true,
    create({ loss, algebra, conserved, options: { target } }) {
      const quantity = conserved[0];
      if (!quantity) throw new TeleportationError('This network has no known conserved quantity to go to.');
      if (target === undefined || !Number.isFinite(target)) {
        throw new TeleportationError('To teleport to a value of Q, set target to a finite number.');
      }
      const gradient = new Float64Array(loss.size);
      let distance = Number.NaN;
      let unit = 0;
      return {
        attained: () => Math.abs(distance) <= TARGET_TOLERANCE * (1 + Math.abs(target)),
        evaluate(theta, slope) {
          distance = quantity.total(theta) - target;
          unit ||= Math.abs(distance) || 1;
          quantity.gradient(theta, gradient);
          scale(gradient, -distance / unit ** 2);
          algebra.pairing(theta, gradient, slope);
          return -((distance / unit) ** 2) / 2;
        },
      };
    },
  },

  /** log of the mean curvature of the orbit along random generators (mean-curvature.ts). */
  curvature: {
    label: 'curvature of the orbit',
    isometric: false,
    create: ({ algebra, options }) => ({ evaluate: logMeanCurvature(algebra, options.seed ?? 0) }),
  },
};

function scale(vector: Float64Array, factor: number): void {
  for (let i = 0; i < vector.length; i++) vector[i]! *= factor;
}
