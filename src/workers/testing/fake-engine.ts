import type { Engine } from '../../engine/engine.ts';
import type { FlowBatch, FlowChunk } from '../../flow/chunk.ts';
import { conservedQuantities } from '../../symmetry/conserved-quantities.ts';

/** What a fake engine was asked for. */
export interface FakeFlow {
  readonly count: number;
  /** Chunks handed over so far. */
  given: number;
  /** true once the generator ended, by itself or because it was given up. */
  over: boolean;
}

export interface FakeEngineOptions {
  /** Chunks of one batch; each holds one frame of every flow. */
  readonly chunks?: number;
  /** Called before each chunk; may throw, and may move the clock. */
  readonly beforeChunk?: (flow: FakeFlow) => void;
  readonly onLoss?: (count: number) => void;
}

/**
 * An engine whose flows shrink their parameters to a half, one frame per flow and chunk: everything is known beforehand. Q
 * is read off the parameters; the loss is their squared norm.
 */
export function createFakeEngine(
  kind: Engine['kind'] = 'cpu',
  { chunks = 5, beforeChunk, onLoss }: FakeEngineOptions = {},
): Engine & { readonly flows: FakeFlow[] } {
  const flows: FakeFlow[] = [];
  const squaredNorm = (theta: Float64Array) => theta.reduce((sum, value) => sum + value * value, 0);

  return {
    kind,
    precision: kind === 'cpu' ? 'float64' : 'float32',
    device: `fake ${kind}`,
    flows,
    unsupported: () => null,
    async *flow(problem, batch: FlowBatch, _plan, signal): AsyncGenerator<FlowChunk> {
      const asked: FakeFlow = { count: batch.count, given: 0, over: false };
      flows.push(asked);
      const size = batch.parameters.length / batch.count;
      const quantities = conservedQuantities(problem);
      const each = <T>(value: (flow: number) => T) => Array.from({ length: batch.count }, (_, i) => value(i));
      try {
        for (let k = 0; k < chunks; k++) {
          beforeChunk?.(asked);
          const outcome = signal?.aborted
            ? ({ kind: 'cancelled', message: '' } as const)
            : k === chunks - 1
              ? ({ kind: 'completed', message: '' } as const)
              : null;
          const parameters = batch.parameters.map((value) => value * (1 - k / (2 * (chunks - 1))));
          const thetas = each((i) => parameters.subarray(i * size, (i + 1) * size));
          asked.given++;
          yield {
            frames: {
              count: batch.count,
              flow: Uint32Array.from(each((i) => i)),
              step: Float64Array.from(each(() => k)),
              time: Float64Array.from(each(() => k / (chunks - 1))),
              loss: Float64Array.from(thetas, squaredNorm),
              gradientNorm: Float64Array.from(thetas, (theta) => 2 * Math.sqrt(squaredNorm(theta))),
              conserved: Float64Array.from(
                thetas.flatMap((theta) => quantities.map((quantity) => quantity.total(theta))),
              ),
              parameters,
            },
            ended: outcome ? each((flow) => ({ flow, outcome })) : [],
            steps: batch.count,
          };
          if (outcome) return;
        }
      } finally {
        asked.over = true;
      }
    },
    async loss(_, thetas) {
      const size = thetas.length / Math.max(1, Math.round(thetas.length / 2));
      onLoss?.(thetas.length / size);
      return Float64Array.from({ length: thetas.length / size }, (_unused, i) =>
        squaredNorm(thetas.subarray(i * size, (i + 1) * size)),
      );
    },
    gradient: () => Promise.reject(new Error('not needed')),
    hessianVectorProduct: () => Promise.reject(new Error('not needed')),
    dispose() {},
  };
}
