import { fillTanh, sigmoid } from './functions';

/** Fills an activation that has no kernel here, by the table of src/model/activation.ts. Pointers as in `activate`. */
@external('host', 'activate')
declare function hostActivate(z: usize, value: usize, derivative: usize, second: usize, count: i32): void;

/** Which kernel fills an activation; the host knows them by these names (see simd-loss.ts). */
export enum ActivationKernel {
  host,
  linear,
  relu,
  leakyRelu,
  tanh,
  sigmoid,
}

const PAIR: usize = 16;
const LEAKY_SLOPE: f64 = 0.01;

/**
 * Writes sigma, sigma' and, unless `second` is 0, sigma'' of `count` doubles at z. One loop per activation, so that it is
 * compiled for it. The derivatives come from the value, as in src/model/activation.ts.
 */
export function activate(
  kernel: ActivationKernel,
  z: usize,
  value: usize,
  derivative: usize,
  second: usize,
  count: i32,
): void {
  const end = z + <usize>count * 8;
  const toValue = value - z;
  const toDerivative = derivative - z;
  const toSecond = second - z;
  const zero = f64x2.splat(0);
  const one = f64x2.splat(1);
  switch (kernel) {
    case ActivationKernel.linear:
      for (let at = z; at < end; at += PAIR) {
        v128.store(at + toValue, v128.load(at));
        v128.store(at + toDerivative, one);
      }
      if (second) memory.fill(second, 0, <usize>count * 8);
      break;
    case ActivationKernel.relu:
      for (let at = z; at < end; at += PAIR) {
        const x = v128.load(at);
        v128.store(at + toValue, f64x2.pmax(x, zero));
        v128.store(at + toDerivative, v128.and(f64x2.gt(x, zero), one));
      }
      if (second) memory.fill(second, 0, <usize>count * 8);
      break;
    case ActivationKernel.leakyRelu:
      for (let at = z; at < end; at += PAIR) {
        const x = v128.load(at);
        const slope = v128.bitselect(one, f64x2.splat(LEAKY_SLOPE), f64x2.gt(x, zero));
        v128.store(at + toValue, f64x2.mul(slope, x));
        v128.store(at + toDerivative, slope);
      }
      if (second) memory.fill(second, 0, <usize>count * 8);
      break;
    case ActivationKernel.tanh:
      fillTanh(z, value, count + (count & 1));
      for (let at = z; at < end; at += PAIR) {
        const y = v128.load(at + toValue);
        const slope = f64x2.sub(one, f64x2.mul(y, y));
        v128.store(at + toDerivative, slope);
        if (second) v128.store(at + toSecond, f64x2.mul(f64x2.mul(f64x2.splat(-2), y), slope));
      }
      break;
    case ActivationKernel.sigmoid:
      for (let at = z; at < end; at += PAIR) {
        const y = sigmoid(v128.load(at));
        const slope = f64x2.mul(y, f64x2.sub(one, y));
        v128.store(at + toValue, y);
        v128.store(at + toDerivative, slope);
        if (second) v128.store(at + toSecond, f64x2.mul(slope, f64x2.sub(one, f64x2.add(y, y))));
      }
      break;
    default:
      hostActivate(z, value, derivative, second, count);
  }
}
