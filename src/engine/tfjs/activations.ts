import {
  add,
  atan,
  cosh,
  div,
  exp,
  expm1,
  leakyRelu,
  mul,
  relu,
  rsqrt,
  scalar,
  sigmoid,
  sign,
  sinh,
  sqrt,
  square,
  step,
  sub,
  sum,
  type Tensor,
  tanh,
} from '@tensorflow/tfjs-core';
import { type PointwiseName, pointwiseActivations } from '../../model/pointwise.ts';
import { type RadialName, RELU_SHIFT, SIGMOID_SHIFT } from '../../model/radial.ts';
import { type LayerActivationName, SHORTEST_VECTOR } from '../layered.ts';

/**
 * An activation in TF.js operations on hidden vectors [flows][samples][units]; TF.js can differentiate both functions once.
 * At a kink the derivative of the derivative counts as zero, as it does in the model.
 */
export interface TensorActivation {
  /** x = sigma(z). */
  value(z: Tensor): Tensor;
  /** J dz, given x = sigma(z). */
  pushForward(z: Tensor, x: Tensor, dz: Tensor): Tensor;
}

/** sigma(z), and sigma'(z) given y = sigma(z), which may be a scalar. */
const pointwise = (
  value: (z: Tensor) => Tensor,
  derivative: (z: Tensor, y: Tensor) => Tensor,
): TensorActivation => ({
  value,
  pushForward: (z, y, dz) => mul(derivative(z, y), dz),
});

const LEAKY_SLOPE = pointwiseActivations['leaky-relu'].derivative(-1);

const onePlus = (x: Tensor): Tensor => add(1, x);
/** With sign(0) = 0 as its derivative at 0. */
const absolute = (x: Tensor): Tensor => mul(x, sign(x));
/** With 1 as its derivative at 0. */
const negativePart = (x: Tensor): Tensor => sub(x, relu(x));
/** 1/sqrt(1 + x^2). */
const secant = (x: Tensor): Tensor => rsqrt(onePlus(square(x)));

const pointwiseTensors: Readonly<Record<PointwiseName, TensorActivation>> = {
  linear: pointwise(
    (x) => x,
    () => scalar(1),
  ),
  relu: pointwise(relu, (x) => step(x)),
  'leaky-relu': pointwise(
    (x) => leakyRelu(x, LEAKY_SLOPE),
    (x) => step(x, LEAKY_SLOPE),
  ),
  tanh: pointwise(tanh, (_x, y) => sub(1, square(y))),
  sigmoid: pointwise(sigmoid, (_x, y) => mul(y, sub(1, y))),
  arctan: pointwise(atan, (x) => div(1, onePlus(square(x)))),
  softsign: pointwise(
    (x) => div(x, onePlus(absolute(x))),
    (x) => div(1, square(onePlus(absolute(x)))),
  ),
  'inverse-square-root': pointwise(
    (x) => mul(x, secant(x)),
    (x) => mul(secant(x), square(secant(x))),
  ),
  elu: pointwise(
    (x) => add(relu(x), expm1(negativePart(x))),
    (x) => exp(negativePart(x)),
  ),
  sinh: pointwise(sinh, (x) => cosh(x)),
};

/** rho(z) = lambda(|z|) z with J = lambda I + slope z z^T, from model/radial.ts. */
function radial(lambda: (r: Tensor) => Tensor, slope: (r: Tensor) => Tensor): TensorActivation {
  /** lambda and slope per sample, 0 where there is no direction: there r is taken for 1. */
  const factors = (z: Tensor) => {
    const squares = dot(z, z);
    const present = step(sub(squares, SHORTEST_VECTOR ** 2));
    const r = sqrt(add(squares, sub(1, present)));
    return { lambda: mul(present, lambda(r)), slope: mul(present, slope(r)) };
  };
  return {
    value: (z) => mul(factors(z).lambda, z),
    pushForward(z, _x, dz) {
      const { lambda, slope } = factors(z);
      return add(mul(lambda, dz), mul(mul(slope, dot(z, dz)), z));
    },
  };
}

/** Per sample. */
const dot = (a: Tensor, b: Tensor): Tensor => sum(mul(a, b), -1, true);

const zero = (): Tensor => scalar(0);
const cube = (x: Tensor): Tensor => mul(x, square(x));
const shiftedSigmoid = (r: Tensor): Tensor => sigmoid(sub(r, SIGMOID_SHIFT));
const beyondShift = (r: Tensor): Tensor => step(sub(r, RELU_SHIFT));

const radialTensors: Readonly<Record<RadialName, TensorActivation>> = {
  'step-relu': radial((r) => sub(1, step(sub(1, r))), zero),
  squash: radial(
    (r) => div(r, onePlus(square(r))),
    (r) => div(sub(1, square(r)), mul(r, square(onePlus(square(r))))),
  ),
  'shifted-relu': radial(
    (r) => mul(beyondShift(r), sub(1, div(RELU_SHIFT, r))),
    (r) => mul(beyondShift(r), div(RELU_SHIFT, cube(r))),
  ),
  'shifted-sigmoid': radial(
    (r) => div(shiftedSigmoid(r), r),
    (r) => {
      const h = shiftedSigmoid(r);
      return div(sub(mul(h, sub(1, h)), div(h, r)), square(r));
    },
  ),
  'radial-square': radial(
    (r) => r,
    (r) => div(1, r),
  ),
};

/** Every activation that goes layer by layer. */
export const tensorActivations: Readonly<Record<LayerActivationName, TensorActivation>> = {
  ...pointwiseTensors,
  ...radialTensors,
};
