import type { Architecture } from './architecture.ts';

/** Multiply-adds that one hidden unit's activation costs for one sample, value and derivative: that of a vectorised tanh. */
const ACTIVATION_WORK = 10;

/** What a test function costs, in multiply-adds. */
const TEST_FUNCTION_WORK = 10;

/** Multiply-adds of one loss: every weight meets every sample once, and every hidden unit is activated. */
export function lossWork(architecture: Architecture, samples: number): number {
  if (architecture.kind === 'test-function') return TEST_FUNCTION_WORK;
  const { widths } = architecture;
  return samples * (weights(widths) + ACTIVATION_WORK * hiddenUnits(widths));
}

/**
 * Multiply-adds of one gradient: the forward pass, then backwards the product with the inputs of every layer and, for every
 * layer but the first, the product with its weights. Never less than the work that a machine has to do; a network on few
 * samples costs its overheads on top.
 */
export function gradientWork(architecture: Architecture, samples: number): number {
  if (architecture.kind === 'test-function') return 2 * TEST_FUNCTION_WORK;
  const { widths } = architecture;
  const first = widths[0]! * widths[1]!;
  return lossWork(architecture, samples) + samples * (2 * weights(widths) - first);
}

const weights = (widths: readonly number[]): number =>
  widths.slice(1).reduce((sum, width, i) => sum + width * widths[i]!, 0);

const hiddenUnits = (widths: readonly number[]): number =>
  widths.slice(1, -1).reduce((sum, width) => sum + width, 0);
