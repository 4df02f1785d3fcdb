import type { Loss } from './loss.ts';

/**
 * The pointwise part of a loss as kernels over all rows. Matrices are [samples][width], flat; `scale` is the loss's one
 * factor (loss.ts). A new row loss is one entry in `outputLosses`.
 */
export interface OutputLoss {
  /** The loss of all rows. */
  value(outputs: Float64Array, targets: Float64Array, width: number, scale: number): number;
  /** Writes d loss / d outputs into `out` and returns the loss. */
  gradient(
    outputs: Float64Array,
    targets: Float64Array,
    width: number,
    scale: number,
    out: Float64Array,
  ): number;
  /** Writes the Hessian with respect to the outputs, times the rows of `direction`, into `out`. */
  curvature(
    outputs: Float64Array,
    targets: Float64Array,
    width: number,
    scale: number,
    direction: Float64Array,
    out: Float64Array,
  ): void;
}

const squaredError: OutputLoss = {
  value(outputs, targets, _width, scale) {
    let sum = 0;
    for (let i = 0; i < outputs.length; i++) {
      const difference = outputs[i]! - targets[i]!;
      sum += difference * difference;
    }
    return scale * sum;
  },
  gradient(outputs, targets, _width, scale, out) {
    const factor = 2 * scale;
    let sum = 0;
    for (let i = 0; i < outputs.length; i++) {
      const difference = outputs[i]! - targets[i]!;
      sum += difference * difference;
      out[i] = factor * difference;
    }
    return scale * sum;
  },
  curvature(_outputs, _targets, _width, scale, direction, out) {
    const factor = 2 * scale;
    for (let i = 0; i < direction.length; i++) out[i] = factor * direction[i]!;
  },
};

/**
 * Cross-entropy by log-sum-exp about the largest logit, the other terms summed first, so that losses near zero keep their
 * digits. Target rows need not sum to one: with T = sum_o t_o the gradient of a row is T softmax(y) - t.
 */
const crossEntropy: OutputLoss = {
  value(outputs, targets, width, scale) {
    let sum = 0;
    for (let row = 0; row < outputs.length; row += width)
      sum += crossEntropyRow(outputs, targets, row, width);
    return scale * sum;
  },
  gradient(outputs, targets, width, scale, out) {
    let sum = 0;
    out.set(outputs);
    softmaxRows(out, width);
    for (let row = 0; row < outputs.length; row += width) {
      sum += crossEntropyRow(outputs, targets, row, width);
      const mass = rowSum(targets, row, width);
      for (let o = row; o < row + width; o++) out[o] = scale * (mass * out[o]! - targets[o]!);
    }
    return scale * sum;
  },
  curvature(outputs, targets, width, scale, direction, out) {
    out.set(outputs);
    softmaxRows(out, width);
    for (let row = 0; row < outputs.length; row += width) {
      const mass = rowSum(targets, row, width);
      let mean = 0;
      for (let o = row; o < row + width; o++) mean += out[o]! * direction[o]!;
      for (let o = row; o < row + width; o++) out[o] = scale * mass * out[o]! * (direction[o]! - mean);
    }
  },
};

/** The kernels of every row loss. */
export const outputLosses: Readonly<Record<Loss['rowLoss'], OutputLoss>> = {
  'squared-error': squaredError,
  'cross-entropy': crossEntropy,
};

/** Replaces every row of [rows][width] by its softmax. */
export function softmaxRows(rows: Float64Array, width: number): void {
  for (let row = 0; row < rows.length; row += width) {
    const largest = rows[indexOfLargest(rows, row, width)]!;
    let sum = 0;
    for (let o = row; o < row + width; o++) {
      const weight = Math.exp(rows[o]! - largest);
      rows[o] = weight;
      sum += weight;
    }
    for (let o = row; o < row + width; o++) rows[o]! /= sum;
  }
}

function crossEntropyRow(logits: Float64Array, targets: Float64Array, row: number, width: number): number {
  const top = indexOfLargest(logits, row, width);
  const largest = logits[top]!;
  let others = 0;
  for (let o = row; o < row + width; o++) if (o !== top) others += Math.exp(logits[o]! - largest);
  const logOfSum = Math.log1p(others);
  let sum = 0;
  for (let o = row; o < row + width; o++) sum += targets[o]! * (largest - logits[o]! + logOfSum);
  return sum;
}

function indexOfLargest(values: Float64Array, row: number, width: number): number {
  let top = row;
  for (let o = row + 1; o < row + width; o++) if (values[o]! > values[top]!) top = o;
  return top;
}

function rowSum(values: Float64Array, row: number, width: number): number {
  let sum = 0;
  for (let o = row; o < row + width; o++) sum += values[o]!;
  return sum;
}
