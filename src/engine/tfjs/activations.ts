import {
  leakyRelu,
  mul,
  relu,
  scalar,
  sigmoid,
  square,
  step,
  sub,
  type Tensor,
  tanh,
} from '@tensorflow/tfjs-core';
import { type ActivationName, activation } from '../../model/activation.ts';

/** An activation in TF.js operations, entry by entry; TF.js can differentiate both functions once. */
export interface TensorActivation {
  /** sigma(x). */
  value(x: Tensor): Tensor;
  /** sigma'(x), given y = sigma(x); may be a scalar. */
  derivative(x: Tensor, y: Tensor): Tensor;
}

const LEAKY_SLOPE = activation('leaky-relu').derivative(-1);

/** Every activation of model/activation.ts. At a kink the derivative of the derivative counts as zero, as it does there. */
export const tensorActivations: Readonly<Record<ActivationName, TensorActivation>> = {
  linear: { value: (x) => x, derivative: () => scalar(1) },
  relu: { value: relu, derivative: (x) => step(x) },
  'leaky-relu': { value: (x) => leakyRelu(x, LEAKY_SLOPE), derivative: (x) => step(x, LEAKY_SLOPE) },
  tanh: { value: tanh, derivative: (_x, y) => sub(1, square(y)) },
  sigmoid: { value: sigmoid, derivative: (_x, y) => mul(y, sub(1, y)) },
};
