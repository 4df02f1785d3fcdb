import { addMultiple, dot } from '../../model/vector.ts';

/** Directions of ascent from the slopes seen so far. */
export interface QuasiNewton {
  /** A direction of ascent at a point of this slope, by the pairs in memory; the slope itself without any. */
  direction(slope: Float64Array): Float64Array;
  /** Remembers a step and how much the slope fell along it. Pairs along which it rose are passed over. */
  remember(step: Float64Array, fall: Float64Array): void;
  /** Number of pairs in memory. */
  size(): number;
  forget(): void;
}

const MEMORY = 10;
/** Cosine between a step and the fall of the slope below which a pair says nothing. */
const LEAST_COSINE = 1e-8;

/**
 * The limited-memory BFGS method in two loops (Nocedal, Wright 2006, algorithm 7.4), for maxima. Coordinates of the Lie
 * algebra at different points of an orbit belong to the same right-invariant vector fields, so steps and slopes of
 * several points are combined without transport.
 */
export function limitedMemoryBfgs(): QuasiNewton {
  let pairs: { step: Float64Array; fall: Float64Array; product: number }[] = [];
  return {
    direction(slope) {
      const q = slope.slice();
      const weights = pairs.toReversed().map(({ step, fall, product }) => {
        const weight = dot(step, q) / product;
        addMultiple(q, -weight, fall);
        return weight;
      });
      const last = pairs.at(-1);
      if (last) {
        const scale = last.product / dot(last.fall, last.fall);
        for (let i = 0; i < q.length; i++) q[i]! *= scale;
      }
      weights.reverse();
      pairs.forEach(({ step, fall, product }, i) => {
        addMultiple(q, weights[i]! - dot(fall, q) / product, step);
      });
      return q;
    },
    remember(step, fall) {
      const product = dot(step, fall);
      if (product <= LEAST_COSINE * Math.sqrt(dot(step, step) * dot(fall, fall))) return;
      pairs = [...pairs.slice(1 - MEMORY), { step, fall, product }];
    },
    size: () => pairs.length,
    forget() {
      pairs = [];
    },
  };
}
