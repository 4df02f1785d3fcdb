import { exp } from './functions';

/** The row losses of src/model/output-loss.ts, on outputs and targets [samples][width]. */
export enum RowLoss {
  squaredError,
  crossEntropy,
}

const PAIR: usize = 16;

/** Loss of all rows; writes d loss / d outputs into `out`. */
export function outputGradient(
  loss: RowLoss,
  outputs: usize,
  targets: usize,
  samples: i32,
  width: i32,
  scale: f64,
  out: usize,
): f64 {
  return loss == RowLoss.squaredError
    ? squaredErrorGradient(outputs, targets, samples * width, scale, out)
    : crossEntropyGradient(outputs, targets, samples, width, scale, out);
}

/** Writes the Hessian with respect to the outputs, times the rows of `direction`, into `out`. */
export function outputCurvature(
  loss: RowLoss,
  outputs: usize,
  targets: usize,
  samples: i32,
  width: i32,
  scale: f64,
  direction: usize,
  out: usize,
): void {
  if (loss == RowLoss.squaredError) {
    const factor = f64x2.splat(2 * scale);
    const end = <usize>(samples * width) * 8;
    for (let at: usize = 0; at < end; at += PAIR) {
      v128.store(out + at, f64x2.mul(factor, v128.load(direction + at)));
    }
    return;
  }
  const rowBytes = <usize>width * 8;
  for (let s = 0; s < samples; s++) {
    softmaxRow(outputs, width, out);
    const mass = rowSum(targets, width);
    let mean: f64 = 0;
    for (let o: usize = 0; o < rowBytes; o += 8) mean += f64.load(out + o) * f64.load(direction + o);
    for (let o: usize = 0; o < rowBytes; o += 8) {
      f64.store(out + o, scale * mass * f64.load(out + o) * (f64.load(direction + o) - mean));
    }
    outputs += rowBytes;
    targets += rowBytes;
    direction += rowBytes;
    out += rowBytes;
  }
}

function squaredErrorGradient(outputs: usize, targets: usize, count: i32, scale: f64, out: usize): f64 {
  const factor = f64x2.splat(2 * scale);
  let sum = f64x2.splat(0);
  const end = <usize>count * 8;
  for (let at: usize = 0; at < end; at += PAIR) {
    const difference = f64x2.sub(v128.load(outputs + at), v128.load(targets + at));
    sum = f64x2.add(sum, f64x2.mul(difference, difference));
    v128.store(out + at, f64x2.mul(factor, difference));
  }
  return scale * (f64x2.extract_lane(sum, 0) + f64x2.extract_lane(sum, 1));
}

/** By log-sum-exp about the largest logit, the other terms summed first, so that losses near zero keep their digits. */
function crossEntropyGradient(
  outputs: usize,
  targets: usize,
  samples: i32,
  width: i32,
  scale: f64,
  out: usize,
): f64 {
  const rowBytes = <usize>width * 8;
  let sum: f64 = 0;
  for (let s = 0; s < samples; s++) {
    const top = softmaxRow(outputs, width, out);
    const others = othersOf(outputs, top, width);
    const largest = f64.load(outputs + top);
    const logOfSum = Math.log1p(others);
    const mass = rowSum(targets, width);
    for (let o: usize = 0; o < rowBytes; o += 8) {
      const target = f64.load(targets + o);
      sum += target * (largest - f64.load(outputs + o) + logOfSum);
      f64.store(out + o, scale * (mass * f64.load(out + o) - target));
    }
    outputs += rowBytes;
    targets += rowBytes;
    out += rowBytes;
  }
  return scale * sum;
}

@inline
function expOf(x: f64): f64 {
  return f64x2.extract_lane(exp(f64x2.splat(x)), 0);
}

/** The sum of e^(y_o - y_top) over the other outputs. */
function othersOf(outputs: usize, top: usize, width: i32): f64 {
  const largest = f64.load(outputs + top);
  const rowBytes = <usize>width * 8;
  let others: f64 = 0;
  for (let o: usize = 0; o < rowBytes; o += 8) {
    if (o != top) others += expOf(f64.load(outputs + o) - largest);
  }
  return others;
}

/** Writes the softmax of a row; returns the offset of its largest logit. */
function softmaxRow(outputs: usize, width: i32, out: usize): usize {
  const rowBytes = <usize>width * 8;
  let top: usize = 0;
  for (let o: usize = 8; o < rowBytes; o += 8) {
    if (f64.load(outputs + o) > f64.load(outputs + top)) top = o;
  }
  const largest = f64.load(outputs + top);
  let sum: f64 = 0;
  for (let o: usize = 0; o < rowBytes; o += 8) {
    const weight = expOf(f64.load(outputs + o) - largest);
    f64.store(out + o, weight);
    sum += weight;
  }
  for (let o: usize = 0; o < rowBytes; o += 8) f64.store(out + o, f64.load(out + o) / sum);
  return top;
}

function rowSum(row: usize, width: i32): f64 {
  let sum: f64 = 0;
  for (let o = 0; o < width; o++) sum += f64.load(row + (<usize>o << 3));
  return sum;
}
